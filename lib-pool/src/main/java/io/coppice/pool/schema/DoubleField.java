package io.coppice.pool.schema;

import io.coppice.pool.Memory;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A handle on a 64-bit floating-point number of a record. A store into a buffer that writes through
 * the journal is journaled; one into a {@link Memory} is not. Nothing allocates.
 *
 * @param name of the field
 * @param offset from the start of the record in bytes, a multiple of 8
 */
public record DoubleField(String name, int offset) implements RecordField {
    @Override
    public int bytes() {
        return Double.BYTES;
    }

    @Override
    public FieldType type() {
        return FieldType.DOUBLE;
    }

    /** Reads the field of the record that begins at {@code index} of a buffer. */
    public double get(final DirectBuffer buffer, final int index) {
        return buffer.getDouble(index + offset);
    }

    /** Reads the field of the record that begins at {@code record} of a mapped range. */
    public double get(final Memory memory, final long record) {
        return Double.longBitsToDouble(memory.getLong(record + offset));
    }

    /** Stores the field of the record that begins at {@code index} of a buffer. */
    public void put(final MutableDirectBuffer buffer, final int index, final double value) {
        buffer.putDouble(index + offset, value);
    }

    /** Stores the field of the record that begins at {@code record} of a mapped range. */
    public void put(final Memory memory, final long record, final double value) {
        memory.putLong(record + offset, Double.doubleToRawLongBits(value));
    }
}
