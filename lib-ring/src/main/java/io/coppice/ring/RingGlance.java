package io.coppice.ring;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.BitUtil;

/**
 * What shows of a ring and its readers from outside, at about one moment. Reads a few words,
 * follows none of them and stores nothing; for any process that maps the arenas, while all of them
 * write. Nobody waits for whoever looks, so numbers may be a message or two apart. Allocates.
 *
 * <p>Ordering: the gate is loaded first, then the positions, then the tail (each acquire), since
 * each follows the next: a sound position is never beyond the tail seen here, and below the gate
 * seen here only where the writer has overtaken the reader.
 *
 * @param mode what the writer does where a reader is slow
 * @param generation changes where the ring is laid out anew
 * @param capacityBytes of the records
 * @param messages published since the ring was laid out, those that were given up among them
 * @param keptBytes records that are not given up yet, 0 to {@code capacityBytes}
 * @param cutOffs how many times a reader was cut off
 * @param cutOffSlot of the last reader that was, 0 where none was
 * @param cutOffReason of the last one, {@link CutOffReason#NONE} where none was
 * @param readers in the order they were asked for
 */
public record RingGlance(
        RingMode mode,
        long generation,
        long capacityBytes,
        long messages,
        long keptBytes,
        long cutOffs,
        long cutOffSlot,
        CutOffReason cutOffReason,
        List<Reader> readers) {
    /** Where it cannot be said how many messages there are. */
    public static final long UNKNOWN = -1;

    /** How a reader stands. */
    public enum Standing {
        /**
         * It has not joined the ring yet; a writer that waits for it waits at the oldest record.
         */
        ABSENT,

        /** Its position is one of the ring. */
        READING,

        /** What it was to read next is not kept any more; it goes on at the oldest record. */
        OVERTAKEN,

        /** Its position is beyond the newest record, which only damage explains. */
        AHEAD
    }

    /**
     * A reader.
     *
     * @param standing how it stands
     * @param behindBytes published and not used by it, as far as they are kept
     * @param behindMessages the same in messages, all of them; {@link #UNKNOWN} where its next
     *     message shows no number yet
     * @param lost messages it was told it has missed, in all rings laid out under this name
     */
    public record Reader(Standing standing, long behindBytes, long behindMessages, long lost) {}

    private static final Reader NOBODY = new Reader(Standing.ABSENT, 0, UNKNOWN, 0);

    /**
     * Looks at a ring.
     *
     * @param writer name of the daemon that writes it
     * @param arena of that daemon; it may hold anything
     * @param place of the ring in it, as the directory says
     * @param readers arenas of the readers; null for one that has none
     * @return empty where there is no whole ring, or it was laid out anew meanwhile
     */
    public static Optional<RingGlance> of(
            final String writer,
            final Memory arena,
            final Structure place,
            final List<Memory> readers) {
        final long base = place.offset();
        if (place.kind() != StructureKind.RING
                || place.bytes() < RingLayout.bytes(RingWriter.MIN_CAPACITY_BYTES)
                || base < 0
                || base > arena.bytes() - place.bytes()) {
            return Optional.empty();
        }
        final long generation = arena.getLongAcquire(base + RingLayout.GENERATION);
        final long capacity = arena.getLong(base + RingLayout.CAPACITY);
        final RingMode mode = RingMode.of(arena.getLong(base + RingLayout.MODE));
        if (generation == 0
                || mode == null
                || !BitUtil.isPowerOfTwo(capacity)
                || RingLayout.RECORDS + capacity != place.bytes()) {
            return Optional.empty();
        }
        final long gate = arena.getLongAcquire(base + RingLayout.GATE);
        final String ring = place.name().substring(place.name().indexOf(':') + 1);
        final long key = RingLayout.cursorKey(writer, ring);
        final List<Cursor> cursors = new ArrayList<>();
        for (final Memory reader : readers) {
            cursors.add(reader == null ? null : Cursor.find(reader, key, generation));
        }
        final long tail = arena.getLongAcquire(base + RingLayout.TAIL);
        // It is stored before the tail, so it may be ahead of it and never behind.
        final long messages = arena.getLongAcquire(base + RingLayout.TAIL_NUMBER);
        final long kept = tail - gate;
        if (gate < 0 || kept < 0 || messages < 0) {
            return Optional.empty();
        }
        final List<Reader> standings = new ArrayList<>();
        for (final Cursor cursor : cursors) {
            standings.add(
                    cursor == null
                            ? NOBODY
                            : cursor.standing(
                                    gate, tail, messages, Math.min(kept, capacity), mode));
        }
        final CutOffReason reason =
                CutOffReason.of(arena.getLong(base + RingLayout.CUT_OFF_REASON));
        final long cutOffs = Math.max(0, arena.getLongAcquire(base + RingLayout.CUT_OFFS));
        if (arena.getLongAcquire(base + RingLayout.GENERATION) != generation) {
            return Optional.empty();
        }
        return Optional.of(
                new RingGlance(
                        mode,
                        generation,
                        capacity,
                        messages,
                        Math.min(kept, capacity),
                        cutOffs,
                        cutOffs == 0 ? 0 : arena.getLong(base + RingLayout.CUT_OFF_READER),
                        cutOffs == 0 ? CutOffReason.NONE : reason,
                        List.copyOf(standings)));
    }

    /**
     * Returns which reader has most to read; one that was overtaken before all others.
     *
     * @return its index, -1 where the ring has no readers
     */
    public int slowest() {
        int slowest = -1;
        for (int i = 0; i < readers.size(); i++) {
            if (slowest < 0 || rank(readers.get(i)) > rank(readers.get(slowest))) {
                slowest = i;
            }
        }
        return slowest;
    }

    /** Returns how many of the bytes the slowest reader has yet to read, in hundredths. */
    public int fillPercent() {
        final int slowest = slowest();
        final long bytes = slowest < 0 ? keptBytes : readers.get(slowest).behindBytes();
        return (int) (100 * bytes / capacityBytes);
    }

    /** Returns how many messages all readers together were told they have missed. */
    public long lost() {
        long lost = 0;
        for (final Reader reader : readers) {
            lost += reader.lost();
        }
        return lost;
    }

    /** One that was overtaken is slower than any that has not. */
    private long rank(final Reader reader) {
        return reader.behindBytes() + (reader.standing() == Standing.OVERTAKEN ? capacityBytes : 0);
    }

    /** The words of a reader's line; whatever is there. */
    private record Cursor(boolean isJoined, long position, long number, long lost) {
        /** Returns null where the arena has no such line, or cannot have one. */
        static Cursor find(final Memory arena, final long key, final long generation) {
            if (arena.bytes() < ArenaLayout.CURSORS_OFFSET + ArenaLayout.CURSORS_BYTES) {
                return null;
            }
            for (int i = 0; i < ArenaLayout.CURSORS; i++) {
                final long line = ArenaLayout.cursor(i);
                if (arena.getLongAcquire(line + ArenaLayout.CURSOR_KEY) == key) {
                    final boolean isJoined =
                            arena.getLongAcquire(line + ArenaLayout.CURSOR_GENERATION)
                                    == generation;
                    return new Cursor(
                            isJoined,
                            arena.getLongAcquire(line + ArenaLayout.CURSOR_POSITION),
                            arena.getLongAcquire(line + ArenaLayout.CURSOR_NUMBER),
                            Math.max(0, arena.getLongAcquire(line + ArenaLayout.CURSOR_LOST)));
                }
            }
            return null;
        }

        Reader standing(
                final long gate,
                final long tail,
                final long messages,
                final long keptBytes,
                final RingMode mode) {
            if (!isJoined) {
                // A ring that waits for nobody holds nothing for it either.
                return new Reader(
                        Standing.ABSENT, mode == RingMode.LATEST ? 0 : keptBytes, UNKNOWN, lost);
            }
            if (position > tail || position < 0) {
                return new Reader(Standing.AHEAD, 0, UNKNOWN, lost);
            }
            final long behind =
                    number < 0 || number > messages
                            ? position == tail ? 0 : UNKNOWN
                            : messages - number;
            return position < gate
                    ? new Reader(Standing.OVERTAKEN, keptBytes, behind, lost)
                    : new Reader(
                            Standing.READING, Math.min(tail - position, keptBytes), behind, lost);
        }
    }
}
