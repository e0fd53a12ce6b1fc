package io.coppice.pool;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The reading half of a buffer over a fixed region of mapped memory. Reads go straight to the
 * memory and cost what they cost in Agrona's own buffer; all stores are left to the subclass.
 */
abstract class ReadableRegion implements MutableDirectBuffer {
    private final DirectBuffer region;

    ReadableRegion(final DirectBuffer region) {
        this.region = region;
    }

    /** Compares as Agrona's buffers do: equal to a buffer of the same class with the same bytes. */
    @Override
    @SuppressWarnings(
            "EqualsGetClass") // What a store does differs between the classes, so they are not
    // alike.
    public final boolean equals(final Object other) {
        return other == this
                || other != null
                        && getClass() == other.getClass()
                        && region.equals(((ReadableRegion) other).region);
    }

    @Override
    public final int hashCode() {
        return region.hashCode();
    }

    @Override
    public final int compareTo(final DirectBuffer that) {
        return region.compareTo(that);
    }

    /** Returns null: there is no array under shared memory. */
    @Override
    public final byte[] byteArray() {
        return null;
    }

    /** Returns null: there is no {@link ByteBuffer} under shared memory. */
    @Override
    public final ByteBuffer byteBuffer() {
        return null;
    }

    /** Returns 0: there is nothing that this region could be adjusted in. */
    @Override
    public final int wrapAdjustment() {
        return 0;
    }

    /** Returns false: an arena never grows. */
    @Override
    public final boolean isExpandable() {
        return false;
    }

    @Override
    public final long getLong(final int index, final ByteOrder byteOrder) {
        return region.getLong(index, byteOrder);
    }

    @Override
    public final long getLong(final int index) {
        return region.getLong(index);
    }

    @Override
    public final int getInt(final int index, final ByteOrder byteOrder) {
        return region.getInt(index, byteOrder);
    }

    @Override
    public final int getInt(final int index) {
        return region.getInt(index);
    }

    @Override
    public final int parseNaturalIntAscii(final int index, final int length) {
        return region.parseNaturalIntAscii(index, length);
    }

    @Override
    public final long parseNaturalLongAscii(final int index, final int length) {
        return region.parseNaturalLongAscii(index, length);
    }

    @Override
    public final int parseIntAscii(final int index, final int length) {
        return region.parseIntAscii(index, length);
    }

    @Override
    public final long parseLongAscii(final int index, final int length) {
        return region.parseLongAscii(index, length);
    }

    @Override
    public final double getDouble(final int index, final ByteOrder byteOrder) {
        return region.getDouble(index, byteOrder);
    }

    @Override
    public final double getDouble(final int index) {
        return region.getDouble(index);
    }

    @Override
    public final float getFloat(final int index, final ByteOrder byteOrder) {
        return region.getFloat(index, byteOrder);
    }

    @Override
    public final float getFloat(final int index) {
        return region.getFloat(index);
    }

    @Override
    public final short getShort(final int index, final ByteOrder byteOrder) {
        return region.getShort(index, byteOrder);
    }

    @Override
    public final short getShort(final int index) {
        return region.getShort(index);
    }

    @Override
    public final char getChar(final int index, final ByteOrder byteOrder) {
        return region.getChar(index, byteOrder);
    }

    @Override
    public final char getChar(final int index) {
        return region.getChar(index);
    }

    @Override
    public final byte getByte(final int index) {
        return region.getByte(index);
    }

    @Override
    public final void getBytes(final int index, final byte[] to) {
        region.getBytes(index, to);
    }

    @Override
    public final void getBytes(
            final int index, final byte[] to, final int toIndex, final int length) {
        region.getBytes(index, to, toIndex, length);
    }

    @Override
    public final void getBytes(
            final int index, final MutableDirectBuffer to, final int toIndex, final int length) {
        region.getBytes(index, to, toIndex, length);
    }

    @Override
    public final void getBytes(final int index, final ByteBuffer to, final int length) {
        region.getBytes(index, to, length);
    }

    @Override
    public final void getBytes(
            final int index, final ByteBuffer to, final int toIndex, final int length) {
        region.getBytes(index, to, toIndex, length);
    }

    @Override
    public final String getStringAscii(final int index) {
        return region.getStringAscii(index);
    }

    @Override
    public final int getStringAscii(final int index, final Appendable to) {
        return region.getStringAscii(index, to);
    }

    @Override
    public final String getStringAscii(final int index, final ByteOrder byteOrder) {
        return region.getStringAscii(index, byteOrder);
    }

    @Override
    public final int getStringAscii(
            final int index, final Appendable to, final ByteOrder byteOrder) {
        return region.getStringAscii(index, to, byteOrder);
    }

    @Override
    public final String getStringAscii(final int index, final int length) {
        return region.getStringAscii(index, length);
    }

    @Override
    public final int getStringAscii(final int index, final int length, final Appendable to) {
        return region.getStringAscii(index, length, to);
    }

    @Override
    public final String getStringWithoutLengthAscii(final int index, final int length) {
        return region.getStringWithoutLengthAscii(index, length);
    }

    @Override
    public final int getStringWithoutLengthAscii(
            final int index, final int length, final Appendable to) {
        return region.getStringWithoutLengthAscii(index, length, to);
    }

    @Override
    public final String getStringUtf8(final int index) {
        return region.getStringUtf8(index);
    }

    @Override
    public final String getStringUtf8(final int index, final ByteOrder byteOrder) {
        return region.getStringUtf8(index, byteOrder);
    }

    @Override
    public final String getStringUtf8(final int index, final int length) {
        return region.getStringUtf8(index, length);
    }

    @Override
    public final String getStringWithoutLengthUtf8(final int index, final int length) {
        return region.getStringWithoutLengthUtf8(index, length);
    }

    @Override
    public final void boundsCheck(final int index, final int length) {
        region.boundsCheck(index, length);
    }

    @Override
    public final void checkLimit(final int limit) {
        region.checkLimit(limit);
    }

    @Override
    public final int capacity() {
        return region.capacity();
    }

    @Override
    public final long addressOffset() {
        return region.addressOffset();
    }

    /** Refused: see {@link #fixed}. */
    @Override
    public final void wrap(final byte[] buffer) {
        throw fixed();
    }

    /** Refused: see {@link #fixed}. */
    @Override
    public final void wrap(final byte[] buffer, final int index, final int length) {
        throw fixed();
    }

    /** Refused: see {@link #fixed}. */
    @Override
    public final void wrap(final ByteBuffer buffer) {
        throw fixed();
    }

    /** Refused: see {@link #fixed}. */
    @Override
    public final void wrap(final ByteBuffer buffer, final int index, final int length) {
        throw fixed();
    }

    /** Refused: see {@link #fixed}. */
    @Override
    public final void wrap(final DirectBuffer buffer) {
        throw fixed();
    }

    /** Refused: see {@link #fixed}. */
    @Override
    public final void wrap(final DirectBuffer buffer, final int index, final int length) {
        throw fixed();
    }

    /** Refused: see {@link #fixed}. */
    @Override
    public final void wrap(final long address, final int length) {
        throw fixed();
    }

    /**
     * A region stands for one place of an arena for ever; anything else would escape the journal.
     */
    private static UnsupportedOperationException fixed() {
        return new UnsupportedOperationException(
                "a region of an arena cannot wrap other memory: make an UnsafeBuffer for that");
    }
}
