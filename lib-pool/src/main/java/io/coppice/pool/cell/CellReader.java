package io.coppice.pool.cell;

import static io.coppice.pool.cell.CellLayout.ALIGNMENT;
import static io.coppice.pool.cell.CellLayout.COPIES;
import static io.coppice.pool.cell.CellLayout.COPY_LENGTH;
import static io.coppice.pool.cell.CellLayout.COPY_TEXT;
import static io.coppice.pool.cell.CellLayout.FLIPS;
import static io.coppice.pool.cell.CellLayout.KIND;
import static io.coppice.pool.cell.CellLayout.TEXT_BYTES_LIMIT;
import static io.coppice.pool.cell.CellLayout.TEXT_BYTES_MAX;
import static io.coppice.pool.cell.CellLayout.VALUE;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads a cell from any process, without a lock: what is returned was committed as a whole.
 *
 * <p>Ordering. A number is one word, stored at the commit (release). Of a text the reader loads
 * {@code flips} (acquire), copies the half that it names, and loads {@code flips} again: the writer
 * changes that half only after a later flip was stored, so a byte of a later text cannot have been
 * read while both loads agree. The count never comes back, whatever is rolled back.
 *
 * <p>For any thread; allocates nothing but for {@link #getString}.
 */
public final class CellReader {
    private static final CellKind[] KINDS = CellKind.values();

    /** A writer that is faster than this reader so often in a row is not real. */
    private static final int TRIES = 1_000_000;

    private final String name;
    private final Memory arena;
    private final long offset;
    private final CellKind kind;
    private final int textBytesMax;

    private CellReader(final String name, final Memory arena, final long offset) {
        this.name = name;
        this.arena = arena;
        this.offset = offset;
        this.kind = KINDS[(int) arena.getLong(offset + KIND) - 1];
        this.textBytesMax = (int) arena.getLong(offset + TEXT_BYTES_MAX);
    }

    /**
     * Attaches to a cell.
     *
     * @throws ArenaException where what is there is not a cell of that size
     */
    public static CellReader attach(
            final String name, final Memory arena, final long offset, final long bytes) {
        final String wrong = damage(arena, offset, bytes);
        if (wrong != null) {
            throw new ArenaException(name + ": " + wrong);
        }
        return new CellReader(name, arena, offset);
    }

    /** Returns what is wrong with the geometry words, or null. */
    static String damage(final Memory arena, final long offset, final long bytes) {
        if (offset < 0 || offset % ALIGNMENT != 0 || bytes < COPIES) {
            return "a cell of " + bytes + " bytes at offset " + offset;
        }
        if (offset > arena.bytes() - bytes) {
            return "ends at " + (offset + bytes) + " of " + arena.bytes() + " bytes";
        }
        final long kind = arena.getLong(offset + KIND);
        if (kind < 1 || kind > KINDS.length) {
            return "kind " + kind + " is none of 1, 2, 3";
        }
        final long most = arena.getLong(offset + TEXT_BYTES_MAX);
        final boolean isText = KINDS[(int) kind - 1] == CellKind.TEXT;
        if (isText ? most < 1 || most > TEXT_BYTES_LIMIT : most != 0) {
            return "a text of at most " + most + " bytes";
        }
        final long needed = CellLayout.bytes(KINDS[(int) kind - 1], most);
        return bytes < needed ? bytes + " bytes, a text of " + most + " needs " + needed : null;
    }

    /** Returns what the cell holds. */
    public CellKind kind() {
        return kind;
    }

    /** Returns the most bytes of the text, 0 for a number. */
    public int capacity() {
        return textBytesMax;
    }

    /** Returns the number. */
    public long getLong() {
        require(CellKind.LONG);
        return arena.getLongAcquire(offset + VALUE);
    }

    /** Returns the floating-point number. */
    public double getDouble() {
        require(CellKind.DOUBLE);
        return Double.longBitsToDouble(arena.getLongAcquire(offset + VALUE));
    }

    /**
     * Copies the text out.
     *
     * @return its length in bytes
     * @throws IndexOutOfBoundsException where it does not fit; {@link #capacity} bytes always do
     */
    public int getText(final MutableDirectBuffer to, final int toIndex) {
        require(CellKind.TEXT);
        for (int attempt = 0; attempt < TRIES; attempt++) {
            final long flips = arena.getLongAcquire(offset + FLIPS);
            final long copy = offset + CellLayout.copy(flips, textBytesMax);
            final long length = arena.getLong(copy + COPY_LENGTH);
            final boolean fits = length >= 0 && length <= textBytesMax;
            if (fits && to.capacity() - toIndex >= length) {
                copyOut(copy + COPY_TEXT, to, toIndex, (int) length);
            }
            // The bytes must have been loaded before the count is looked at again.
            VarHandle.loadLoadFence();
            if (arena.getLong(offset + FLIPS) == flips) {
                if (!fits) {
                    throw new ArenaException(
                            name + ": a text of " + length + " bytes at " + copy + ": damaged");
                }
                to.boundsCheck(toIndex, (int) length);
                return (int) length;
            }
            Thread.onSpinWait();
        }
        throw new ArenaException(name + ": changed " + TRIES + " times while it was read");
    }

    /** Returns the text, decoded as UTF-8; allocates. */
    public String getString() {
        final UnsafeBuffer text = new UnsafeBuffer(new byte[textBytesMax]);
        final int length = getText(text, 0);
        return new String(text.byteArray(), 0, length, StandardCharsets.UTF_8);
    }

    void require(final CellKind wanted) {
        if (kind != wanted) {
            throw new IllegalStateException(name + ": is a " + kind + " cell, not " + wanted);
        }
    }

    void copyOut(
            final long from, final MutableDirectBuffer to, final int toIndex, final int length) {
        int done = 0;
        for (; done + Long.BYTES <= length; done += Long.BYTES) {
            to.putLong(toIndex + done, arena.getLong(from + done));
        }
        for (; done < length; done++) {
            to.putByte(toIndex + done, arena.getByte(from + done));
        }
    }
}
