package io.coppice.pool.schema;

import io.coppice.pool.Memory;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A handle on a signed 8-bit integer of a record. A store into a buffer that writes through the
 * journal is journaled; one into a {@link Memory} is not. Nothing allocates.
 *
 * @param name of the field
 * @param offset from the start of the record in bytes, a multiple of 1
 */
public record ByteField(String name, int offset) implements RecordField {
    @Override
    public int bytes() {
        return Byte.BYTES;
    }

    @Override
    public FieldType type() {
        return FieldType.BYTE;
    }

    /** Reads the field of the record that begins at {@code index} of a buffer. */
    public byte get(final DirectBuffer buffer, final int index) {
        return buffer.getByte(index + offset);
    }

    /** Reads the field of the record that begins at {@code record} of a mapped range. */
    public byte get(final Memory memory, final long record) {
        return memory.getByte(record + offset);
    }

    /** Stores the field of the record that begins at {@code index} of a buffer. */
    public void put(final MutableDirectBuffer buffer, final int index, final byte value) {
        buffer.putByte(index + offset, value);
    }

    /** Stores the field of the record that begins at {@code record} of a mapped range. */
    public void put(final Memory memory, final long record, final byte value) {
        memory.putByte(record + offset, value);
    }
}
