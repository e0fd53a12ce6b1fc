package io.coppice.ring;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.board.Bells;
import io.coppice.pool.plan.DaemonPlan;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * The reading end of a ring in another daemon's arena, which is mapped read-only. The position is
 * kept in a cursor line of the reader's own arena and is part of its transactions. Which mode the
 * ring has, the ring says.
 *
 * <p>Where the writer waits, handlers look into the ring itself. Where it may overtake its readers
 * ({@link RingMode#LATEST}, {@link RingMode#DROPPING}), a record is copied first and handed over
 * only if it was whole to the end of the copy: {@link RingLayout} has the argument. A message that
 * came as a chain is a copy in any case, one that lies in a block is read there.
 *
 * <p>For the daemon's own thread; allocates while it looks for the ring, and where a longer message
 * than any before has to be copied.
 */
public final class RingReader {
    /** Where the writer overtakes so often in a row, the caller may look after other things. */
    private static final int TRIES = 1000;

    private final Journal journal;
    private final Bells bells;
    private final int writerSlot;
    private final String name;
    private final RingCursor cursor;
    private final MappedRing ring;
    private final RingMessage message;
    private final RingJoin join;
    private final RingStart start;
    private final RingWait wait;
    private LossHandler lossHandler = messages -> {};
    private boolean isStarted;
    private boolean isJoined;

    /** As of the last commit. */
    private long position;

    /** Of the transaction under way. */
    private long tail;

    private long at;
    private long number;
    private long lost;

    private RingReader(
            final Arena arena,
            final RingCursor cursor,
            final DaemonPlan writer,
            final String ring,
            final Path runDirectory,
            final Bells bells,
            final RingStart start) {
        this.journal = arena.journal();
        this.bells = bells;
        this.writerSlot = writer.slot();
        this.name = writer.name() + "/" + ring;
        this.cursor = cursor;
        this.ring =
                new MappedRing(
                        runDirectory.resolve(writer.arenaFile()), RingLayout.structureName(ring));
        this.message = new RingMessage(this.ring);
        this.join = new RingJoin(name, cursor, this.ring);
        this.start = start;
        this.wait = new RingWait(runDirectory.resolve(writer.arenaFile()), writer.name(), ring);
    }

    /**
     * Opens the reading end where the last commit was. Only while the arena is open.
     *
     * @throws ArenaException where this daemon reads too many rings
     */
    public static RingReader open(
            final Arena arena,
            final DaemonPlan writer,
            final String ring,
            final Path runDirectory,
            final Bells bells) {
        return open(arena, writer, ring, runDirectory, bells, RingStart.committed());
    }

    /**
     * Opens the reading end, whether or not the writer has laid out its ring yet. Only while the
     * arena is open.
     *
     * @param start where this incarnation begins
     * @throws ArenaException where this daemon reads too many rings
     */
    public static RingReader open(
            final Arena arena,
            final DaemonPlan writer,
            final String ring,
            final Path runDirectory,
            final Bells bells,
            final RingStart start) {
        final String name = writer.name() + "/" + ring;
        if (!arena.isOpen()) {
            throw new ArenaException("ring \"" + name + "\": readers are opened in open()");
        }
        final RingCursor cursor =
                RingCursor.open(arena, RingLayout.cursorKey(writer.name(), ring), name);
        return new RingReader(arena, cursor, writer, ring, runDirectory, bells, start);
    }

    /**
     * Hands messages to a handler, all in one transaction.
     *
     * @param limit of messages; what they change must fit the journal
     * @return how many there were
     * @throws DamagedRingException where the ring, or this reader's position, is damaged
     */
    public int poll(final MessageHandler handler, final int limit) {
        if (!prepare()) {
            return 0;
        }
        journal.begin();
        try {
            final int count = read(handler, limit);
            if (!defer()) {
                return 0;
            }
            journal.commit();
            committed();
            return count;
        } finally {
            if (journal.isActive()) {
                journal.rollback();
            }
        }
    }

    /**
     * Has someone told of messages that were lost, in the transaction of the next message. A later
     * call replaces the handler.
     */
    public void onLoss(final LossHandler handler) {
        lossHandler = handler;
    }

    /** Sets after how many nanoseconds without the ring {@link #problem} says so; at first 10 s. */
    public void waitAtMost(final long durationNs) {
        waitAtMost(durationNs, SystemNanoClock.INSTANCE);
    }

    void waitAtMost(final long durationNs, final NanoClock clock) {
        if (durationNs < 0) {
            throw new IllegalArgumentException("waiting at most " + durationNs + " ns: 0 or more");
        }
        wait.setPatience(durationNs, clock);
    }

    /**
     * Returns why there is nothing to read, as far as {@link #poll} has looked: one line that says
     * which rings the writer has where this one has not been laid out in time, or what of it this
     * program cannot read. Null while there is no reason. The reader goes on looking meanwhile.
     */
    public String problem() {
        return wait.problem();
    }

    /**
     * Gives up everything that is published and not read, after {@link #poll} has said that it is
     * damaged. It counts as lost, as far as the ring says how much it is, and the loss is told in
     * the same transaction; to be called outside of any.
     *
     * @throws DamagedRingException where the tail cannot be one either
     */
    public void skip() {
        if (!prepare()) {
            return;
        }
        if (tail % RingLayout.ALIGNMENT != 0) {
            throw damaged("the tail " + tail + " cannot be one");
        }
        final long next = ring.tailNumber();
        journal.begin();
        try {
            if (number != RingCursor.ANY && next > number && next - number <= tail - position) {
                miss(next);
            }
            number = RingCursor.ANY;
            at = tail;
            if (defer()) {
                journal.commit();
                committed();
            }
        } finally {
            if (journal.isActive()) {
                journal.rollback();
            }
        }
    }

    /**
     * Returns how many messages this reader has lost since its arena was laid out, as of its last
     * commit. Those are counted with the next message that is read.
     */
    public long lost() {
        return cursor.lost();
    }

    /**
     * Returns the number of the next message as of the last commit, for {@link RingStart#at}; -1
     * where that shows with the first message only, as it may behind the newest one.
     */
    public long number() {
        return cursor.number();
    }

    /** Returns how many published bytes wait to be read; 0 while the ring is not there yet. */
    public long backlogBytes() {
        return isJoined && ring.isAttached() ? Math.max(0, ring.tail() - position) : 0;
    }

    /** Returns how many times the writer has cut a reader off; 0 while the ring is not there. */
    public long cutOffs() {
        return isJoined && ring.isAttached() ? ring.cutOffs() : 0;
    }

    Journal journal() {
        return journal;
    }

    /**
     * Attaches where need be, and returns whether there is something to read. Outside of a
     * transaction, before {@link #read}.
     */
    boolean prepare() {
        if (!isJoined || !ring.isAttached()) {
            isJoined = false;
            if (!attach()) {
                return false;
            }
        }
        tail = ring.tail();
        at = position;
        number = cursor.number();
        lost = cursor.lost();
        return tail > position;
    }

    /** Returns whether {@link #read} might find more. */
    boolean hasMore() {
        return at < tail;
    }

    /**
     * Hands messages to a handler, inside the transaction under way, and goes on where the call
     * before in the same transaction has ended.
     *
     * @return how many there were
     */
    int read(final MessageHandler handler, final int limit) {
        int count = 0;
        for (int overtaken = 0; at < tail && count < limit && overtaken < TRIES; ) {
            message.look(at, tail);
            if (mayOvertake() && !ring.isKept(at)) {
                requireSame();
                at = ring.gate();
                overtaken++;
                continue;
            }
            if (message.isUnsound()) {
                if (!mayOvertake() && !ring.isKept(position)) {
                    // It was cut off, and reads what is being overwritten: defer() sees that too.
                    return count;
                }
                throw damaged(
                        "the record at position " + at + " claims " + ring.length(at) + " bytes");
            }
            if (!message.isPadding()) {
                // Of a message whose beginning is gone the rest is lost too.
                final long there = message.number() + (message.isRest() ? 1 : 0);
                if (there != number && number != RingCursor.ANY) {
                    if (!mayOvertake() && !ring.isKept(position)) {
                        return count;
                    }
                    miss(there);
                }
                number = message.isRest() ? there : there + 1;
            }
            at = message.end();
            if (message.isMessage()) {
                handler.onMessage(
                        message.type(), message.buffer(), message.index(), message.length());
                count++;
            }
        }
        return count;
    }

    /**
     * Has the position stored by the commit of the transaction under way; false where the writer
     * has cut this reader off meanwhile, so that nothing of the transaction may stand.
     */
    boolean defer() {
        requireSame();
        if (!mayOvertake() && !ring.isKept(position)) {
            requireSame();
            // It begins again, and is told what it has lost.
            isJoined = false;
            return false;
        }
        cursor.defer(at, number, lost);
        return true;
    }

    /** After the commit: lets a writer that waits know. */
    void committed() {
        if (cursor.position() != position) {
            position = cursor.position();
            // Either the writer sees the position or this sees that it waits; a release store
            // alone may come later.
            VarHandle.fullFence();
            if (ring.isWriterWaiting()) {
                bells.ring(writerSlot);
            }
        }
    }

    private boolean mayOvertake() {
        return ring.mode().mayOvertake();
    }

    private void miss(final long there) {
        if (there < number) {
            throw damaged(
                    "the record at position " + at + " is number " + there + ", not " + number);
        }
        lost += there - number;
        lossHandler.onLost(there - number);
    }

    private void requireSame() {
        if (!ring.isSame()) {
            isJoined = false;
            ring.detach();
            throw new ArenaException("ring \"" + name + "\": was laid out anew while it was read");
        }
    }

    private boolean attach() {
        if (!ring.attach()) {
            wait.goOn(ring.difference());
            return false;
        }
        wait.end();
        if (cursor.generation() != ring.generation()) {
            join.at(ring.announcedGate(), RingCursor.ANY);
        }
        if (!isStarted) {
            join.begin(start);
        }
        // Not only at the beginning: an incarnation that began may have died before it looked
        // again, and one that was cut off has to begin again.
        final long kept = mayOvertake() ? 0 : ring.announcedGate();
        if (kept > cursor.position()) {
            join.at(kept, cursor.number());
        }
        position = cursor.position();
        final long newest = ring.tail();
        if (position < 0 || position > newest || position % RingLayout.ALIGNMENT != 0) {
            throw damaged(
                    "this reader's position "
                            + position
                            + " is none up to "
                            + newest
                            + ": reset the reading daemon, or open the ring at another start");
        }
        isStarted = true;
        isJoined = true;
        return true;
    }

    private DamagedRingException damaged(final String what) {
        return new DamagedRingException("ring \"" + name + "\": " + what);
    }
}
