package io.coppice.ring;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.block.BlockPool;
import io.coppice.pool.board.Bells;
import io.coppice.pool.plan.DaemonPlan;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * The writing end of a ring. Everything written in a transaction of the daemon's journal becomes
 * visible to the readers with its commit, all at once, or never. For the daemon's own thread; no
 * method allocates after the first message.
 */
public final class RingWriter {
    /** Returned by {@link #tryClaim} where the slowest reader has to go on first. */
    public static final long NO_SPACE = -1;

    /** Smallest ring. */
    public static final int MIN_CAPACITY_BYTES = 1024;

    /** Largest ring. */
    public static final int MAX_CAPACITY_BYTES = 1 << 30;

    private final Memory arena;
    private final String name;
    private final RingTail tail;
    private final RingGate gate;
    private final RingMode mode;
    private final boolean isChained;

    /** Null where messages travel in no blocks. */
    private final RingFlights flights;

    private final long base;
    private final long capacityBytes;

    private RingWriter(
            final Arena arena,
            final Structure place,
            final String name,
            final RingSettings settings,
            final Bells bells,
            final ReaderGate[] readers) {
        this.arena = arena.memory();
        this.name = name;
        this.mode = settings.mode();
        this.base = place.offset();
        this.capacityBytes = this.arena.getLong(base + RingLayout.CAPACITY);
        this.isChained = settings.isChained();
        this.flights =
                settings.blocks() == null
                        ? null
                        : new RingFlights(
                                this.arena,
                                arena.journal(),
                                settings.blocks(),
                                name,
                                base + RingLayout.bytes((int) capacityBytes));
        this.gate = new RingGate(this.arena, base, mode, readers, settings.clock());
        this.tail = new RingTail(arena, base, name, mode, gate, readers, bells);
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
        final Structure place = RingPlace.layOut(arena, writer, ring, settings, readers);
        final long gate = arena.memory().getLong(place.offset() + RingLayout.GATE);
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

    /** Returns the longest payload of one record, which {@link #tryClaim} takes. */
    public int payloadBytesMax() {
        return RingLayout.payloadBytesMax(capacityBytes);
    }

    /** Returns the longest message that {@link #offer} takes. */
    public int messageBytesMax() {
        final int chained = isChained ? RingLayout.chainBytesMax(capacityBytes) : 0;
        final int inBlock = flights == null ? 0 : flights.blockBytes();
        return Math.max(payloadBytesMax(), Math.max(chained, inBlock));
    }

    /** Returns what the ring does where a reader is slow. */
    public RingMode mode() {
        return mode;
    }

    /**
     * Returns whether a message of a length, in bytes, would find room in the ring now without a
     * reader's being overtaken; always true for {@link RingMode#LATEST}. A long one may still lack
     * a block.
     */
    public boolean hasRoom(final int payloadBytes) {
        final long needed = needed(payloadBytes);
        return mode == RingMode.LATEST
                || tail.pending() + needed - gate.position() <= capacityBytes
                || tail.pending() + needed - gate.advance(gate.position(), tail.published())
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
            throw refused(type, payloadBytes, payloadBytesMax());
        }
        return tail.claim(type, payloadBytes, 1);
    }

    /** Returns what a message takes at worst, with the end of the ring that it may have to fill. */
    private long needed(final int payloadBytes) {
        if (payloadBytes <= payloadBytesMax()) {
            return 2L * RingLayout.recordBytes(payloadBytes);
        }
        if (flights != null && payloadBytes <= flights.blockBytes()) {
            return 2L * RingLayout.recordBytes(RingLayout.BLOCK_PAYLOAD_BYTES);
        }
        final int partBytes = RingLayout.partBytes(capacityBytes);
        final long parts = (payloadBytes + partBytes - 1L) / partBytes;
        return (parts + 1) * partRecordBytes(partBytes);
    }

    private IllegalArgumentException refused(
            final int type, final int payloadBytes, final int most) {
        return new IllegalArgumentException(
                "ring \""
                        + name
                        + "\": a message of type "
                        + type
                        + " and "
                        + payloadBytes
                        + " bytes: types are 0 or more, and at most "
                        + most
                        + (most == payloadBytesMax()
                                ? " bytes fit, a quarter of the ring with a header: raise its"
                                        + " capacity, or offer() longer ones with chained()"
                                : " bytes can be offered here: raise the capacity"));
    }

    /**
     * Gives up a record that was claimed in the transaction under way: no reader is shown it. Its
     * room is free again once the readers have passed it.
     *
     * @param payload as {@link #tryClaim} gave it
     * @throws IllegalArgumentException where this transaction has claimed no such record
     */
    public void abort(final long payload) {
        tail.abort(payload);
    }

    /**
     * Writes a message from a buffer: in one record where it fits, else in a block or as a chain,
     * if the ring was opened for that.
     *
     * @param type 0 or more, for the reader
     * @param length in bytes, 0 to {@link #messageBytesMax}
     * @return false where there is no room, or no free block; then nothing is stored
     * @throws IllegalArgumentException where the message is too long
     * @throws IllegalStateException where the ring never waits and one transaction fills it
     */
    public boolean offer(
            final int type, final DirectBuffer from, final int index, final int length) {
        if (length > payloadBytesMax() && type >= 0) {
            if (flights != null && length <= flights.blockBytes()) {
                return offerInBlock(type, from, index, length);
            }
            if (isChained && length <= RingLayout.chainBytesMax(capacityBytes)) {
                return offerChain(type, from, index, length);
            }
        }
        if (length > messageBytesMax()) {
            throw refused(type, length, messageBytesMax());
        }
        final long payload = tryClaim(type, length);
        if (payload == NO_SPACE) {
            return false;
        }
        arena.putBytes(payload, from, index, length);
        return true;
    }

    /**
     * Sends a block of the pool that the ring was opened with, in place: readers see its first
     * bytes. It is the ring's from then on, is not to be stored into, and goes back to the pool by
     * itself with a later message, or {@link #land}, after every reader that counts has used it.
     *
     * @param type 0 or more, for the reader
     * @param block that this daemon holds, and that travels in no other message
     * @param length in bytes, 0 to those of the block
     * @return false where there is no room; then nothing is stored
     * @throws IllegalStateException where the block cannot be sent
     */
    public boolean offerBlock(final int type, final int block, final int length) {
        if (flights == null) {
            throw new IllegalStateException(
                    "ring \"" + name + "\": sends no blocks, open it inBlocks()");
        }
        if (type < 0) {
            throw refused(type, length, messageBytesMax());
        }
        flights.requireSendable(block, length);
        land();
        final long payload = tail.claim(RingLayout.BLOCK_TYPE, RingLayout.BLOCK_PAYLOAD_BYTES, 1);
        if (payload == NO_SPACE) {
            return false;
        }
        arena.putInt(payload + RingLayout.BLOCK_MESSAGE_TYPE, type);
        arena.putInt(payload + RingLayout.BLOCK_MESSAGE_BYTES, length);
        arena.putLong(payload + RingLayout.BLOCK_OFFSET, flights.offset(block));
        flights.begin(block, tail.pending());
        return true;
    }

    /**
     * Gives blocks back to their pool, at the commit of the transaction under way, that every
     * reader that counts has used. Sending does it too.
     *
     * @return how many
     */
    public int land() {
        if (flights == null || flights.size() == 0) {
            return 0;
        }
        gate.advance(gate.position(), tail.published());
        return flights.land(gate.position());
    }

    /** Returns how many blocks travel, those of messages that were used by all included. */
    public long blocksInFlight() {
        return flights == null ? 0 : flights.size();
    }

    private boolean offerInBlock(
            final int type, final DirectBuffer from, final int index, final int length) {
        land();
        final int block = flights.tryAllocate();
        if (block == BlockPool.NONE) {
            // Whoever may be overtaken is, so that the oldest block is there the next time.
            final long oldest = flights.oldestEnd();
            if (oldest <= tail.published() && gate.makeRoom(oldest, tail.published())) {
                land();
            }
            return false;
        }
        arena.putBytes(flights.offset(block), from, index, length);
        final boolean isSent = offerBlock(type, block, length);
        if (!isSent) {
            flights.release(block);
        }
        return isSent;
    }

    private boolean offerChain(
            final int type, final DirectBuffer from, final int index, final int length) {
        final int partBytes = RingLayout.partBytes(capacityBytes);
        long end = tail.pending();
        for (int sent = 0; sent < length; sent += partBytes) {
            final int recordBytes = partRecordBytes(Math.min(partBytes, length - sent));
            end += tail.paddingAt(end, recordBytes) + recordBytes;
        }
        // For all parts at once, so that none is left alone.
        if (!tail.makeRoom(end)) {
            return false;
        }
        int part = 0;
        for (int sent = 0; sent < length; sent += partBytes) {
            final int carried = Math.min(partBytes, length - sent);
            final long payload =
                    tail.claim(
                            RingLayout.CHAIN_TYPE,
                            RingLayout.PART_HEADER_BYTES + carried,
                            sent + carried == length ? 1 : 0);
            arena.putInt(payload + RingLayout.PART_TYPE, type);
            arena.putInt(payload + RingLayout.PART_INDEX, part++);
            arena.putLong(payload + RingLayout.PART_MESSAGE_BYTES, length);
            arena.putBytes(payload + RingLayout.PART_HEADER_BYTES, from, index + sent, carried);
        }
        return true;
    }

    private static int partRecordBytes(final int carried) {
        return RingLayout.recordBytes(RingLayout.PART_HEADER_BYTES + carried);
    }

    /**
     * Returns whether every reader that counts has used everything published; if not, this daemon
     * is woken when readers go on. Always true for {@link RingMode#LATEST}, whose writer looks at
     * no reader.
     */
    public boolean isDrained() {
        return mode == RingMode.LATEST
                || tail.published() == gate.position()
                || tail.published() == gate.advance(gate.position(), tail.published());
    }

    /**
     * Returns how many published bytes the slowest reader that counts has not used yet; for {@link
     * RingMode#LATEST}, how many are kept.
     */
    public long backlogBytes() {
        return tail.published() - gate.advance(gate.position(), tail.published());
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
        return tail.number();
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
}
