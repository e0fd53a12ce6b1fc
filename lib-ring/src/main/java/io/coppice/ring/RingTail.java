package io.coppice.ring;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Journal;
import io.coppice.pool.JournalListener;
import io.coppice.pool.Memory;
import io.coppice.pool.board.Bells;

/**
 * The end of a ring that grows: records that the transaction under way has claimed, and how they
 * are published with it. Ordering: {@link RingLayout}. For the writer's thread.
 */
final class RingTail implements JournalListener {
    private static final long NONE = -1;

    /** The lines of a short message: one that it begins in, and the next. */
    private static final int FETCHED_BYTES = 2 * ArenaLayout.ALIGNMENT;

    private final Memory arena;
    private final Journal journal;
    private final long base;
    private final String name;
    private final RingMode mode;
    private final RingGate gate;
    private final ReaderGate[] readers;
    private final Bells bells;
    private final long capacityBytes;
    private long pendingTail;
    private long publishedTail;
    private long pendingNumber;
    private long publishedNumber;

    /** What the journal has for the tail since the last savepoint. */
    private long deferredTail = NONE;

    RingTail(
            final Arena arena,
            final long base,
            final String name,
            final RingMode mode,
            final RingGate gate,
            final ReaderGate[] readers,
            final Bells bells) {
        this.arena = arena.memory();
        this.journal = arena.journal();
        this.base = base;
        this.name = name;
        this.mode = mode;
        this.gate = gate;
        this.readers = readers;
        this.bells = bells;
        this.capacityBytes = this.arena.getLong(base + RingLayout.CAPACITY);
        this.publishedTail = this.arena.getLong(base + RingLayout.TAIL);
        this.pendingTail = publishedTail;
        this.publishedNumber = this.arena.getLong(base + RingLayout.TAIL_NUMBER);
        this.pendingNumber = publishedNumber;
        journal.addListener(this);
    }

    /** Returns the position behind the last record that readers see. */
    long published() {
        return publishedTail;
    }

    /** Returns the position behind the last record that was claimed. */
    long pending() {
        return pendingTail;
    }

    /** Returns the number of the next record. */
    long number() {
        return pendingNumber;
    }

    /**
     * Claims a record.
     *
     * @param numbers how far it moves the number of the next record: 0 or 1
     * @return offset of its payload in the arena, or {@link RingWriter#NO_SPACE}
     */
    long claim(final int type, final int payloadBytes, final int numbers) {
        final int recordBytes = RingLayout.recordBytes(payloadBytes);
        final long padding = paddingAt(pendingTail, recordBytes);
        final long record = pendingTail + padding;
        if (!makeRoom(record + recordBytes)) {
            return RingWriter.NO_SPACE;
        }
        if (deferredTail == NONE) {
            // Before anything is stored, since the journal may be full; later claims leave it to
            // beforeCommit() to say what they have become.
            defer(pendingNumber + numbers, record + recordBytes);
        }
        if (padding > 0) {
            header(
                    pendingTail,
                    RingLayout.PADDING_TYPE,
                    (int) padding - RingLayout.RECORD_HEADER_BYTES);
        }
        header(record, type, payloadBytes);
        arena.putLong(place(record) + RingLayout.RECORD_NUMBER, pendingNumber);
        pendingTail = record + recordBytes;
        pendingNumber += numbers;
        return place(record) + RingLayout.RECORD_HEADER_BYTES;
    }

    /** Returns what fills the end of the ring where a record would not fit before it. */
    long paddingAt(final long position, final int recordBytes) {
        final long toEnd = capacityBytes - (position & capacityBytes - 1);
        return toEnd < recordBytes ? toEnd : 0;
    }

    /**
     * Has the gate far enough for records up to a position.
     *
     * @throws IllegalStateException where the ring never waits and this transaction fills it
     */
    boolean makeRoom(final long end) {
        if (gate.makeRoom(end - capacityBytes, publishedTail)) {
            return true;
        }
        if (mode == RingMode.LATEST) {
            throw new IllegalStateException(
                    "ring \""
                            + name
                            + "\": the messages of one transaction fill its "
                            + capacityBytes
                            + " bytes: commit earlier, or raise its capacity");
        }
        return false;
    }

    /** Gives up a record that was claimed in the transaction under way. */
    void abort(final long payload) {
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

    @Override
    public void beforeCommit() {
        if (deferredTail != NONE && deferredTail != pendingTail) {
            defer(pendingNumber, pendingTail);
        }
        deferredTail = NONE;
    }

    private void defer(final long number, final long tail) {
        journal.deferLong(base + RingLayout.TAIL_NUMBER, number);
        journal.deferLong(base + RingLayout.TAIL, tail);
        deferredTail = tail;
    }

    @Override
    public void onCommit() {
        if (pendingTail != publishedTail) {
            publishedTail = pendingTail;
            publishedNumber = pendingNumber;
            for (final ReaderGate reader : readers) {
                bells.ring(reader.slot());
            }
            fetchNext();
        }
    }

    /**
     * Takes the cache lines of the next record while nobody waits for it: readers have had them,
     * and the stores of a commit become visible only after those of its records. Nobody looks
     * there.
     */
    private void fetchNext() {
        if (publishedTail + FETCHED_BYTES - capacityBytes <= gate.position()) {
            arena.putLong(place(publishedTail), 0);
            arena.putLong(place(publishedTail + ArenaLayout.ALIGNMENT), 0);
        }
    }

    @Override
    public void onRollback() {
        deferredTail = NONE;
        pendingTail = publishedTail;
        pendingNumber = publishedNumber;
    }

    @Override
    public void onRollbackToSavepoint() {
        deferredTail = NONE;
        pendingTail = journal.deferredLong(base + RingLayout.TAIL, publishedTail);
        pendingNumber = journal.deferredLong(base + RingLayout.TAIL_NUMBER, publishedNumber);
    }

    private void header(final long position, final int type, final int payloadBytes) {
        // Both halves of the word at once.
        arena.putLong(
                place(position) + RingLayout.RECORD_LENGTH,
                (long) type << Integer.SIZE | Integer.toUnsignedLong(payloadBytes));
    }

    private long place(final long position) {
        return base + RingLayout.RECORDS + (position & capacityBytes - 1);
    }
}
