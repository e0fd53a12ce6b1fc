package io.coppice.pool.schema;

import io.coppice.pool.Memory;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A handle on a signed 32-bit integer of a record. A store into a buffer that writes through the
 * journal is journaled; one into a {@link Memory} is not. Nothing allocates.
 *
 * @param name of the field
 * @param offset from the start of the record in bytes, a multiple of 4
 */
public record IntField(String name, int offset) implements RecordField {
    @Override
    public int bytes() {
        return Integer.BYTES;
    }

    @Override
    public FieldType type() {
        return FieldType.INT;
    }

    /** Reads the field of the record that begins at {@code index} of a buffer. */
    public int get(final DirectBuffer buffer, final int index) {
        return buffer.getInt(index + offset);
    }

    /** Reads the field of the record that begins at {@code record} of a mapped range. */
    public int get(final Memory memory, final long record) {
        return memory.getInt(record + offset);
    }

    /** Stores the field of the record that begins at {@code index} of a buffer. */
    public void put(final MutableDirectBuffer buffer, final int index, final int value) {
        buffer.putInt(index + offset, value);
    }

    /** Stores the field of the record that begins at {@code record} of a mapped range. */
    public void put(final Memory memory, final long record, final int value) {
        memory.putInt(record + offset, value);
    }
}
