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
    private final String name;
    private final ReaderGate[] readers;
    private final RingGate gate;
    private final RingMode mode;
    private final long base;
    private final long capacityBytes;
    private long pendingTail;
    private long publishedTail;
    private long pendingNumber;
    private long publishedNumber;

    private RingWriter(
            final Arena arena,
            final Structure place,
            final String name,
            final RingSettings settings,
            final Bells bells,
            final ReaderGate[] readers) {
        this.arena = arena.memory();
        this.journal = arena.journal();
        this.bells = bells;
        this.name = name;
        this.readers = readers;
        this.mode = settings.mode();
        this.base = place.offset();
        this.capacityBytes = this.arena.getLong(base + RingLayout.CAPACITY);
        this.gate = new RingGate(this.arena, base, mode, readers, settings.clock());
        this.publishedTail = this.arena.getLong(base + RingLayout.TAIL);
        this.pendingTail = publishedTail;
        this.publishedNumber = this.arena.getLong(base + RingLayout.TAIL_NUMBER);
        this.pendingNumber = publishedNumber;
        journal.addListener(this);
    }

    /**
     * Lays a lossless ring out in the daemon's arena, or finds it there. Only while the arena is
     * open.
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
        final RingSettings settings = RingSettings.lossless(capacityBytes);
        return open(arena, writer, ring, settings, readers, runDirectory, bells);
    }

    /**
     * Lays a ring out in the daemon's arena, or finds it there. Only while the arena is open.
     *
     * @param settings of the ring; its mode stays what it was laid out with
     * @param readers that are woken, and hold the writer back where the mode says so
     * @throws ArenaException where the ring is there with another capacity or mode, or the settings
     *     name a reader that is none
     */
    public static RingWriter open(
            final Arena arena,
            final DaemonPlan writer,
            final String ring,
            final RingSettings settings,
            final List<DaemonPlan> readers,
            final Path runDirectory,
            final Bells bells) {
        final int capacityBytes = settings.capacityBytes();
        final String who = writer.name() + ": ring \"" + ring + "\"";
        if (!BitUtil.isPowerOfTwo(capacityBytes) || capacityBytes < MIN_CAPACITY_BYTES) {
            throw new ArenaException(
                    who
                            + " of "
                            + capacityBytes
                            + " bytes: use a power of two from "
                            + MIN_CAPACITY_BYTES);
        }
        for (final String reader : settings.policies().keySet()) {
            if (readers.stream().noneMatch(each -> each.name().equals(reader))) {
                throw new ArenaException(
                        who
                                + " has a policy for \""
                                + reader
                                + "\", which does not read it: add it to the \"readers\"");
            }
        }
        final Structure place =
                arena.structure(
                        RingLayout.structureName(ring),
                        StructureKind.RING,
                        RingLayout.bytes(capacityBytes));
        final Memory memory = arena.memory();
        final long base = place.offset();
        if (memory.getLongAcquire(base + RingLayout.GENERATION) == 0) {
            memory.putLong(base + RingLayout.CAPACITY, capacityBytes);
            memory.putLong(base + RingLayout.MODE, settings.mode().ordinal());
            memory.putLong(base + RingLayout.LAYOUT_VERSION, RingLayout.LAYOUT);
            memory.putLongRelease(base + RingLayout.GENERATION, arena.generation());
        }
        final String difference =
                RingLayout.difference(memory.getLong(base + RingLayout.LAYOUT_VERSION));
        if (difference != null) {
            throw new ArenaException(who + " " + difference);
        }
        final RingMode there = RingMode.of(memory.getLong(base + RingLayout.MODE));
        if (there != settings.mode()) {
            throw new ArenaException(
                    who
                            + " is "
                            + there
                            + ", this build wants "
                            + settings.mode()
                            + ": use another name, or reset the daemon");
        }
        final long gate = memory.getLong(base + RingLayout.GATE);
        final ReaderGate[] gates = new ReaderGate[readers.size()];
        for (int i = 0; i < gates.length; i++) {
            final DaemonPlan reader = readers.get(i);
            gates[i] =
                    new ReaderGate(
                            runDirectory.resolve(reader.arenaFile()),
                            reader.slot(),
                            RingLayout.cursorKey(writer.name(), ring),
                            settings.policy(reader.name()),
                            gate);
        }
        return new RingWriter(arena, place, writer.name() + "/" + ring, settings, bells, gates);
    }

    /** Returns the longest payload. */
    public int payloadBytesMax() {
        return RingLayout.payloadBytesMax(capacityBytes);
    }

    /** Returns what the ring does where a reader is slow. */
    public RingMode mode() {
        return mode;
    }

    /**
     * Returns whether a payload of a length, in bytes, would find room now without a reader's being
     * overtaken; always true for {@link RingMode#LATEST}.
     */
    public boolean hasRoom(final int payloadBytes) {
        // At worst the record does not fit before the end and that end is padded.
        final long needed = 2L * RingLayout.recordBytes(payloadBytes);
        return mode == RingMode.LATEST
                || pendingTail + needed - gate.position() <= capacityBytes
                || pendingTail + needed - gate.advance(gate.position(), publishedTail)
                        <= capacityBytes;
    }

    /**
     * Claims a record, to be filled in place through the arena's memory before the commit, which
     * publishes it together with all others of the transaction. {@link #abort} gives it up; so does
     * a rollback.
     *
     * @param type 0 or more, for the reader
     * @param payloadBytes 0 to {@link #payloadBytesMax}
     * @return offset of the payload in the arena, or {@link #NO_SPACE}, never for {@link
     *     RingMode#LATEST}
     * @throws IllegalArgumentException where the payload is too long for the ring
     * @throws IllegalStateException where the ring never waits and one transaction fills it
     */
    public long tryClaim(final int type, final int payloadBytes) {
        if (type < 0 || payloadBytes < 0 || payloadBytes > payloadBytesMax()) {
            throw refused(type, payloadBytes);
        }
        final int recordBytes = RingLayout.recordBytes(payloadBytes);
        final long toEnd = capacityBytes - (pendingTail & capacityBytes - 1);
        final long padding = toEnd < recordBytes ? toEnd : 0;
        final long record = pendingTail + padding;
        if (!gate.makeRoom(record + recordBytes - capacityBytes, publishedTail)) {
            if (mode == RingMode.LATEST) {
                throw new IllegalStateException(
                        "ring \""
                                + name
                                + "\": the messages of one transaction fill its "
                                + capacityBytes
                                + " bytes: commit earlier, or raise its capacity");
            }
            return NO_SPACE;
        }
        // Before anything is stored: the journal may be full.
        journal.deferLong(base + RingLayout.TAIL_NUMBER, pendingNumber + 1);
        journal.deferLong(base + RingLayout.TAIL, record + recordBytes);
        if (padding > 0) {
            header(
                    pendingTail,
                    RingLayout.PADDING_TYPE,
                    (int) padding - RingLayout.RECORD_HEADER_BYTES);
        }
        header(record, type, payloadBytes);
        arena.putLong(place(record) + RingLayout.RECORD_NUMBER, pendingNumber);
        pendingTail = record + recordBytes;
        pendingNumber++;
        return place(record) + RingLayout.RECORD_HEADER_BYTES;
    }

    private IllegalArgumentException refused(final int type, final int payloadBytes) {
        return new IllegalArgumentException(
                "ring \""
                        + name
                        + "\": a message of type "
                        + type
                        + " and "
                        + payloadBytes
                        + " bytes: types are 0 or more, and at most "
                        + payloadBytesMax()
                        + " bytes fit, a quarter of the ring with a header");
    }

    /**
     * Gives up a record that was claimed in the transaction under way: no reader is shown it. Its
     * room is free again once the readers have passed it.
     *
     * @param payload as {@link #tryClaim} gave it
     * @throws IllegalArgumentException where this transaction has claimed no such record
     */
    public void abort(final long payload) {
        final long place = payload - RingLayout.RECORD_HEADER_BYTES - base - RingLayout.RECORDS;
        final long behind = place - publishedTail & capacityBytes - 1;
        if (place < 0
                || place >= capacityBytes
                || place % RingLayout.ALIGNMENT != 0
                || behind >= pendingTail - publishedTail) {
            throw new IllegalArgumentException(
                    "ring \"" + name + "\": no record was claimed at " + payload);
        }
        arena.putInt(place(place) + RingLayout.RECORD_TYPE, RingLayout.ABORTED_TYPE);
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
     * Returns whether every reader that counts has used everything published; if not, this daemon
     * is woken when readers go on. Always true for {@link RingMode#LATEST}, whose writer looks at
     * no reader.
     */
    public boolean isDrained() {
        return mode == RingMode.LATEST
                || publishedTail == gate.position()
                || publishedTail == gate.advance(gate.position(), publishedTail);
    }

    /**
     * Returns how many published bytes the slowest reader that counts has not used yet; for {@link
     * RingMode#LATEST}, how many are kept.
     */
    public long backlogBytes() {
        return publishedTail - gate.advance(gate.position(), publishedTail);
    }

    /**
     * Returns the generation of the arena when the ring was laid out: numbers began at 0 then, and
     * it is unlike that of any earlier ring of this name.
     */
    public long generation() {
        return arena.getLong(base + RingLayout.GENERATION);
    }

    /** Returns the number of the message that comes next, from 0. */
    public long number() {
        return pendingNumber;
    }

    /** Returns how many times a reader was cut off since the ring was laid out. */
    public long cutOffs() {
        return arena.getLong(base + RingLayout.CUT_OFFS);
    }

    /**
     * Returns why a reader is cut off, as far as the writer has looked.
     *
     * @param reader index in the list that the ring was opened with
     */
    public CutOffReason cutOff(final int reader) {
        return gate.reason(reader);
    }

    @Override
    public void onCommit() {
        if (pendingTail != publishedTail) {
            publishedTail = pendingTail;
            publishedNumber = pendingNumber;
            for (final ReaderGate reader : readers) {
                bells.ring(reader.slot());
            }
        }
    }

    @Override
    public void onRollback() {
        pendingTail = publishedTail;
        pendingNumber = publishedNumber;
    }

    @Override
    public void onRollbackToSavepoint() {
        pendingTail = journal.deferredLong(base + RingLayout.TAIL, publishedTail);
        pendingNumber = journal.deferredLong(base + RingLayout.TAIL_NUMBER, publishedNumber);
    }

    private void header(final long position, final int type, final int payloadBytes) {
        arena.putInt(place(position) + RingLayout.RECORD_LENGTH, payloadBytes);
        arena.putInt(place(position) + RingLayout.RECORD_TYPE, type);
    }

    private long place(final long position) {
        return base + RingLayout.RECORDS + (position & capacityBytes - 1);
    }
}
