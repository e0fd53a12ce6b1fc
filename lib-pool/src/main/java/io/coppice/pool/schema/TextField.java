package io.coppice.pool.schema;

import io.coppice.pool.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A handle on a text of a record: UTF-8 in a fixed room, filled up with zero bytes, so a text holds
 * no zero character and one that fills its room has no end mark.
 *
 * <p>What takes or returns a {@link String} may allocate; what takes buffers does not.
 *
 * @param name of the field
 * @param offset from the start of the record in bytes
 * @param bytes of the room
 */
public record TextField(String name, int offset, int bytes) implements RecordField {
    @Override
    public FieldType type() {
        return FieldType.TEXT;
    }

    /** Returns how many bytes the text takes in the record that begins at {@code index}. */
    public int length(final DirectBuffer buffer, final int index) {
        final int start = index + offset;
        buffer.boundsCheck(start, bytes);
        int length = 0;
        while (length < bytes && buffer.getByte(start + length) != 0) {
            length++;
        }
        return length;
    }

    /**
     * Reads the text of the record that begins at {@code index}; what is not UTF-8 becomes U+FFFD.
     */
    public String get(final DirectBuffer buffer, final int index) {
        final byte[] room = new byte[bytes];
        buffer.getBytes(index + offset, room);
        return text(room);
    }

    /** Reads the text of the record that begins at {@code record} of a mapped range. */
    public String get(final Memory memory, final long record) {
        final byte[] room = new byte[bytes];
        memory.getBytes(record + offset, room, 0, bytes);
        return text(room);
    }

    /**
     * Copies the text out and returns how many bytes it takes.
     *
     * @throws IndexOutOfBoundsException where it does not fit at {@code toIndex}
     */
    public int get(
            final DirectBuffer buffer,
            final int index,
            final MutableDirectBuffer to,
            final int toIndex) {
        final int length = length(buffer, index);
        to.putBytes(toIndex, buffer, index + offset, length);
        return length;
    }

    /** Returns whether the text is, byte by byte, the one at {@code otherIndex}. */
    public boolean isEqual(
            final DirectBuffer buffer,
            final int index,
            final DirectBuffer other,
            final int otherIndex,
            final int otherLength) {
        if (length(buffer, index) != otherLength) {
            return false;
        }
        for (int i = 0; i < otherLength; i++) {
            if (buffer.getByte(index + offset + i) != other.getByte(otherIndex + i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Stores a text into the record that begins at {@code index}.
     *
     * @throws IllegalArgumentException where it is too long or holds a zero character; nothing is
     *     stored
     */
    public void put(final MutableDirectBuffer buffer, final int index, final String text) {
        buffer.putBytes(index + offset, room(text));
    }

    /**
     * Stores a text into the record that begins at {@code record} of a mapped range.
     *
     * @throws IllegalArgumentException where it is too long or holds a zero character; nothing is
     *     stored
     */
    public void put(final Memory memory, final long record, final String text) {
        memory.putBytes(record + offset, room(text), 0, bytes);
    }

    /**
     * Stores a text that is UTF-8 already. The bytes are taken as they are.
     *
     * @throws IllegalArgumentException where it is too long or holds a zero byte; nothing is stored
     */
    public void put(
            final MutableDirectBuffer buffer,
            final int index,
            final DirectBuffer from,
            final int fromIndex,
            final int length) {
        requireFits(length);
        from.boundsCheck(fromIndex, length);
        for (int i = 0; i < length; i++) {
            requireNotZero(from.getByte(fromIndex + i));
        }
        buffer.boundsCheck(index + offset, bytes);
        buffer.putBytes(index + offset, from, fromIndex, length);
        buffer.setMemory(index + offset + length, bytes - length, (byte) 0);
    }

    private byte[] room(final String text) {
        final byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        requireFits(utf8.length);
        for (final byte b : utf8) {
            requireNotZero(b);
        }
        return Arrays.copyOf(utf8, bytes);
    }

    private void requireFits(final int length) {
        if (length > bytes) {
            throw new IllegalArgumentException(
                    "field \""
                            + name
                            + "\": the text takes "
                            + length
                            + " bytes of UTF-8, the field has "
                            + bytes);
        }
    }

    private void requireNotZero(final byte b) {
        if (b == 0) {
            throw new IllegalArgumentException(
                    "field \"" + name + "\": a text must not hold a zero character");
        }
    }

    private static String text(final byte[] room) {
        int length = 0;
        while (length < room.length && room[length] != 0) {
            length++;
        }
        return new String(room, 0, length, StandardCharsets.UTF_8);
    }
}
