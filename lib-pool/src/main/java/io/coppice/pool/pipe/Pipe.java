package io.coppice.pool.pipe;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.Reclaimable;
import io.coppice.pool.lock.WaitingRoom;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A queue between the processes of a daemon: many offer, many poll, and each message goes to
 * exactly one of them, whoever dies.
 *
 * <pre>{@code
 * journal.recover();
 * Pipe orders = Pipe.attach("orders", os, journal, arena, offset, bytes, 1);  // process 1
 * if (orders.awaitMessage(timeoutNs)) {
 *     journal.begin();
 *     int length = orders.tryPoll(buffer, 0);      // EMPTY where another was faster
 *     ...
 *     journal.commit();                            // now the message is gone
 * }
 * }</pre>
 *
 * <p><b>Transactions.</b> Offers and polls belong to the transaction under way. What is offered is
 * there for others from the commit on, and for this process too; until then it takes its place in
 * the pipe. What is polled is in this process's hands until the commit, and gone with it; after a
 * rollback, a return to an earlier savepoint or a death that was handed back it is there again.
 * What a dead process's transaction committed stands.
 *
 * <p><b>Order.</b> Messages have numbers: in the order of the commits that brought them, and those
 * of one transaction in the order of its offers; commits that run at the same time may mix theirs.
 * A poll gets the message with the lowest number that nobody has in hands. A message that comes
 * back keeps its number, so it is the next, though later ones may have been polled meanwhile. Where
 * a process died in its commit, the rest of its messages are numbered when it is handed back.
 *
 * <p><b>Capacity.</b> Every message counts from its offer to the commit that polls it. Full and
 * empty are answers, not errors; both are of the moment.
 *
 * <p><b>Waiting.</b> {@link #awaitMessage} and {@link #awaitSpace} may be called at any time, and
 * between transactions is the best of them: {@link #offer} and {@link #poll} wait inside one, which
 * keeps all the while what it has polled, the room of what it has offered, and its locks. It waits
 * in vain for what its own commit would bring. Waiting spins, then sleeps on a futex for 100 ms at
 * most at a time; whoever offers or polls makes a system call only where someone may sleep.
 *
 * <p><b>Ordering.</b> Nobody waits for anybody to finish a step. A slot's word goes from free to
 * OFFERED to READY to POLLED to free by compare-and-sets, of which only those from free and from
 * READY are contended; the message is stored while the word is OFFERED, and read while it is
 * POLLED. These words cannot be undone by the journal, since many change them, so they say whose
 * they are and of which of its transactions: see {@link Hands} for how a death is told from a
 * commit, and {@link PipeQueue} for how messages are found.
 *
 * <p>For one thread of one process. Only {@link #attach}, {@link #layOut}, {@link #reclaim}, an
 * error and a transaction with more messages than any before it allocate.
 */
public final class Pipe implements Reclaimable {
    /** What a poll returns where there is no message. */
    public static final int EMPTY = -1;

    /** The process that is the daemon. */
    public static final int DAEMON = 0;

    /** No slot. */
    static final int NONE = -1;

    private final String name;
    private final Memory pipe;
    private final PipeLayout layout;
    private final Slots slots;
    private final PipeQueue queue;
    private final Hands hands;
    private final int process;
    private final UnsafeBuffer message = new UnsafeBuffer(0, 0);
    private int searchFrom;

    private Pipe(
            final String name,
            final OperatingSystem os,
            final Journal journal,
            final Memory pipe,
            final long offset,
            final PipeLayout layout,
            final int process) {
        this.name = name;
        this.pipe = pipe;
        this.layout = layout;
        this.process = process;
        this.slots = new Slots(name, pipe, layout);
        this.queue = new PipeQueue(slots, os);
        requireProcess(process);
        HandBack.run(slots, queue, process);
        this.hands = new Hands(journal, queue, slots, offset, process);
        // Processes begin far from each other, so that they seldom want the same slot.
        this.searchFrom = (int) ((long) layout.bitWords * process / layout.processes);
        journal.addListener(hands);
    }

    /**
     * Returns what a pipe takes, a multiple of 64.
     *
     * @param capacity messages at most, 1 to {@link PipeLayout#CAPACITY_MAX}
     * @param messageBytesMax of the longest message, 1 to {@link PipeLayout#MESSAGE_BYTES_MAX}
     * @param processes that share it, the daemon included, 1 to {@link PipeLayout#PROCESSES_MAX}
     */
    public static long bytes(final int capacity, final int messageBytesMax, final int processes) {
        return new PipeLayout(capacity, messageBytesMax, processes).bytes;
    }

    /**
     * Makes a pipe in zeroed memory and attaches as the daemon; without the journal: a death here
     * starts over from zeroes. For the rest see {@link #bytes}.
     *
     * @param name for messages, and the manifest key of the capacity
     */
    public static Pipe layOut(
            final String name,
            final OperatingSystem os,
            final Journal journal,
            final Memory arena,
            final long offset,
            final int capacity,
            final int messageBytesMax,
            final int processes) {
        final PipeLayout layout = new PipeLayout(capacity, messageBytesMax, processes);
        arena.putLong(offset + PipeLayout.MESSAGE_BYTES, messageBytesMax);
        arena.putLong(offset + PipeLayout.PROCESSES, processes);
        arena.putLong(offset + PipeLayout.HEAD, layout.orderSize);
        arena.putLong(offset + PipeLayout.TAIL, layout.orderSize);
        arena.putLongRelease(offset + PipeLayout.CAPACITY, capacity);
        return attach(name, os, journal, arena, offset, layout.bytes, DAEMON);
    }

    /**
     * Attaches as a process of the daemon. What an earlier incarnation of it had in its hands is
     * settled; the caller knows that incarnation to be dead.
     *
     * @param journal of this process, recovered
     * @param process 0 for the daemon; no other living process has the same
     * @throws ArenaException where there is no such pipe or process, or its memory is damaged
     */
    public static Pipe attach(
            final String name,
            final OperatingSystem os,
            final Journal journal,
            final Memory arena,
            final long offset,
            final long bytes,
            final int process) {
        if (!journal.isIdle()) {
            throw new IllegalStateException(name + ": recover() of the journal comes first");
        }
        journal.requireArena(name, arena);
        final PipeLayout layout = PipeLayout.read(name, arena, offset, bytes);
        return new Pipe(
                name, os, journal, arena.slice(offset, layout.bytes), offset, layout, process);
    }

    /** Returns how many messages there is room for. */
    public int capacity() {
        return layout.capacity;
    }

    /** Returns the length of the longest message, in bytes. */
    public int messageBytesMax() {
        return layout.messageBytesMax;
    }

    /** Offers a message as {@link #offer} does, without waiting. */
    public boolean tryOffer(final DirectBuffer from, final int index, final int length) {
        return offer(from, index, length, 0);
    }

    /**
     * Copies a message into the pipe, for others to poll once the transaction is committed.
     *
     * @param length in bytes, 0 to {@link #messageBytesMax}
     * @param timeoutNs how long to wait for room, in nanoseconds; 0 or less does not wait
     * @return false where the pipe is full; nothing has changed
     * @throws IllegalArgumentException where the message is too long
     * @throws IllegalStateException where no transaction is under way
     * @throws io.coppice.pool.JournalFullException where the journal is full; nothing is offered
     */
    public boolean offer(
            final DirectBuffer from, final int index, final int length, final long timeoutNs) {
        hands.requireActive();
        requireLength(length);
        from.boundsCheck(index, length);
        int slot = claim();
        if (slot == NONE && timeoutNs > 0) {
            final long start = System.nanoTime();
            do {
                if (!awaitSpace(timeoutNs - (System.nanoTime() - start))) {
                    return false;
                }
                slot = claim();
            } while (slot == NONE);
        }
        if (slot == NONE) {
            return false;
        }
        final long at = layout.slot(slot);
        pipe.putLong(at + PipeLayout.SLOT_LENGTH, length);
        pipe.putBytes(at + PipeLayout.SLOT_MESSAGE, from, index, length);
        return true;
    }

    /** Polls a message as {@link #poll} does, without waiting. */
    public int tryPoll(final MutableDirectBuffer to, final int index) {
        return poll(to, index, 0);
    }

    /**
     * Takes the next message and copies it out; it is gone once the transaction is committed.
     *
     * @param to with room for {@link #messageBytesMax} from {@code index} on, or expandable
     * @param timeoutNs how long to wait for a message, in nanoseconds; 0 or less does not wait
     * @return the length of the message in bytes, or {@link #EMPTY}
     * @throws IllegalArgumentException where there is less room; no message is taken
     * @throws IllegalStateException where no transaction is under way
     * @throws io.coppice.pool.JournalFullException where the journal is full; no message is taken
     */
    public int poll(final MutableDirectBuffer to, final int index, final long timeoutNs) {
        hands.requireActive();
        requireRoom(to, index);
        int slot = take();
        if (slot == NONE && timeoutNs > 0) {
            final long start = System.nanoTime();
            do {
                if (!awaitMessage(timeoutNs - (System.nanoTime() - start))) {
                    return EMPTY;
                }
                slot = take();
            } while (slot == NONE);
        }
        if (slot == NONE) {
            return EMPTY;
        }
        final int length = slots.length(slot);
        message.wrap(pipe.address() + layout.slot(slot) + PipeLayout.SLOT_MESSAGE, length);
        to.putBytes(index, message, 0, length);
        return length;
    }

    /**
     * Waits for a message, which another may poll first. May be called outside a transaction.
     *
     * @param timeoutNs at most, in nanoseconds; 0 or less only looks
     * @return whether there was one
     */
    public boolean awaitMessage(final long timeoutNs) {
        return hasMessage() || timeoutNs > 0 && await(queue.messages(), true, timeoutNs);
    }

    /** Waits for room, which another may fill first; see {@link #awaitMessage}. */
    public boolean awaitSpace(final long timeoutNs) {
        return hasSpace() || timeoutNs > 0 && await(queue.space(), false, timeoutNs);
    }

    /** Returns whether there was a message to poll. */
    public boolean hasMessage() {
        return queue.find() != NONE;
    }

    /** Returns whether there was room for a message. */
    public boolean hasSpace() {
        return slots.findFree(searchFrom) != NONE;
    }

    /**
     * Settles what a dead process had in its hands: what its last transaction offered and polled
     * stands where that was committed; else its offers are gone, and what it polled is there again.
     * Called again, also after a death on the way, it goes on where it was. Takes as long as the
     * capacity is; others go on meanwhile.
     *
     * @param deadProcess a worker whose death is certified and whose journal was recovered
     * @throws ArenaException where the pipe has no such process, or its memory is damaged
     */
    @Override
    public void reclaim(final int deadProcess) {
        requireProcess(deadProcess);
        if (deadProcess == DAEMON || deadProcess == process) {
            throw new IllegalArgumentException(
                    name + ": process " + deadProcess + " hands back for itself when it attaches");
        }
        HandBack.run(slots, queue, deadProcess);
    }

    private int claim() {
        while (true) {
            final int slot = slots.findFree(searchFrom);
            if (slot == NONE) {
                return NONE;
            }
            hands.open();
            searchFrom = slot / Long.SIZE;
            if (slots.change(slot, SlotWord.FREE, hands.offered())) {
                slots.setBusy(slot, true);
                hands.add(slot);
                return slot;
            }
        }
    }

    private int take() {
        while (true) {
            final int slot = queue.find();
            if (slot == NONE) {
                return NONE;
            }
            hands.open();
            final long ready = queue.foundWord();
            if (queue.poll(slot, ready, hands.polled(ready))) {
                hands.add(slot);
                return slot;
            }
        }
    }

    private boolean await(final WaitingRoom room, final boolean message, final long timeoutNs) {
        final int spins = room.spins();
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
            if (isThere(message)) {
                room.spun(true);
                return true;
            }
        }
        room.spun(false);
        final long start = System.nanoTime();
        while (true) {
            final int seen = room.enter();
            if (isThere(message)) {
                return true;
            }
            final long leftNs = timeoutNs - (System.nanoTime() - start);
            if (leftNs <= 0) {
                return false;
            }
            room.sleep(seen, leftNs);
        }
    }

    private boolean isThere(final boolean message) {
        return message ? hasMessage() : hasSpace();
    }

    private void requireLength(final int length) {
        if (length < 0 || length > layout.messageBytesMax) {
            throw new IllegalArgumentException(
                    name
                            + ": a message of "
                            + length
                            + " bytes, the pipe takes up to "
                            + layout.messageBytesMax
                            + ": lay it out for longer ones");
        }
    }

    private void requireRoom(final MutableDirectBuffer to, final int index) {
        if (index < 0 || !to.isExpandable() && to.capacity() - index < layout.messageBytesMax) {
            throw new IllegalArgumentException(
                    name
                            + ": a buffer of "
                            + to.capacity()
                            + " bytes from "
                            + index
                            + " on has no room for messages of "
                            + layout.messageBytesMax);
        }
    }

    private void requireProcess(final int number) {
        if (number < 0 || number >= layout.processes) {
            throw new ArenaException(
                    name + ": process " + number + " of " + layout.processes + " processes");
        }
    }
}
