package io.coppice.pool.table;

import io.coppice.pool.Memory;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The values of the records of a {@link Table}, field by field, as their writer sees them. A field
 * is named by its offset in the value in bytes; a value begins at a multiple of 8.
 */
public abstract sealed class RecordFields permits Table {
    private final String name;
    private final Memory arena;
    private final TableRecords records;
    private final long capacity;
    private final int keyBytes;
    private final int valueBytes;

    RecordFields(
            final String name,
            final Memory arena,
            final TableGeometry geometry,
            final TableRecords records) {
        this.name = name;
        this.arena = arena;
        this.records = records;
        this.capacity = geometry.capacity;
        this.keyBytes = geometry.keyBytes;
        this.valueBytes = geometry.valueBytes;
    }

    /**
     * Returns where in the arena the value of a record lies, for reading: until the next change of
     * this record, the end of the transaction, or a return to a savepoint.
     */
    public long valueOffset(final long handle) {
        return seen(handle) + keyBytes;
    }

    /**
     * Returns where in the arena the value of a record lies, for stores that go through {@link
     * Memory} and need no journal: until the end of the transaction, a savepoint or a return to
     * one.
     *
     * @throws IllegalStateException outside a transaction, or where the record is removed
     * @throws io.coppice.pool.JournalFullException where the transaction must be rolled back
     */
    public long edit(final long handle) {
        requireHandle(handle);
        return records.edit(handle) + keyBytes;
    }

    /** Reads 64 bits of a value. */
    public long getLong(final long handle, final int fieldOffset) {
        requireField(fieldOffset, Long.BYTES);
        return arena.getLong(valueOffset(handle) + fieldOffset);
    }

    /** Stores 64 bits of a value; see {@link #edit} for what it throws. */
    public void putLong(final long handle, final int fieldOffset, final long value) {
        requireField(fieldOffset, Long.BYTES);
        arena.putLong(edit(handle) + fieldOffset, value);
    }

    /** Reads a floating-point number of a value. */
    public double getDouble(final long handle, final int fieldOffset) {
        return Double.longBitsToDouble(getLong(handle, fieldOffset));
    }

    /** Stores a floating-point number of a value; see {@link #edit}. */
    public void putDouble(final long handle, final int fieldOffset, final double value) {
        putLong(handle, fieldOffset, Double.doubleToRawLongBits(value));
    }

    /** Reads 32 bits of a value. */
    public int getInt(final long handle, final int fieldOffset) {
        requireField(fieldOffset, Integer.BYTES);
        return arena.getInt(valueOffset(handle) + fieldOffset);
    }

    /** Stores 32 bits of a value; see {@link #edit}. */
    public void putInt(final long handle, final int fieldOffset, final int value) {
        requireField(fieldOffset, Integer.BYTES);
        arena.putInt(edit(handle) + fieldOffset, value);
    }

    /** Reads 16 bits of a value. */
    public short getShort(final long handle, final int fieldOffset) {
        requireField(fieldOffset, Short.BYTES);
        return arena.getShort(valueOffset(handle) + fieldOffset);
    }

    /** Stores 16 bits of a value; see {@link #edit}. */
    public void putShort(final long handle, final int fieldOffset, final short value) {
        requireField(fieldOffset, Short.BYTES);
        arena.putShort(edit(handle) + fieldOffset, value);
    }

    /** Reads a byte of a value. */
    public byte getByte(final long handle, final int fieldOffset) {
        requireField(fieldOffset, 1);
        return arena.getByte(valueOffset(handle) + fieldOffset);
    }

    /** Stores a byte of a value; see {@link #edit}. */
    public void putByte(final long handle, final int fieldOffset, final byte value) {
        requireField(fieldOffset, 1);
        arena.putByte(edit(handle) + fieldOffset, value);
    }

    /** Copies bytes of a value out. */
    public void getBytes(
            final long handle,
            final int fieldOffset,
            final MutableDirectBuffer into,
            final int intoIndex,
            final int length) {
        requireField(fieldOffset, length);
        records.copyOut(valueOffset(handle) + fieldOffset, into, intoIndex, length);
    }

    /** Stores bytes of a value; see {@link #edit}. */
    public void putBytes(
            final long handle,
            final int fieldOffset,
            final DirectBuffer from,
            final int fromIndex,
            final int length) {
        requireField(fieldOffset, length);
        from.boundsCheck(fromIndex, length);
        arena.putBytes(edit(handle) + fieldOffset, from, fromIndex, length);
    }

    final long seen(final long handle) {
        requireHandle(handle);
        return records.seen(handle);
    }

    private void requireHandle(final long handle) {
        if (handle < 0 || handle >= capacity) {
            throw new IndexOutOfBoundsException(
                    name + ": handle " + handle + " of " + capacity + " records");
        }
    }

    final void requireField(final int fieldOffset, final int length) {
        if ((fieldOffset | length) < 0 || fieldOffset > valueBytes - length) {
            throw new IndexOutOfBoundsException(
                    name
                            + ": "
                            + length
                            + " bytes at "
                            + fieldOffset
                            + " of a value of "
                            + valueBytes);
        }
    }

    final TableRecords records() {
        return records;
    }
}
