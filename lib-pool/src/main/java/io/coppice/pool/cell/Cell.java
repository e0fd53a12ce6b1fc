package io.coppice.pool.cell;

import static io.coppice.pool.cell.CellLayout.COPY_LENGTH;
import static io.coppice.pool.cell.CellLayout.COPY_TEXT;
import static io.coppice.pool.cell.CellLayout.FLIPS;
import static io.coppice.pool.cell.CellLayout.KIND;
import static io.coppice.pool.cell.CellLayout.TEXT_BYTES_LIMIT;
import static io.coppice.pool.cell.CellLayout.TEXT_BYTES_MAX;
import static io.coppice.pool.cell.CellLayout.VALUE;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One value, a long, a double or a text of a bounded length, that is set in transactions and read
 * by other processes without a lock.
 *
 * <p>Ordering. A number is a deferred word: nobody sees it before the commit, and a death leaves
 * the old one, or the new one once recovery has finished a commit that stands. A text is written
 * into the half that does not hold, then the flip is deferred to the commit. A death before the
 * commit leaves bytes that nothing leads to; the flips are stored (release) at the commit, after
 * the text, and the next transaction's first store into the other half comes after them, since
 * {@link Journal#begin} has a fence. Only a second set after a savepoint saves the half first, so
 * that a return to the savepoint finds the text of the first.
 *
 * <p>Several cells are consistent each for itself: a reader may see one of a transaction before
 * another. The setters throw {@link IllegalStateException} outside a transaction; the getters
 * return what this transaction has set. For the thread of the journal, and where several journals
 * write one cell, under a lock that is held to the commit. Allocates nothing.
 */
public final class Cell {
    private final CellReader reader;
    private final String name;
    private final Journal journal;
    private final Memory arena;
    private final long offset;

    private Cell(
            final String name,
            final Journal journal,
            final Memory arena,
            final long offset,
            final long bytes) {
        journal.requireArena(name, arena);
        this.reader = CellReader.attach(name, arena, offset, bytes);
        this.name = name;
        this.journal = journal;
        this.arena = arena;
        this.offset = offset;
    }

    /** Returns what a long or a double takes in bytes. */
    public static long bytes() {
        return CellLayout.bytes(CellKind.LONG, 0);
    }

    /**
     * Returns what a text takes in bytes.
     *
     * @param textBytesMax its longest, from 1 to {@link CellLayout#TEXT_BYTES_LIMIT}
     */
    public static long bytes(final int textBytesMax) {
        if (textBytesMax < 1 || textBytesMax > TEXT_BYTES_LIMIT) {
            throw new IllegalArgumentException(
                    "a text of " + textBytesMax + " bytes: must be from 1 to " + TEXT_BYTES_LIMIT);
        }
        return CellLayout.bytes(CellKind.TEXT, textBytesMax);
    }

    /** Lays a long that is 0 out in zeroed memory, in the INIT phase. */
    public static Cell layOutLong(
            final String name, final Journal journal, final Memory arena, final long offset) {
        return layOut(name, journal, arena, offset, CellKind.LONG, 0);
    }

    /** Lays a double that is 0 out in zeroed memory, in the INIT phase. */
    public static Cell layOutDouble(
            final String name, final Journal journal, final Memory arena, final long offset) {
        return layOut(name, journal, arena, offset, CellKind.DOUBLE, 0);
    }

    /** Lays an empty text out in zeroed memory, in the INIT phase. */
    public static Cell layOutText(
            final String name,
            final Journal journal,
            final Memory arena,
            final long offset,
            final int textBytesMax) {
        bytes(textBytesMax);
        return layOut(name, journal, arena, offset, CellKind.TEXT, textBytesMax);
    }

    private static Cell layOut(
            final String name,
            final Journal journal,
            final Memory arena,
            final long offset,
            final CellKind kind,
            final int textBytesMax) {
        arena.putLong(offset + TEXT_BYTES_MAX, textBytesMax);
        arena.putLong(offset + KIND, kind.ordinal() + 1L);
        return attach(name, journal, arena, offset, CellLayout.bytes(kind, textBytesMax));
    }

    /**
     * Attaches to a cell that is laid out; {@link Journal#recover} comes first.
     *
     * @throws ArenaException where what is there is not a cell of that size
     */
    public static Cell attach(
            final String name,
            final Journal journal,
            final Memory arena,
            final long offset,
            final long bytes) {
        return new Cell(name, journal, arena, offset, bytes);
    }

    /** Returns what the cell holds. */
    public CellKind kind() {
        return reader.kind();
    }

    /** Returns the most bytes of the text, 0 for a number. */
    public int capacity() {
        return reader.capacity();
    }

    /** Sets the number. */
    public void setLong(final long value) {
        reader.require(CellKind.LONG);
        journal.deferLong(offset + VALUE, value);
    }

    /** Returns the number. */
    public long getLong() {
        reader.require(CellKind.LONG);
        return word(VALUE);
    }

    /** Sets the floating-point number. */
    public void setDouble(final double value) {
        reader.require(CellKind.DOUBLE);
        journal.deferLong(offset + VALUE, Double.doubleToRawLongBits(value));
    }

    /** Returns the floating-point number. */
    public double getDouble() {
        reader.require(CellKind.DOUBLE);
        return Double.longBitsToDouble(word(VALUE));
    }

    /**
     * Sets the text to bytes of a buffer.
     *
     * @throws IllegalArgumentException where there are more than {@link #capacity}; nothing is
     *     changed then
     */
    public void setText(final DirectBuffer text, final int index, final int length) {
        reader.require(CellKind.TEXT);
        if (length < 0 || length > capacity()) {
            throw new IllegalArgumentException(
                    name + ": a text of " + length + " bytes, at most are " + capacity());
        }
        text.boundsCheck(index, length);
        journal.stamp();
        final long committed = arena.getLong(offset + FLIPS);
        final long copy = offset + CellLayout.copy(committed + 1, capacity());
        if (journal.savepoints() > 0 && word(FLIPS) != committed) {
            journal.save(copy, CellLayout.copyBytes(capacity()));
        } else {
            journal.touch(copy, COPY_TEXT + length);
        }
        journal.deferLong(offset + FLIPS, committed + 1);
        arena.putLong(copy + COPY_LENGTH, length);
        arena.putBytes(copy + COPY_TEXT, text, index, length);
    }

    /**
     * Copies the text out and returns its length in bytes.
     *
     * @throws IndexOutOfBoundsException where it does not fit; {@link #capacity} bytes always do
     */
    public int getText(final MutableDirectBuffer to, final int toIndex) {
        reader.require(CellKind.TEXT);
        final long copy = offset + CellLayout.copy(word(FLIPS), capacity());
        final long length = arena.getLong(copy + COPY_LENGTH);
        if (length < 0 || length > capacity()) {
            throw new ArenaException(
                    name + ": a text of " + length + " bytes at " + copy + ": damaged");
        }
        to.boundsCheck(toIndex, (int) length);
        reader.copyOut(copy + COPY_TEXT, to, toIndex, (int) length);
        return (int) length;
    }

    /** Returns a word as the transaction under way will leave it. */
    private long word(final int field) {
        final long committed = arena.getLong(offset + field);
        return journal.isActive() ? journal.deferredLong(offset + field, committed) : committed;
    }
}
