package io.coppice.pool;

import java.lang.foreign.MemorySegment;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A mapped range, addressed by 64-bit offsets from its start. Every store of every process into
 * shared memory goes through this class, so that {@link Cuts} can count it; but for the room of a
 * transaction's reply, which nobody reads before a word stored here says so.
 *
 * <p>Offsets are checked on every access. Numbers are in native order, which is little-endian on
 * all platforms Coppice runs on. Words that more than one process touches must be naturally
 * aligned. Safe from any thread as far as the words are.
 */
public final class Memory {
    private final long address;
    private final long bytes;
    private final boolean writable;

    /** One more than the last offset of a word that may be read, and of one that may be stored. */
    private final long wordReads;

    private final long wordStores;

    private Memory(final long address, final long bytes, final boolean writable) {
        this.address = address;
        this.bytes = bytes;
        this.writable = writable;
        this.wordReads = Math.max(0, bytes - (Long.BYTES - 1));
        this.wordStores = writable ? wordReads : 0;
    }

    /**
     * Wraps a native segment whose mapping is never undone, so that nobody can touch unmapped
     * memory.
     *
     * @throws IllegalArgumentException where the segment is on the heap
     */
    public static Memory of(final MemorySegment segment) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException("shared memory must be native");
        }
        return new Memory(segment.address(), segment.byteSize(), !segment.isReadOnly());
    }

    /** Returns the address of the first byte in this process. */
    public long address() {
        return address;
    }

    /** Returns how many bytes there are. */
    public long bytes() {
        return bytes;
    }

    /** Returns a part of this range. */
    public Memory slice(final long offset, final long length) {
        check(offset, length);
        return new Memory(address + offset, length, writable);
    }

    /** Returns a buffer that reads this range; it must be shorter than 2 GiB. */
    public DirectBuffer reader(final long offset, final int length) {
        check(offset, length);
        return new UnsafeBuffer(address + offset, length);
    }

    /** Reads a word. */
    public long getLong(final long offset) {
        checkWord(offset);
        return UnsafeApi.getLong(null, address + offset);
    }

    /** Reads a word that pairs with {@link #putLongRelease}. */
    public long getLongAcquire(final long offset) {
        checkWord(offset);
        return UnsafeApi.getLongAcquire(null, address + offset);
    }

    /** Reads a word in one order that all volatile accesses agree on. */
    public long getLongVolatile(final long offset) {
        checkWord(offset);
        return UnsafeApi.getLongVolatile(null, address + offset);
    }

    /** Reads 32 bits. */
    public int getInt(final long offset) {
        check(offset, Integer.BYTES);
        return UnsafeApi.getInt(null, address + offset);
    }

    /** Reads 32 bits in one order that all volatile accesses agree on. */
    public int getIntVolatile(final long offset) {
        check(offset, Integer.BYTES);
        return UnsafeApi.getIntVolatile(null, address + offset);
    }

    /** Reads 16 bits. */
    public short getShort(final long offset) {
        check(offset, Short.BYTES);
        return UnsafeApi.getShort(null, address + offset);
    }

    /** Reads a byte. */
    public byte getByte(final long offset) {
        check(offset, 1);
        return UnsafeApi.getByte(null, address + offset);
    }

    /** Copies bytes out into an array. */
    public void getBytes(final long offset, final byte[] to, final int toIndex, final int length) {
        check(offset, length);
        java.util.Objects.checkFromIndexSize(toIndex, length, to.length);
        UnsafeApi.copyMemory(
                null,
                address + offset,
                to,
                UnsafeApi.arrayBaseOffset(byte[].class) + toIndex,
                length);
    }

    /** Stores a word. */
    public void putLong(final long offset, final long value) {
        checkWordStore(offset);
        if (!Cuts.ENABLED || Cuts.allow()) {
            UnsafeApi.putLong(null, address + offset, value);
        }
    }

    /** Stores a word whose place the caller has checked, in memory that is writable. */
    void putLongUnchecked(final long offset, final long value) {
        if (!Cuts.ENABLED || Cuts.allow()) {
            UnsafeApi.putLong(null, address + offset, value);
        }
    }

    /** Does this as {@link #putLongRelease} does. */
    void putLongReleaseUnchecked(final long offset, final long value) {
        if (!Cuts.ENABLED || Cuts.allow()) {
            UnsafeApi.putLongRelease(null, address + offset, value);
        }
    }

    /** Stores a word after everything stored before it. */
    public void putLongRelease(final long offset, final long value) {
        checkWordStore(offset);
        if (!Cuts.ENABLED || Cuts.allow()) {
            UnsafeApi.putLongRelease(null, address + offset, value);
        }
    }

    /** Stores a word in one order that all volatile accesses agree on. */
    public void putLongVolatile(final long offset, final long value) {
        checkWordStore(offset);
        if (!Cuts.ENABLED || Cuts.allow()) {
            UnsafeApi.putLongVolatile(null, address + offset, value);
        }
    }

    /**
     * Stores a word atomically where it holds {@code expected}, in one order that all volatile
     * accesses agree on.
     *
     * @return whether it did
     */
    public boolean compareAndSetLong(final long offset, final long expected, final long value) {
        checkWordStore(offset);
        return (!Cuts.ENABLED || Cuts.allow())
                && UnsafeApi.compareAndSetLong(null, address + offset, expected, value);
    }

    /**
     * Stores 32 bits atomically where they hold {@code expected}, in one order that all volatile
     * accesses agree on.
     *
     * @return whether it did
     */
    public boolean compareAndSetInt(final long offset, final int expected, final int value) {
        checkStore(offset, Integer.BYTES);
        return (!Cuts.ENABLED || Cuts.allow())
                && UnsafeApi.compareAndSetInt(null, address + offset, expected, value);
    }

    /** Adds to a word atomically; returns what it held before. */
    public long getAndAddLong(final long offset, final long delta) {
        checkWordStore(offset);
        return !Cuts.ENABLED || Cuts.allow()
                ? UnsafeApi.getAndAddLong(null, address + offset, delta)
                : getLongVolatile(offset);
    }

    /** Stores 32 bits. */
    public void putInt(final long offset, final int value) {
        checkStore(offset, Integer.BYTES);
        if (!Cuts.ENABLED || Cuts.allow()) {
            UnsafeApi.putInt(null, address + offset, value);
        }
    }

    /** Stores 32 bits in one order that all volatile accesses agree on. */
    public void putIntVolatile(final long offset, final int value) {
        checkStore(offset, Integer.BYTES);
        if (!Cuts.ENABLED || Cuts.allow()) {
            UnsafeApi.putIntVolatile(null, address + offset, value);
        }
    }

    /** Adds to 32 bits atomically. */
    public void addInt(final long offset, final int delta) {
        checkStore(offset, Integer.BYTES);
        if (!Cuts.ENABLED || Cuts.allow()) {
            UnsafeApi.getAndAddInt(null, address + offset, delta);
        }
    }

    /** Stores 16 bits. */
    public void putShort(final long offset, final short value) {
        checkStore(offset, Short.BYTES);
        if (!Cuts.ENABLED || Cuts.allow()) {
            UnsafeApi.putShort(null, address + offset, value);
        }
    }

    /** Stores a byte. */
    public void putByte(final long offset, final byte value) {
        checkStore(offset, 1);
        if (!Cuts.ENABLED || Cuts.allow()) {
            UnsafeApi.putByte(null, address + offset, value);
        }
    }

    /** Copies bytes in from an array. */
    public void putBytes(
            final long offset, final byte[] from, final int fromIndex, final int length) {
        java.util.Objects.checkFromIndexSize(fromIndex, length, from.length);
        copyIn(offset, from, UnsafeApi.arrayBaseOffset(byte[].class) + fromIndex, length);
    }

    /** Copies bytes in from a buffer on or off the heap. */
    public void putBytes(
            final long offset, final DirectBuffer from, final int fromIndex, final int length) {
        from.boundsCheck(fromIndex, length);
        copyIn(offset, from.byteArray(), from.addressOffset() + fromIndex, length);
    }

    /** Copies bytes in from another mapped range, which may overlap this one. */
    public void putBytes(
            final long offset, final Memory from, final long fromOffset, final long length) {
        from.check(fromOffset, length);
        copyIn(offset, null, from.address + fromOffset, length);
    }

    /** Sets bytes to one value. */
    public void fill(final long offset, final long length, final byte value) {
        checkStore(offset, length);
        if (Cuts.ENABLED) {
            for (long i = 0; i < length; i++) {
                putByte(offset + i, value);
            }
        } else {
            UnsafeApi.setMemory(address + offset, length, value);
        }
    }

    private void copyIn(
            final long offset, final Object base, final long source, final long length) {
        checkStore(offset, length);
        if (Cuts.ENABLED) {
            copyInPieces(offset, base, source, length);
        } else {
            UnsafeApi.copyMemory(base, source, null, address + offset, length);
        }
    }

    /**
     * A death can hit a copy anywhere, so under test every piece of it is a store of its own. Where
     * source and target overlap, the pieces are taken from the end that is not overwritten first.
     */
    private void copyInPieces(
            final long offset, final Object base, final long source, final long length) {
        final long target = address + offset;
        final boolean fromEnd = base == null && source < target;
        for (long done = 0; done < length; done += Long.BYTES) {
            final long piece = Math.min(Long.BYTES, length - done);
            final long at = fromEnd ? length - done - piece : done;
            if (Cuts.allow()) {
                UnsafeApi.copyMemory(base, source + at, null, target + at, piece);
            }
        }
    }

    /** One comparison without signs does for both ends; words are what everything is made of. */
    private void checkWord(final long offset) {
        if (Long.compareUnsigned(offset, wordReads) >= 0) {
            throw outside(offset, Long.BYTES);
        }
    }

    private void checkWordStore(final long offset) {
        if (Long.compareUnsigned(offset, wordStores) >= 0) {
            checkStore(offset, Long.BYTES);
        }
    }

    private void check(final long offset, final long length) {
        if ((offset | length) < 0 || offset > bytes - length) {
            throw outside(offset, length);
        }
    }

    private void checkStore(final long offset, final long length) {
        check(offset, length);
        if (!writable) {
            throw new UnsupportedOperationException(
                    "offset " + offset + " is mapped read-only: only its owner may write it");
        }
    }

    private IndexOutOfBoundsException outside(final long offset, final long length) {
        return new IndexOutOfBoundsException(
                "offset " + offset + ", length " + length + " of " + bytes + " bytes");
    }
}
