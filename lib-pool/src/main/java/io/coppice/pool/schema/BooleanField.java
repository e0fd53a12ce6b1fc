package io.coppice.pool.schema;

import io.coppice.pool.Memory;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A handle on a boolean, which takes a byte of a record. A store into a buffer that writes through
 * the journal is journaled; one into a {@link Memory} is not. Nothing allocates.
 *
 * @param name of the field
 * @param offset from the start of the record in bytes, a multiple of 1
 */
public record BooleanField(String name, int offset) implements RecordField {
    @Override
    public int bytes() {
        return Byte.BYTES;
    }

    @Override
    public FieldType type() {
        return FieldType.BOOLEAN;
    }

    /** Reads the field of the record that begins at {@code index} of a buffer. */
    public boolean get(final DirectBuffer buffer, final int index) {
        return buffer.getByte(index + offset) != 0;
    }

    /** Reads the field of the record that begins at {@code record} of a mapped range. */
    public boolean get(final Memory memory, final long record) {
        return memory.getByte(record + offset) != 0;
    }

    /** Stores the field of the record that begins at {@code index} of a buffer. */
    public void put(final MutableDirectBuffer buffer, final int index, final boolean value) {
        buffer.putByte(index + offset, (byte) (value ? 1 : 0));
    }

    /** Stores the field of the record that begins at {@code record} of a mapped range. */
    public void put(final Memory memory, final long record, final boolean value) {
        memory.putByte(record + offset, (byte) (value ? 1 : 0));
    }
}
