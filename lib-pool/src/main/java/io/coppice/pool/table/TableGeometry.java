package io.coppice.pool.table;

import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Memory;

/** Where the parts of one table lie in its arena, as its first words say. Never changes. */
final class TableGeometry {
    private static final long CAPACITY_MAX = 1L << 30;
    private static final int KEY_BYTES_LIMIT = 1 << 16;
    private static final int VALUE_BYTES_LIMIT = 1 << 24;

    /** Below it probes of a full table would become long more often than they should. */
    private static final int SLOTS_MIN = 8;

    final long offset;
    final long capacity;
    final long slots;
    final int keyBytesMax;
    final int valueBytes;

    /** What lies before the value in a copy. */
    final int keyBytes;

    final int copyBytes;
    final long recordBytes;
    final long index;
    final long links;
    final long records;
    final long bytes;
    private final int homeShift;

    private TableGeometry(
            final long offset, final long capacity, final int keyBytesMax, final int valueBytes) {
        this.offset = offset;
        this.capacity = capacity;
        this.keyBytesMax = keyBytesMax;
        this.valueBytes = valueBytes;
        slots = slotsFor(capacity);
        homeShift = Integer.SIZE - Long.numberOfTrailingZeros(slots);
        keyBytes = Long.BYTES + pad(keyBytesMax);
        copyBytes = keyBytes + pad(valueBytes);
        recordBytes = Math.max(TableLayout.RECORD_BYTES_MIN, TableLayout.COPIES + 2L * copyBytes);
        index = offset + TableLayout.INDEX;
        final long linksAt = ArenaLayout.align(TableLayout.INDEX + slots * Long.BYTES);
        final long recordsAt = ArenaLayout.align(linksAt + capacity * Long.BYTES);
        links = offset + linksAt;
        records = offset + recordsAt;
        bytes = ArenaLayout.align(recordsAt + capacity * recordBytes);
    }

    /**
     * Works out a new table.
     *
     * @param keyBytesMax 0 for 64-bit keys
     * @throws IllegalArgumentException where a number is out of its range
     */
    static TableGeometry of(
            final long offset, final long capacity, final int keyBytesMax, final int valueBytes) {
        final String wrong = wrong(capacity, keyBytesMax, valueBytes);
        if (wrong != null) {
            throw new IllegalArgumentException(wrong);
        }
        return new TableGeometry(offset, capacity, keyBytesMax, valueBytes);
    }

    /**
     * Reads and checks the first words of a table.
     *
     * @throws ArenaException where there is no table, or one that does not fit
     */
    static TableGeometry read(
            final String name, final Memory arena, final long offset, final long bytes) {
        if ((offset | bytes) < 0
                || offset % ArenaLayout.ALIGNMENT != 0
                || bytes < TableLayout.INDEX
                || offset > arena.bytes() - bytes) {
            throw new ArenaException(
                    name
                            + ": a table of "
                            + bytes
                            + " bytes at offset "
                            + offset
                            + " cannot be in an arena of "
                            + arena.bytes());
        }
        if (arena.getLong(offset + TableLayout.MAGIC_OFFSET) != TableLayout.MAGIC) {
            throw new ArenaException(name + ": is not a table, at offset " + offset);
        }
        final long capacity = arena.getLong(offset + TableLayout.CAPACITY);
        final long keyBytesMax = arena.getLong(offset + TableLayout.KEY_BYTES_MAX);
        final long valueBytes = arena.getLong(offset + TableLayout.VALUE_BYTES);
        final String wrong = wrong(capacity, keyBytesMax, valueBytes);
        if (wrong != null) {
            throw new ArenaException(name + ": damaged at offset " + offset + ": " + wrong);
        }
        final TableGeometry geometry =
                new TableGeometry(offset, capacity, (int) keyBytesMax, (int) valueBytes);
        final long slots = arena.getLong(offset + TableLayout.SLOTS);
        if (slots != geometry.slots || geometry.bytes > bytes) {
            throw new ArenaException(
                    name
                            + ": damaged at offset "
                            + offset
                            + ": "
                            + capacity
                            + " records of "
                            + valueBytes
                            + " bytes in "
                            + slots
                            + " slots and "
                            + bytes
                            + " bytes");
        }
        return geometry;
    }

    /** Writes what {@link #read} reads, the magic last. */
    void write(final Memory arena) {
        arena.putLong(offset + TableLayout.CAPACITY, capacity);
        arena.putLong(offset + TableLayout.SLOTS, slots);
        arena.putLong(offset + TableLayout.KEY_BYTES_MAX, keyBytesMax);
        arena.putLong(offset + TableLayout.VALUE_BYTES, valueBytes);
        arena.putLongRelease(offset + TableLayout.MAGIC_OFFSET, TableLayout.MAGIC);
    }

    boolean hasLongKeys() {
        return keyBytesMax == 0;
    }

    /**
     * Returns the slot where the search for a tag begins: its uppermost bits, which depend on all
     * of the key, so that the index can be shifted without a look at the records.
     */
    long home(final int tag) {
        return Integer.toUnsignedLong(tag) >>> homeShift;
    }

    /** Returns the slot after another, in a circle. */
    long after(final long slot) {
        return slot + 1 & slots - 1;
    }

    /** Returns the offset of a word of the index. */
    long slot(final long slot) {
        return index + (slot << 3);
    }

    /** Returns the offset of a record; the number is the caller's to check. */
    long record(final long number) {
        return records + number * recordBytes;
    }

    /** Returns the offset of the link of a record; the number is the caller's to check. */
    long link(final long number) {
        return links + (number << 3);
    }

    /** Returns the offset of one of the two copies of a record. */
    long copy(final long record, final long copy) {
        return record + TableLayout.COPIES + (-copy & copyBytes);
    }

    private static String wrong(
            final long capacity, final long keyBytesMax, final long valueBytes) {
        if (capacity < 1 || capacity > CAPACITY_MAX) {
            return "a capacity of " + capacity + " records; 1 to " + CAPACITY_MAX + " are possible";
        }
        if (keyBytesMax < 0 || keyBytesMax > KEY_BYTES_LIMIT) {
            return "keys of " + keyBytesMax + " bytes; 0 to " + KEY_BYTES_LIMIT + " are possible";
        }
        if (valueBytes < 1 || valueBytes > VALUE_BYTES_LIMIT) {
            return "values of "
                    + valueBytes
                    + " bytes; 1 to "
                    + VALUE_BYTES_LIMIT
                    + " are possible";
        }
        return null;
    }

    /** A full table leaves a third of the index empty, so that probes end soon. */
    private static long slotsFor(final long capacity) {
        final long least = Math.max(SLOTS_MIN, (capacity * 3 + 1) / 2);
        return Long.highestOneBit(least - 1) << 1;
    }

    private static int pad(final int bytes) {
        return bytes + Long.BYTES - 1 & -Long.BYTES;
    }
}
