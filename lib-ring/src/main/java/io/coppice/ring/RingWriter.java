package io.coppice.ring;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.JournalListener;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.board.Bells;
import io.coppice.pool.plan.DaemonPlan;
import java.nio.file.Path;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

/**
 * The writing end of a ring. Everything written in a transaction of the daemon's journal becomes
 * visible to the readers with its commit, all at once, or never. For the daemon's own thread; no
 * method allocates after the first message.
 */
public final class RingWriter implements JournalListener {
    /** Returned by {@link #tryClaim} where the slowest reader has to go on first. */
    public static final long NO_SPACE = -1;

    /** Smallest ring. */
    public static final int MIN_CAPACITY_BYTES = 1024;

    /** Largest ring. */
    public static final int MAX_CAPACITY_BYTES = 1 << 30;

    private final Memory arena;
    private final Journal journal;
    private final Bells bells;
    private final ReaderGate[] readers;
    private final long base;
    private final long capacityBytes;
    private final long generation;
    private long pendingTail;
    private long publishedTail;
    private long gate;

    private RingWriter(
            final Arena arena,
            final Structure place,
            final Bells bells,
            final ReaderGate[] readers,
            final long gate) {
        this.arena = arena.memory();
        this.journal = arena.journal();
        this.bells = bells;
        this.readers = readers;
        this.base = place.offset();
        this.capacityBytes = this.arena.getLong(base + RingLayout.CAPACITY);
        this.generation = this.arena.getLong(base + RingLayout.GENERATION);
        this.gate = gate;
        this.publishedTail = this.arena.getLong(base + RingLayout.TAIL);
        this.pendingTail = publishedTail;
        journal.addListener(this);
    }

    /**
     * Lays a ring out in the daemon's arena, or finds it there. Only while the arena is open.
     *
     * @param capacityBytes a power of two, at least {@link #MIN_CAPACITY_BYTES}
     * @param readers that hold the writer back
     */
    public static RingWriter open(
            final Arena arena,
            final DaemonPlan writer,
            final String ring,
            final int capacityBytes,
            final List<DaemonPlan> readers,
            final Path runDirectory,
            final Bells bells) {
        if (!BitUtil.isPowerOfTwo(capacityBytes) || capacityBytes < MIN_CAPACITY_BYTES) {
            throw new ArenaException(
                    writer.name()
                            + ": ring \""
                            + ring
                            + "\" of "
                            + capacityBytes
                            + " bytes: use a power of two from "
                            + MIN_CAPACITY_BYTES);
        }
        final Structure place =
                arena.structure(
                        RingLayout.structureName(ring),
                        StructureKind.RING,
                        RingLayout.bytes(capacityBytes));
        final Memory memory = arena.memory();
        if (memory.getLongAcquire(place.offset() + RingLayout.GENERATION) == 0) {
            memory.putLong(place.offset() + RingLayout.CAPACITY, capacityBytes);
            memory.putLongRelease(place.offset() + RingLayout.GENERATION, arena.generation());
        }
        final long gate = memory.getLong(place.offset() + RingLayout.GATE);
        memory.putLongVolatile(place.offset() + RingLayout.ANNOUNCED_GATE, gate);
        final ReaderGate[] gates = new ReaderGate[readers.size()];
        for (int i = 0; i < gates.length; i++) {
            final DaemonPlan reader = readers.get(i);
            gates[i] =
                    new ReaderGate(
                            runDirectory.resolve(reader.arenaFile()),
                            reader.slot(),
                            RingLayout.cursorKey(writer.name(), ring),
                            gate);
        }
        return new RingWriter(arena, place, bells, gates, gate);
    }

    /** Returns the longest payload. */
    public int payloadBytesMax() {
        return RingLayout.payloadBytesMax(capacityBytes);
    }

    /** Returns whether a payload of a length would find room now. */
    public boolean hasRoom(final int payloadBytes) {
        // At worst the record does not fit before the end and that end is padded.
        final long needed = 2L * RingLayout.recordBytes(payloadBytes);
        return pendingTail + needed - gate <= capacityBytes
                || pendingTail + needed - advanceGate() <= capacityBytes;
    }

    /**
     * Claims a record, to be filled in place through the arena's memory before the commit.
     *
     * @param type 0 or more, for the reader
     * @param payloadBytes 0 to {@link #payloadBytesMax}
     * @return offset of the payload in the arena, or {@link #NO_SPACE}
     */
    public long tryClaim(final int type, final int payloadBytes) {
        if (type < 0 || payloadBytes < 0 || payloadBytes > payloadBytesMax()) {
            throw new IllegalArgumentException(
                    "type "
                            + type
                            + ", "
                            + payloadBytes
                            + " bytes: at most "
                            + payloadBytesMax()
                            + " fit this ring");
        }
        final int recordBytes = RingLayout.recordBytes(payloadBytes);
        final long toEnd = capacityBytes - (pendingTail & capacityBytes - 1);
        final long padding = toEnd < recordBytes ? toEnd : 0;
        if (pendingTail + padding + recordBytes - gate > capacityBytes
                && pendingTail + padding + recordBytes - advanceGate() > capacityBytes) {
            return NO_SPACE;
        }
        if (padding > 0) {
            header(
                    pendingTail,
                    RingLayout.PADDING_TYPE,
                    (int) padding - RingLayout.RECORD_HEADER_BYTES);
        }
        final long record = pendingTail + padding;
        header(record, type, payloadBytes);
        journal.deferLong(base + RingLayout.TAIL, record + recordBytes);
        pendingTail = record + recordBytes;
        return place(record) + RingLayout.RECORD_HEADER_BYTES;
    }

    /** Writes a record from a buffer; false where there is no room. */
    public boolean offer(
            final int type, final DirectBuffer from, final int index, final int length) {
        final long payload = tryClaim(type, length);
        if (payload == NO_SPACE) {
            return false;
        }
        arena.putBytes(payload, from, index, length);
        return true;
    }

    /**
     * Returns whether every reader has used everything published; if not, this daemon is woken when
     * readers go on.
     */
    public boolean isDrained() {
        return publishedTail == gate || publishedTail == advanceGate();
    }

    /** Returns how many published bytes the slowest reader has not used yet. */
    public long backlogBytes() {
        return publishedTail - advanceGate();
    }

    @Override
    public void onCommit() {
        if (pendingTail != publishedTail) {
            publishedTail = pendingTail;
            for (final ReaderGate reader : readers) {
                bells.ring(reader.slot());
            }
        }
    }

    @Override
    public void onRollback() {
        pendingTail = publishedTail;
    }

    @Override
    public void onRollbackToSavepoint() {
        pendingTail = journal.deferredLong(base + RingLayout.TAIL, publishedTail);
    }

    /** Looks where the readers are; where one lags, has it ring when it goes on. */
    private long advanceGate() {
        arena.putLongVolatile(base + RingLayout.WRITER_WAITS, 1);
        long least = slowest();
        if (least != gate) {
            arena.putLongVolatile(base + RingLayout.ANNOUNCED_GATE, least);
            final long again = slowest();
            if (again < least) {
                least = again;
                arena.putLongVolatile(base + RingLayout.ANNOUNCED_GATE, least);
            }
            gate = least;
            arena.putLongRelease(base + RingLayout.GATE, gate);
        }
        if (gate == publishedTail) {
            arena.putLongRelease(base + RingLayout.WRITER_WAITS, 0);
        }
        return gate;
    }

    private long slowest() {
        long least = publishedTail;
        for (final ReaderGate reader : readers) {
            least = Math.min(least, reader.position(generation, gate, publishedTail));
        }
        return least;
    }

    private void header(final long position, final int type, final int payloadBytes) {
        arena.putInt(place(position) + RingLayout.RECORD_LENGTH, payloadBytes);
        arena.putInt(place(position) + RingLayout.RECORD_TYPE, type);
    }

    private long place(final long position) {
        return base + RingLayout.RECORDS + (position & capacityBytes - 1);
    }
}
