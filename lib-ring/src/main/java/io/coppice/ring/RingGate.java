package io.coppice.ring;

import io.coppice.pool.Memory;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.NanoClock;

/**
 * The writer's gate: the oldest record that is kept, and who holds it there. Ordering: {@link
 * RingLayout}. Moving it needs no journal, since it only ever gives up records.
 */
final class RingGate {
    private final Memory arena;
    private final long base;
    private final long generation;
    private final long capacityBytes;
    private final RingMode mode;
    private final ReaderGate[] readers;
    private final NanoClock clock;
    private long gate;

    /** A position from the gate on where a record begins, as far as records were walked over. */
    private long walked;

    private boolean isRefused;

    RingGate(
            final Memory arena,
            final long base,
            final RingMode mode,
            final ReaderGate[] readers,
            final NanoClock clock) {
        this.arena = arena;
        this.base = base;
        this.generation = arena.getLong(base + RingLayout.GENERATION);
        this.capacityBytes = arena.getLong(base + RingLayout.CAPACITY);
        this.mode = mode;
        this.readers = readers;
        this.clock = clock;
        this.gate = arena.getLong(base + RingLayout.GATE);
        this.walked = gate;
        announce(gate);
    }

    long position() {
        return gate;
    }

    CutOffReason reason(final int reader) {
        return readers[reader].reason();
    }

    /**
     * Has the gate at least at a position, if the readers allow it or may be overtaken.
     *
     * @param tail position behind the newest record that stands
     * @return whether it is there
     */
    boolean makeRoom(final long needed, final long tail) {
        if (gate < needed) {
            advance(needed, tail);
            if (gate < needed && !overtake(needed, tail)) {
                isRefused = true;
                return false;
            }
        }
        if (isRefused) {
            isRefused = false;
            for (final ReaderGate reader : readers) {
                reader.accept();
            }
        }
        return true;
    }

    /**
     * Looks where the readers are; where one lags, has it ring when it goes on. The gate follows
     * the slowest that counts; where one is cut off, only as far as is needed, so that it loses
     * little.
     *
     * @return position of the slowest reader that counts, or the tail
     */
    long advance(final long needed, final long tail) {
        if (mode == RingMode.LATEST) {
            return gate;
        }
        arena.putLongVolatile(base + RingLayout.WRITER_WAITS, 1);
        long least = slowest(tail);
        long next =
                isAnyCutOff() ? Math.min(least, Math.max(gate, recordFrom(needed, tail))) : least;
        if (next != gate) {
            announce(next);
            least = slowest(tail);
            if (least < next) {
                next = least;
                announce(next);
            }
            move(next);
        }
        if (least == tail) {
            arena.putLongRelease(base + RingLayout.WRITER_WAITS, 0);
        }
        return least;
    }

    private boolean isAnyCutOff() {
        for (final ReaderGate reader : readers) {
            if (reader.reason() != CutOffReason.NONE) {
                return true;
            }
        }
        return false;
    }

    /** Gives up the oldest records, as few as will do, where nobody has to be waited for. */
    private boolean overtake(final long needed, final long tail) {
        if (mode == RingMode.LOSSLESS || needed > tail) {
            return false;
        }
        final long next = recordFrom(needed, tail);
        if (mode == RingMode.DROPPING) {
            if (isHeld(next, tail)) {
                return false;
            }
            announce(next);
            // As advance() does: a reader may just have begun.
            if (isHeld(next, tail)) {
                announce(gate);
                return false;
            }
        } else {
            announce(next);
        }
        move(next);
        if (mode == RingMode.DROPPING) {
            for (final ReaderGate reader : readers) {
                look(reader, tail);
            }
        }
        return true;
    }

    private boolean isHeld(final long next, final long tail) {
        boolean isHeld = false;
        final long nowNs = clock.nanoTime();
        for (final ReaderGate reader : readers) {
            if (look(reader, tail) < next && reader.isWaitedFor(nowNs)) {
                isHeld = true;
            }
        }
        return isHeld;
    }

    /** Returns the position of the slowest reader, of those that stand at a record. */
    private long slowest(final long tail) {
        for (int attempt = 0; attempt <= readers.length; attempt++) {
            long least = tail;
            ReaderGate slowest = null;
            for (final ReaderGate reader : readers) {
                final long position = look(reader, tail);
                if (position < least) {
                    least = position;
                    slowest = reader;
                }
            }
            if (slowest == null || recordFrom(least, tail) == least) {
                return least;
            }
            slowest.reject(least);
            note(slowest);
        }
        // Somebody stores one wrong position after the other; nothing is given up for that.
        return gate;
    }

    private long look(final ReaderGate reader, final long tail) {
        final CutOffReason before = reader.reason();
        final long position = reader.position(generation, gate, tail);
        if (before == CutOffReason.NONE && reader.reason() != CutOffReason.NONE) {
            note(reader);
        }
        return position;
    }

    /** For people, so a death in between may leave one cut-off uncounted. */
    private void note(final ReaderGate reader) {
        arena.putLong(base + RingLayout.CUT_OFF_READER, reader.slot());
        arena.putLong(base + RingLayout.CUT_OFF_REASON, reader.reason().ordinal());
        arena.putLongRelease(
                base + RingLayout.CUT_OFFS, arena.getLong(base + RingLayout.CUT_OFFS) + 1);
    }

    /**
     * Returns where the first record at or behind a position begins; the tail where the records are
     * damaged. Walks over each record about once.
     */
    private long recordFrom(final long position, final long tail) {
        long at = walked <= position ? walked : gate;
        while (at < position) {
            final long record = base + RingLayout.RECORDS + (at & capacityBytes - 1);
            final long bytes =
                    RingLayout.recordBytes(
                            arena.getInt(record + RingLayout.RECORD_TYPE),
                            arena.getInt(record + RingLayout.RECORD_LENGTH),
                            at,
                            tail,
                            capacityBytes);
            if (bytes == RingLayout.UNSOUND) {
                return tail;
            }
            at += bytes;
        }
        walked = at;
        return at;
    }

    private void announce(final long position) {
        arena.putLongVolatile(base + RingLayout.ANNOUNCED_GATE, position);
    }

    private void move(final long position) {
        gate = position;
        walked = Math.max(walked, gate);
        arena.putLongRelease(base + RingLayout.GATE, gate);
        // No byte behind it is overwritten before whoever reads there can see that.
        VarHandle.storeStoreFence();
    }
}
