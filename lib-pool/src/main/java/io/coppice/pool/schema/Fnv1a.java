package io.coppice.pool.schema;

/**
 * The 64-bit FNV-1a hash of Fowler, Noll and Vo (http://www.isthe.com/chongo/tech/comp/fnv/): the
 * same in every process and simple enough for a C program that reads an arena. It finds what
 * changed by accident and withstands nobody who means harm.
 */
final class Fnv1a {
    /** The hash of nothing. */
    static final long BASIS = 0xcbf29ce484222325L;

    private static final long PRIME = 0x100000001b3L;
    private static final int BYTE_MASK = 0xff;

    private Fnv1a() {}

    /** Goes on from a hash with some bytes. */
    static long add(final long hash, final byte[] bytes, final int from, final int length) {
        long result = hash;
        for (int i = from; i < from + length; i++) {
            result = (result ^ bytes[i] & BYTE_MASK) * PRIME;
        }
        return result;
    }

    /** Goes on from a hash with the eight bytes of a word, the lowest first. */
    static long add(final long hash, final long word) {
        long result = hash;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            result = (result ^ word >>> shift & BYTE_MASK) * PRIME;
        }
        return result;
    }
}
