package io.coppice.pool.pipe;

import java.util.Arrays;

/**
 * Settles what a process had in its hands when it died, and makes ways to what it left without.
 *
 * <p>Ordering. Every step is one that the dead process would have made, decided by its slots' words
 * and its decided word, which nothing changes any more; so a death on the way leaves it to be done
 * again, by whoever comes next. Others offer and poll meanwhile.
 */
final class HandBack {
    private static final int FEW = 16;

    /** What a place in a transaction is shifted by to have room for a slot. */
    private static final int SLOT_BITS = 20;

    private HandBack() {}

    /** Hands back for a process whose death is certified and whose journal is recovered. */
    static void run(final Slots slots, final PipeQueue queue, final int process) {
        final PipeLayout layout = slots.layout;
        final long decided = slots.pipe.getLongAcquire(layout.decided(process));
        long[] stand = new long[FEW];
        int count = 0;
        for (int slot = 0; slot < layout.capacity; slot++) {
            final long word = slots.word(slot);
            if (SlotWord.isHeld(word) && SlotWord.process(word) == process) {
                final boolean stands = SlotWord.stands(word, decided);
                if (stands && SlotWord.state(word) == SlotWord.OFFERED) {
                    if (count == stand.length) {
                        stand = Arrays.copyOf(stand, 2 * count);
                    }
                    // The order in which they were offered, which is not that of their slots.
                    stand[count++] = place(slots, word) << SLOT_BITS | slot;
                } else {
                    queue.settle(slot, word, stands);
                }
            }
            queue.repair(slot, process);
        }
        Arrays.sort(stand, 0, count);
        for (int i = 0; i < count; i++) {
            final int slot = (int) stand[i] & PipeLayout.CAPACITY_MAX - 1;
            queue.publish(slot, slots.word(slot));
        }
        queue.lookAgain();
        queue.wake();
    }

    private static long place(final Slots slots, final long word) {
        final long place = SlotWord.number(word);
        if (place > Long.MAX_VALUE >>> SLOT_BITS) {
            throw slots.damaged("a message is number " + place + " of its transaction");
        }
        return place;
    }
}
