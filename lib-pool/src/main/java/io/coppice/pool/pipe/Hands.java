package io.coppice.pool.pipe;

import io.coppice.pool.Journal;
import io.coppice.pool.JournalListener;
import java.util.Arrays;

/**
 * What the transaction under way has offered and polled, and what its end makes of it. Lives in the
 * process alone; a death loses nothing that the slots' words and the decided word do not say.
 *
 * <p>Ordering. The first use of the pipe in a transaction defers the process's decided word, which
 * the commit raises by one, and only then is a slot's word changed, with the turn that this count
 * will have. So while the journal is not committed, every word of the process has a turn that is
 * yet to come; once it is, they have one that has come, until each is settled, which happens before
 * the next transaction begins. Who comes after a death tells by that alone what to do with each.
 */
final class Hands implements JournalListener {
    private static final int FEW = 64;

    private final Journal journal;
    private final PipeQueue queue;
    private final Slots slots;
    private final int process;
    private final long decidedAt;
    private final long offset;
    private int[] held = new int[FEW];
    private byte[] depths = new byte[FEW];
    private int count;
    private long offers;
    private long turn;
    private boolean deferred;
    private int deferredDepth;

    Hands(
            final Journal journal,
            final PipeQueue queue,
            final Slots slots,
            final long offset,
            final int process) {
        this.journal = journal;
        this.queue = queue;
        this.slots = slots;
        this.offset = offset;
        this.process = process;
        this.decidedAt = slots.layout.decided(process);
    }

    /** Prepares for one more message; what this refuses has changed nothing. */
    void open() {
        if (count == held.length) {
            held = Arrays.copyOf(held, 2 * count);
            depths = Arrays.copyOf(depths, 2 * count);
        }
        if (!deferred) {
            turn = slots.pipe.getLong(decidedAt) + 1;
            journal.deferLong(offset + decidedAt, turn);
            deferred = true;
            deferredDepth = journal.savepoints();
        }
    }

    void requireActive() {
        if (!journal.isActive()) {
            throw new IllegalStateException(
                    slots.name + ": no transaction is under way: begin() comes first");
        }
    }

    /** Returns the word of the next message that is offered. */
    long offered() {
        return SlotWord.offered(process, turn, offers + 1);
    }

    long polled(final long ready) {
        return SlotWord.polled(process, turn, SlotWord.number(ready));
    }

    /** Remembers a message, once its word says that this process has it. */
    void add(final int slot) {
        offers++;
        held[count] = slot;
        depths[count] = (byte) journal.savepoints();
        count++;
    }

    @Override
    public void onCommit() {
        for (int i = 0; i < count; i++) {
            settle(held[i], true);
        }
        end();
    }

    @Override
    public void onRollback() {
        undo(-1);
        end();
    }

    @Override
    public void onRollbackToSavepoint() {
        undo(journal.savepoints());
        queue.wake();
        if (deferred && deferredDepth > journal.savepoints()) {
            deferred = false;
        }
    }

    private void undo(final int depth) {
        while (count > 0 && depths[count - 1] > depth) {
            count--;
            settle(held[count], false);
        }
    }

    private void end() {
        count = 0;
        offers = 0;
        deferred = false;
        queue.wake();
    }

    private void settle(final int slot, final boolean stands) {
        final long word = slots.word(slot);
        if (!SlotWord.isHeld(word) || SlotWord.process(word) != process) {
            throw slots.damaged(
                    "slot " + slot + " holds 0x" + Long.toHexString(word) + ", not this process's");
        }
        queue.settle(slot, word, stands);
    }
}
