package io.coppice.pool.pipe;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.Memory;
import io.coppice.pool.lock.WaitingRoom;

/**
 * Leads from a pipe to its messages, in the order of their numbers, and back from a message to the
 * pipe. Nobody waits for anybody here.
 *
 * <p>The truth about a message is its slot's word alone, and only a compare-and-set from READY
 * makes it someone's: whatever else is stale, no message is polled twice. Everything else leads to
 * words that are READY, by one of two ways.
 *
 * <p><b>The order.</b> Whoever publishes takes the number at the tail, stores READY with that
 * number, then puts the slot into the number's entry by compare-and-set, then moves the tail; where
 * another was first with the entry, the word gets a later number and the same is tried again. Since
 * the word comes first, an entry whose slot is not READY with its number was polled, and whoever
 * finds it moves the head on. Head and tail may be behind by what a death left undone; anyone moves
 * them.
 *
 * <p><b>The returned.</b> A message that comes back, after a rollback or a death, lies behind the
 * head: its word becomes READY with the number that it had, then its bit is set, then {@code
 * returns} is counted. Who looks for bits reads the count first, and writes it down where no bit
 * led to a message, so that nobody looks again before the next return. A bit that leads nowhere is
 * cleared and its word looked at once more: either the looker sees READY, or the one who stores
 * READY sees the bit cleared and sets it.
 *
 * <p>A poll takes the lower number of both ways. A death between any two stores leaves at most a
 * READY word without a way to it, or a bit without a message: {@link #repair} makes the one a way,
 * and the other costs a look.
 *
 * <p>For one thread of one process; no method allocates.
 */
final class PipeQueue {
    private final Slots slots;
    private final Memory pipe;
    private final PipeLayout layout;
    private final WaitingRoom messages;
    private final WaitingRoom space;
    private long foundWord;
    private boolean broughtMessages;
    private boolean broughtSpace;

    PipeQueue(final Slots slots, final OperatingSystem os) {
        this.slots = slots;
        this.pipe = slots.pipe;
        this.layout = slots.layout;
        this.messages = new WaitingRoom(os, pipe.slice(PipeLayout.MESSAGES, PipeLayout.LINE_BYTES));
        this.space = new WaitingRoom(os, pipe.slice(PipeLayout.SPACE, PipeLayout.LINE_BYTES));
    }

    WaitingRoom messages() {
        return messages;
    }

    WaitingRoom space() {
        return space;
    }

    /** Returns the slot of the next message, which another may poll first, or -1. */
    int find() {
        final int returned = findReturned();
        final long returnedWord = foundWord;
        while (true) {
            final long head = pipe.getLongVolatile(PipeLayout.HEAD);
            final long entry = pipe.getLongVolatile(layout.orderEntry(head));
            final long number = layout.numberOf(entry, head);
            if (number > head) {
                requireMoved(PipeLayout.HEAD, head);
                continue;
            }
            if (returned != Pipe.NONE && (number < head || SlotWord.number(returnedWord) <= head)) {
                foundWord = returnedWord;
                return returned;
            }
            if (number < head) {
                return Pipe.NONE;
            }
            final int slot = layout.slotOf(entry);
            if (slot >= layout.capacity) {
                throw slots.damaged("number " + head + " leads to slot " + slot);
            }
            foundWord = slots.word(slot);
            if (SlotWord.isReady(foundWord, head)) {
                return slot;
            }
            pipe.compareAndSetLong(PipeLayout.HEAD, head, head + 1);
        }
    }

    /** Returns the word that the slot had that {@link #find} returned. */
    long foundWord() {
        return foundWord;
    }

    /** Has a message polled where its word is still the one that was found. */
    boolean poll(final int slot, final long ready, final long polled) {
        if (!slots.change(slot, ready, polled)) {
            return false;
        }
        if (slots.isReturned(slot)) {
            slots.setReturned(slot, false);
        }
        return true;
    }

    /**
     * Makes a message one for everybody, with the next number.
     *
     * @param offered the slot's word, OFFERED, or READY with a number that is not in the order
     */
    void publish(final int slot, final long offered) {
        broughtMessages = true;
        long word = offered;
        while (true) {
            final long tail = pipe.getLongVolatile(PipeLayout.TAIL);
            final long entry = pipe.getLongVolatile(layout.orderEntry(tail));
            final long number = layout.numberOf(entry, tail);
            if (number == tail) {
                pipe.compareAndSetLong(PipeLayout.TAIL, tail, tail + 1);
                continue;
            }
            if (number > tail) {
                requireMoved(PipeLayout.TAIL, tail);
                continue;
            }
            final long ready = SlotWord.ready(word, tail);
            if (word != ready && !slots.change(slot, word, ready)) {
                // Handed back for a death meanwhile, it was found among the returned, and polled.
                return;
            }
            word = ready;
            if (tail - pipe.getLongVolatile(PipeLayout.HEAD) >= layout.orderSize) {
                // Entries that were polled out of their order fill it: this needs as many deaths.
                addReturned(slot);
                return;
            }
            if (pipe.compareAndSetLong(
                    layout.orderEntry(tail), entry, layout.entryOf(tail, slot))) {
                pipe.compareAndSetLong(PipeLayout.TAIL, tail, tail + 1);
                return;
            }
        }
    }

    /** Puts a polled message back where it was in the order of numbers. */
    void giveBack(final int slot, final long polled) {
        broughtMessages = true;
        if (slots.change(slot, polled, SlotWord.ready(polled, SlotWord.number(polled)))) {
            addReturned(slot);
        }
    }

    /** Ends a message. */
    void free(final int slot, final long word) {
        broughtSpace = true;
        if (slots.change(slot, word, SlotWord.FREE)) {
            slots.setBusy(slot, false);
        }
    }

    /** Does with a message in someone's hands what the end of the transaction asks for. */
    void settle(final int slot, final long word, final boolean stands) {
        if (SlotWord.state(word) == SlotWord.OFFERED) {
            if (stands) {
                publish(slot, word);
            } else {
                free(slot, word);
            }
        } else if (stands) {
            free(slot, word);
        } else {
            giveBack(slot, word);
        }
    }

    /** Makes a way to what a slot is, where a death may have kept someone from making it. */
    void repair(final int slot, final int deadProcess) {
        final long word = slots.word(slot);
        if (word == SlotWord.FREE) {
            // Where another takes the slot just now, a bit too few costs a look at its word.
            slots.setBusy(slot, false);
        } else if (SlotWord.isReady(word)) {
            final long number = SlotWord.number(word);
            if (SlotWord.process(word) == deadProcess
                    && number >= pipe.getLongVolatile(PipeLayout.TAIL)
                    && !isInOrder(slot, number)) {
                // The number would be given to the next message of the same commit too.
                publish(slot, word);
            } else if (!isReachable(slot, number)) {
                addReturned(slot);
            }
        }
    }

    /** Has everyone look again, after a death may have kept someone from having them do so. */
    void lookAgain() {
        pipe.getAndAddLong(PipeLayout.RETURNS, 1);
        broughtMessages = true;
        broughtSpace = true;
    }

    /** Wakes whoever waits for what was brought since the last call. */
    void wake() {
        if (broughtMessages) {
            messages.wake();
        }
        if (broughtSpace) {
            space.wake();
        }
        broughtMessages = false;
        broughtSpace = false;
    }

    /** Returns whether one of the two ways leads to a message of a slot. */
    boolean isReachable(final int slot, final long number) {
        return slots.isReturned(slot)
                || number >= pipe.getLongVolatile(PipeLayout.HEAD) && isInOrder(slot, number);
    }

    private boolean isInOrder(final int slot, final long number) {
        return pipe.getLongVolatile(layout.orderEntry(number)) == layout.entryOf(number, slot);
    }

    private int findReturned() {
        final long returns = pipe.getLongVolatile(PipeLayout.RETURNS);
        if (returns == pipe.getLongVolatile(PipeLayout.RETURNS_SEEN)) {
            return Pipe.NONE;
        }
        int lowest = Pipe.NONE;
        long lowestWord = 0;
        for (int index = 0; index < layout.bitWords; index++) {
            long bits = slots.returnedBits(index);
            while (bits != 0) {
                final int slot = index * Long.SIZE + Long.numberOfTrailingZeros(bits);
                if (slot >= layout.capacity) {
                    throw slots.damaged("slot " + slot + " is among the returned");
                }
                final long word = returnedWord(slot);
                if (SlotWord.isReady(word)
                        && (lowest == Pipe.NONE
                                || SlotWord.number(word) < SlotWord.number(lowestWord))) {
                    lowest = slot;
                    lowestWord = word;
                }
                bits &= bits - 1;
            }
        }
        if (lowest == Pipe.NONE) {
            pipe.putLongVolatile(PipeLayout.RETURNS_SEEN, returns);
        }
        foundWord = lowestWord;
        return lowest;
    }

    /** Returns the word of a slot whose bit was set, which is cleared where it leads nowhere. */
    private long returnedWord(final int slot) {
        final long word = slots.word(slot);
        if (SlotWord.isReady(word)) {
            return word;
        }
        slots.setReturned(slot, false);
        final long again = slots.word(slot);
        if (SlotWord.isReady(again)) {
            addReturned(slot);
        }
        return again;
    }

    private void addReturned(final int slot) {
        slots.setReturned(slot, true);
        pipe.getAndAddLong(PipeLayout.RETURNS, 1);
    }

    /** A position that is behind its entry must have been moved since it was read. */
    private void requireMoved(final long at, final long position) {
        if (pipe.getLongVolatile(at) == position) {
            throw slots.damaged(
                    (at == PipeLayout.HEAD ? "head " : "tail ")
                            + position
                            + " is behind its entry");
        }
    }
}
