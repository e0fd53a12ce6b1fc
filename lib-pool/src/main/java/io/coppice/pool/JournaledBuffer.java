package io.coppice.pool;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.agrona.AsciiEncoding;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A region of an arena that is undone when its transaction does not come to a commit: every
 * flyweight or codec that writes to an Agrona buffer is journaled here without knowing it.
 *
 * <p>Each store first checks its bounds, then saves exactly the bytes it is about to change, then
 * changes them. Text and numbers are encoded beforehand, so that each is one range. Where anything
 * is refused (bounds, a full journal, no transaction under way) nothing has been changed. What is
 * stored and returned is what {@link UnsafeBuffer} stores and returns, with two differences: a
 * negative number given to one of the "natural" encoders, and a number too wide for its padding,
 * are refused before anything is stored.
 *
 * <p>A buffer that others make of this one (as {@code new UnsafeBuffer(journaled)} does) shares its
 * address: it may be read, but what is written through it is not journaled.
 *
 * <p>Stores throw {@link IndexOutOfBoundsException} outside the region, {@link
 * IllegalStateException} outside a transaction and {@link JournalFullException} where the journal
 * has no room. A store of no bytes does nothing. For the thread of the journal; reads are as safe
 * as those of any plain memory.
 */
public final class JournaledBuffer extends ReadableRegion {
    private static final String NULL_TEXT = "null";
    private static final byte[] NOTHING = {};

    private final Journal journal;
    private final Memory arena;
    private final long offset;
    private final TextScratch scratch;

    /** A reusable view of the ByteBuffer that a store reads from. */
    private final UnsafeBuffer source = new UnsafeBuffer(NOTHING);

    /**
     * Makes a buffer over a region; nothing is stored.
     *
     * @param journal that takes the old bytes; it must have been made for the same arena
     * @param arena that the region lies in
     * @param offset of the region in the arena, in bytes
     * @param capacityBytes of the region, from 0
     * @throws IndexOutOfBoundsException where the region does not lie in the arena
     */
    public JournaledBuffer(
            final Journal journal, final Memory arena, final long offset, final int capacityBytes) {
        super(arena.reader(offset, capacityBytes));
        this.journal = Objects.requireNonNull(journal, "journal");
        journal.requireArena("buffer at offset " + offset, arena);
        this.arena = arena;
        this.offset = offset;
        this.scratch = new TextScratch(capacityBytes);
    }

    /** Returns where the region begins in its arena, in bytes. */
    public long offset() {
        return offset;
    }

    @Override
    public void setMemory(final int index, final int length, final byte value) {
        boundsCheck(index, length);
        if (length > 0) {
            arena.fill(save(index, length), length, value);
        }
    }

    @Override
    public void putLong(final int index, final long value, final ByteOrder byteOrder) {
        putLong(index, isNative(byteOrder) ? value : Long.reverseBytes(value));
    }

    @Override
    public void putLong(final int index, final long value) {
        arena.putLong(save(index, Long.BYTES), value);
    }

    @Override
    public void putInt(final int index, final int value, final ByteOrder byteOrder) {
        putInt(index, isNative(byteOrder) ? value : Integer.reverseBytes(value));
    }

    @Override
    public void putInt(final int index, final int value) {
        arena.putInt(save(index, Integer.BYTES), value);
    }

    @Override
    public void putDouble(final int index, final double value, final ByteOrder byteOrder) {
        putLong(index, Double.doubleToRawLongBits(value), byteOrder);
    }

    @Override
    public void putDouble(final int index, final double value) {
        putLong(index, Double.doubleToRawLongBits(value));
    }

    @Override
    public void putFloat(final int index, final float value, final ByteOrder byteOrder) {
        putInt(index, Float.floatToRawIntBits(value), byteOrder);
    }

    @Override
    public void putFloat(final int index, final float value) {
        putInt(index, Float.floatToRawIntBits(value));
    }

    @Override
    public void putShort(final int index, final short value, final ByteOrder byteOrder) {
        putShort(index, isNative(byteOrder) ? value : Short.reverseBytes(value));
    }

    @Override
    public void putShort(final int index, final short value) {
        arena.putShort(save(index, Short.BYTES), value);
    }

    @Override
    public void putChar(final int index, final char value, final ByteOrder byteOrder) {
        putShort(index, (short) value, byteOrder);
    }

    @Override
    public void putChar(final int index, final char value) {
        putShort(index, (short) value);
    }

    @Override
    public void putByte(final int index, final byte value) {
        arena.putByte(save(index, Byte.BYTES), value);
    }

    @Override
    public void putBytes(final int index, final byte[] from) {
        putBytes(index, from, 0, from.length);
    }

    @Override
    public void putBytes(
            final int index, final byte[] from, final int fromIndex, final int length) {
        boundsCheck(index, length);
        Objects.checkFromIndexSize(fromIndex, length, from.length);
        if (length > 0) {
            arena.putBytes(save(index, length), from, fromIndex, length);
        }
    }

    @Override
    public void putBytes(final int index, final ByteBuffer from, final int length) {
        final int position = from.position();
        putBytes(index, from, position, length);
        from.position(position + length);
    }

    @Override
    public void putBytes(
            final int index, final ByteBuffer from, final int fromIndex, final int length) {
        boundsCheck(index, length);
        Objects.checkFromIndexSize(fromIndex, length, from.capacity());
        if (length > 0) {
            source.wrap(from, fromIndex, length);
            arena.putBytes(save(index, length), source, 0, length);
            // The caller's buffer must not be kept from the garbage collector.
            source.wrap(NOTHING);
        }
    }

    @Override
    public void putBytes(
            final int index, final DirectBuffer from, final int fromIndex, final int length) {
        boundsCheck(index, length);
        from.boundsCheck(fromIndex, length);
        if (length > 0) {
            arena.putBytes(save(index, length), from, fromIndex, length);
        }
    }

    @Override
    public int putIntAscii(final int index, final int value) {
        return putScratch(index, scratch.buffer().putIntAscii(0, value));
    }

    @Override
    public int putLongAscii(final int index, final long value) {
        return putScratch(index, scratch.buffer().putLongAscii(0, value));
    }

    @Override
    public int putNaturalIntAscii(final int index, final int value) {
        requireNatural(value);
        return putScratch(index, scratch.buffer().putNaturalIntAscii(0, value));
    }

    @Override
    public int putNaturalLongAscii(final int index, final long value) {
        requireNatural(value);
        return putScratch(index, scratch.buffer().putNaturalLongAscii(0, value));
    }

    @Override
    public void putNaturalPaddedIntAscii(final int index, final int length, final int value) {
        requireNatural(value);
        boundsCheck(index, length);
        scratch.atLeast(length).putNaturalPaddedIntAscii(0, length, value);
        putScratch(index, length);
    }

    @Override
    public int putNaturalIntAsciiFromEnd(final int value, final int endExclusive) {
        requireNatural(value);
        final int digits = AsciiEncoding.digitCount(value);
        final int index = endExclusive - digits;
        boundsCheck(index, digits);
        if (value == 0) {
            // Agrona's encoder stores no digit for a zero, and its answer is kept.
            return endExclusive;
        }
        scratch.buffer().putNaturalIntAsciiFromEnd(value, digits);
        putScratch(index, digits);
        return index;
    }

    @Override
    public int putStringAscii(final int index, final String value) {
        return putSizedAscii(index, value, ByteOrder.nativeOrder());
    }

    @Override
    public int putStringAscii(final int index, final CharSequence value) {
        return putSizedAscii(index, value, ByteOrder.nativeOrder());
    }

    @Override
    public int putStringAscii(final int index, final String value, final ByteOrder byteOrder) {
        return putSizedAscii(index, value, byteOrder);
    }

    @Override
    public int putStringAscii(
            final int index, final CharSequence value, final ByteOrder byteOrder) {
        return putSizedAscii(index, value, byteOrder);
    }

    @Override
    public int putStringWithoutLengthAscii(final int index, final String value) {
        return value == null ? 0 : putAscii(index, value, 0, value.length());
    }

    @Override
    public int putStringWithoutLengthAscii(final int index, final CharSequence value) {
        return value == null ? 0 : putAscii(index, value, 0, value.length());
    }

    @Override
    public int putStringWithoutLengthAscii(
            final int index, final String value, final int valueOffset, final int length) {
        return value == null ? 0 : putAscii(index, value, valueOffset, length);
    }

    @Override
    public int putStringWithoutLengthAscii(
            final int index, final CharSequence value, final int valueOffset, final int length) {
        return value == null ? 0 : putAscii(index, value, valueOffset, length);
    }

    @Override
    public int putStringUtf8(final int index, final String value) {
        return putStringUtf8(index, value, ByteOrder.nativeOrder(), Integer.MAX_VALUE);
    }

    @Override
    public int putStringUtf8(final int index, final String value, final ByteOrder byteOrder) {
        return putStringUtf8(index, value, byteOrder, Integer.MAX_VALUE);
    }

    @Override
    public int putStringUtf8(final int index, final String value, final int maxEncodedBytes) {
        return putStringUtf8(index, value, ByteOrder.nativeOrder(), maxEncodedBytes);
    }

    @Override
    public int putStringUtf8(
            final int index,
            final String value,
            final ByteOrder byteOrder,
            final int maxEncodedBytes) {
        final String text = value == null ? NULL_TEXT : value;
        final long bytes = TextScratch.utf8Bytes(text);
        if (bytes > maxEncodedBytes) {
            throw new IllegalArgumentException(
                    "text of "
                            + bytes
                            + " bytes is longer than the "
                            + maxEncodedBytes
                            + " allowed");
        }
        final int length = checkedLength(index, STR_HEADER_LEN + bytes);
        final UnsafeBuffer encoded = scratch.atLeast(length);
        encoded.putInt(0, (int) bytes, byteOrder);
        TextScratch.encodeUtf8(text, encoded, STR_HEADER_LEN);
        return putScratch(index, length);
    }

    @Override
    public int putStringWithoutLengthUtf8(final int index, final String value) {
        final String text = value == null ? NULL_TEXT : value;
        final int length = checkedLength(index, TextScratch.utf8Bytes(text));
        TextScratch.encodeUtf8(text, scratch.atLeast(length), 0);
        return putScratch(index, length);
    }

    @Override
    public String toString() {
        return "JournaledBuffer{offset=" + offset + ", capacity=" + capacity() + '}';
    }

    private int putSizedAscii(
            final int index, final CharSequence value, final ByteOrder byteOrder) {
        if (value == null) {
            putInt(index, 0);
            return STR_HEADER_LEN;
        }
        final int length = checkedLength(index, (long) STR_HEADER_LEN + value.length());
        return putScratch(index, scratch.atLeast(length).putStringAscii(0, value, byteOrder));
    }

    private int putAscii(
            final int index, final CharSequence value, final int valueOffset, final int most) {
        final int length = Math.min(value.length() - valueOffset, most);
        boundsCheck(index, length);
        final UnsafeBuffer encoded = scratch.atLeast(length);
        return putScratch(
                index, encoded.putStringWithoutLengthAscii(0, value, valueOffset, length));
    }

    /**
     * Stores what the scratch begins with; the bounds are checked on the length that was really
     * encoded.
     */
    private int putScratch(final int index, final int length) {
        boundsCheck(index, length);
        if (length > 0) {
            arena.putBytes(save(index, length), scratch.buffer(), 0, length);
        }
        return length;
    }

    /**
     * Saves a range and returns its offset in the arena; where it throws, nothing may be stored.
     */
    private long save(final int index, final int length) {
        boundsCheck(index, length);
        final long at = offset + index;
        journal.save(at, length);
        return at;
    }

    private int checkedLength(final int index, final long length) {
        final int capped = (int) Math.min(length, Integer.MAX_VALUE);
        boundsCheck(index, capped);
        return capped;
    }

    private static boolean isNative(final ByteOrder byteOrder) {
        return byteOrder == ByteOrder.nativeOrder();
    }

    private static void requireNatural(final long value) {
        if (value < 0) {
            throw new NumberFormatException(value + " is negative: natural numbers begin at 0");
        }
    }
}
