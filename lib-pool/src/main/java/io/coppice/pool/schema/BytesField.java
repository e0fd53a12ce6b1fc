package io.coppice.pool.schema;

import io.coppice.pool.Memory;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A handle on bytes of a record whose meaning only its user knows. Always all of them: how many
 * count, if not all do, another field has to say. Nothing allocates.
 *
 * @param name of the field
 * @param offset from the start of the record in bytes
 * @param bytes how many there are
 */
public record BytesField(String name, int offset, int bytes) implements RecordField {
    @Override
    public FieldType type() {
        return FieldType.BYTES;
    }

    /** Copies all bytes out of the record that begins at {@code index}. */
    public void get(
            final DirectBuffer buffer,
            final int index,
            final MutableDirectBuffer to,
            final int toIndex) {
        to.putBytes(toIndex, buffer, index + offset, bytes);
    }

    /** Copies all bytes out of the record that begins at {@code record} of a mapped range. */
    public void get(final Memory memory, final long record, final byte[] to, final int toIndex) {
        memory.getBytes(record + offset, to, toIndex, bytes);
    }

    /** Stores all bytes of the record that begins at {@code index}. */
    public void put(
            final MutableDirectBuffer buffer,
            final int index,
            final DirectBuffer from,
            final int fromIndex) {
        buffer.putBytes(index + offset, from, fromIndex, bytes);
    }

    /** Stores all bytes of the record that begins at {@code record} of a mapped range. */
    public void put(
            final Memory memory, final long record, final DirectBuffer from, final int fromIndex) {
        memory.putBytes(record + offset, from, fromIndex, bytes);
    }
}
