package io.coppice.pool.cell;

import static io.coppice.pool.cell.CounterLayout.ALIGNMENT;
import static io.coppice.pool.cell.CounterLayout.BYTES;
import static io.coppice.pool.cell.CounterLayout.LABEL;
import static io.coppice.pool.cell.CounterLayout.LABEL_BYTES;
import static io.coppice.pool.cell.CounterLayout.LABEL_BYTES_MAX;
import static io.coppice.pool.cell.CounterLayout.TYPE_ID;
import static io.coppice.pool.cell.CounterLayout.VALUE;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import java.nio.charset.StandardCharsets;

/**
 * A number for people, by the conventions of Agrona's {@code AtomicCounter}: what counts is counted
 * at once, in a transaction or not, and no rollback or death takes it back.
 *
 * <p>Ordering. Each change is one store to one word, so a death leaves the value before it or after
 * it. {@link #increment}, {@link #decrement}, {@link #getAndAdd}, {@link #addAndGet}, {@link
 * #compareAndSet} and {@link #proposeMax} are atomic, for any thread of the daemon and its
 * transactions. Those whose names end in {@code Release}, {@code Ordered} or {@code Weak} load and
 * store separately: they are cheaper, and for a counter that one thread changes.
 *
 * <p>Reading is for any process, also over a read-only mapping, which refuses the rest with an
 * {@link UnsupportedOperationException}. Only {@link #label} allocates.
 */
public final class Counter {
    private final Memory arena;
    private final long word;
    private final long offset;

    private Counter(final Memory arena, final long offset) {
        this.arena = arena;
        this.offset = offset;
        this.word = offset + VALUE;
    }

    /** Returns what a counter takes in bytes. */
    public static long bytes() {
        return BYTES;
    }

    /**
     * Lays a counter that is 0 out in zeroed memory, in the INIT phase.
     *
     * @param typeId of the application's choice
     * @param label for people, at most {@link CounterLayout#LABEL_BYTES_MAX} bytes of UTF-8
     */
    public static Counter layOut(
            final String name,
            final Memory arena,
            final long offset,
            final int typeId,
            final String label) {
        final byte[] text = label.getBytes(StandardCharsets.UTF_8);
        if (text.length > LABEL_BYTES_MAX) {
            throw new IllegalArgumentException(
                    name
                            + ": a label of "
                            + text.length
                            + " bytes, at most are "
                            + LABEL_BYTES_MAX
                            + ": "
                            + label);
        }
        arena.putInt(offset + TYPE_ID, typeId);
        arena.putBytes(offset + LABEL, text, 0, text.length);
        arena.putInt(offset + LABEL_BYTES, text.length + 1);
        return attach(name, arena, offset, BYTES);
    }

    /**
     * Attaches to a counter, to change it or to read it.
     *
     * @throws ArenaException where what is there is not a counter
     */
    public static Counter attach(
            final String name, final Memory arena, final long offset, final long bytes) {
        final String wrong = damage(arena, offset, bytes);
        if (wrong != null) {
            throw new ArenaException(name + ": " + wrong);
        }
        return new Counter(arena, offset);
    }

    /** Returns what is wrong with the words around the value, or null. */
    static String damage(final Memory arena, final long offset, final long bytes) {
        if (offset < 0 || offset % ALIGNMENT != 0 || bytes < BYTES) {
            return "a counter of " + bytes + " bytes at offset " + offset;
        }
        if (offset > arena.bytes() - bytes) {
            return "ends at " + (offset + bytes) + " of " + arena.bytes() + " bytes";
        }
        final int labelBytes = arena.getInt(offset + LABEL_BYTES) - 1;
        return labelBytes < 0 || labelBytes > LABEL_BYTES_MAX
                ? "a label of " + labelBytes + " bytes"
                : null;
    }

    /** Returns the type that the application has given it. */
    public int typeId() {
        return arena.getInt(offset + TYPE_ID);
    }

    /** Returns the label; allocates. */
    public String label() {
        final int labelBytes = arena.getInt(offset + LABEL_BYTES) - 1;
        final byte[] text = new byte[Math.max(0, Math.min(labelBytes, LABEL_BYTES_MAX))];
        arena.getBytes(offset + LABEL, text, 0, text.length);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Adds 1 atomically; returns the value before it. */
    public long increment() {
        return arena.getAndAddLong(word, 1);
    }

    /** Adds 1 without atomicity, with a release store; returns the value before it. */
    public long incrementRelease() {
        return getAndAddRelease(1);
    }

    /** The older name of {@link #incrementRelease}. */
    public long incrementOrdered() {
        return getAndAddRelease(1);
    }

    /** Subtracts 1 atomically; returns the value before it. */
    public long decrement() {
        return arena.getAndAddLong(word, -1);
    }

    /** Subtracts 1 without atomicity, with a release store; returns the value before it. */
    public long decrementRelease() {
        return getAndAddRelease(-1);
    }

    /** The older name of {@link #decrementRelease}. */
    public long decrementOrdered() {
        return getAndAddRelease(-1);
    }

    /** Adds atomically; returns the value before it. */
    public long getAndAdd(final long delta) {
        return arena.getAndAddLong(word, delta);
    }

    /** Adds atomically; returns the value after it. */
    public long addAndGet(final long delta) {
        return arena.getAndAddLong(word, delta) + delta;
    }

    /** Adds without atomicity, with a release store; returns the value before it. */
    public long getAndAddRelease(final long delta) {
        final long before = arena.getLong(word);
        arena.putLongRelease(word, before + delta);
        return before;
    }

    /** The older name of {@link #getAndAddRelease}. */
    public long getAndAddOrdered(final long delta) {
        return getAndAddRelease(delta);
    }

    /** Sets the value with a volatile store. */
    public void set(final long value) {
        arena.putLongVolatile(word, value);
    }

    /** Sets the value with a release store. */
    public void setRelease(final long value) {
        arena.putLongRelease(word, value);
    }

    /** The older name of {@link #setRelease}. */
    public void setOrdered(final long value) {
        arena.putLongRelease(word, value);
    }

    /** Sets the value with a plain store. */
    public void setWeak(final long value) {
        arena.putLong(word, value);
    }

    /** Sets the value atomically where it is {@code expected}; returns whether it was. */
    public boolean compareAndSet(final long expected, final long value) {
        return arena.compareAndSetLong(word, expected, value);
    }

    /** Raises the value atomically where it is lower; returns whether it was. */
    public boolean proposeMax(final long value) {
        long now = arena.getLongVolatile(word);
        while (now < value) {
            if (arena.compareAndSetLong(word, now, value)) {
                return true;
            }
            now = arena.getLongVolatile(word);
        }
        return false;
    }

    /** Returns the value with a volatile load. */
    public long get() {
        return arena.getLongVolatile(word);
    }

    /** Returns the value with an acquire load. */
    public long getAcquire() {
        return arena.getLongAcquire(word);
    }

    /** Returns the value with a plain load. */
    public long getWeak() {
        return arena.getLong(word);
    }
}
