package io.coppice.pool.pipe;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks what must hold of a pipe between any two stores of its processes, with every journal
 * recovered or not. Reads only, trusts nothing, never throws for what it finds; for any process
 * that maps the arena, while nobody changes the pipe. Allocates.
 */
public final class PipeInvariants {
    private PipeInvariants() {}

    /** Returns what is wrong, one line each with its offset; nothing where the pipe is sound. */
    public static List<String> check(final Memory arena, final long offset, final long bytes) {
        final List<String> wrong = new ArrayList<>();
        final PipeLayout layout;
        try {
            layout = PipeLayout.read("pipe", arena, offset, bytes);
        } catch (final ArenaException damaged) {
            wrong.add(damaged.getMessage() + ", at offset " + offset);
            return wrong;
        }
        final long head = arena.getLongVolatile(offset + PipeLayout.HEAD);
        final long tail = arena.getLongVolatile(offset + PipeLayout.TAIL);
        // The tail may be one behind an entry that was polled already.
        if (head < layout.orderSize || tail < layout.orderSize || head > tail + 1) {
            wrong.add(
                    "pipe: head "
                            + head
                            + " and tail "
                            + tail
                            + " cannot be, at offset "
                            + (offset + PipeLayout.HEAD));
            return wrong;
        }
        checkOrder(arena, offset, layout, tail, wrong);
        for (int slot = 0; slot < layout.capacity; slot++) {
            checkSlot(arena, offset, layout, slot, tail, wrong);
        }
        checkBits(arena, offset + layout.busyOffset, layout, wrong);
        checkBits(arena, offset + layout.returnedOffset, layout, wrong);
        return wrong;
    }

    /**
     * Returns also what must hold once every process is handed back: nobody has anything in hands,
     * there is a way to every message, and every free slot is found.
     */
    static List<String> checkSettled(
            final Slots slots, final PipeQueue queue, final Memory arena, final long offset) {
        final PipeLayout layout = slots.layout;
        final List<String> wrong = check(arena, offset, layout.bytes);
        for (int slot = 0; slot < layout.capacity; slot++) {
            final long word = slots.word(slot);
            if (SlotWord.isHeld(word)) {
                wrong.add("slot " + slot + ": still in hands, 0x" + Long.toHexString(word));
            } else if (SlotWord.isReady(word) && !queue.isReachable(slot, SlotWord.number(word))) {
                wrong.add("slot " + slot + ": nothing leads to number " + SlotWord.number(word));
            } else if (word == SlotWord.FREE && slots.isBusy(slot)) {
                wrong.add("slot " + slot + ": is free and hidden");
            }
        }
        return wrong;
    }

    private static void checkOrder(
            final Memory arena,
            final long offset,
            final PipeLayout layout,
            final long tail,
            final List<String> wrong) {
        for (int i = 0; i < layout.orderSize; i++) {
            final long at = offset + layout.orderEntry(i);
            final long entry = arena.getLongVolatile(at);
            final long number = layout.numberOf(entry, i);
            if (number > tail || number < 0 || layout.slotOf(entry) >= layout.capacity) {
                wrong.add(
                        "pipe: number "
                                + number
                                + " leads to slot "
                                + layout.slotOf(entry)
                                + ", at offset "
                                + at);
            }
        }
    }

    private static void checkSlot(
            final Memory arena,
            final long offset,
            final PipeLayout layout,
            final int slot,
            final long tail,
            final List<String> wrong) {
        final long at = offset + layout.slot(slot);
        final long word = arena.getLongVolatile(at);
        if (word == SlotWord.FREE) {
            return;
        }
        final int state = SlotWord.state(word);
        final boolean offered = state == SlotWord.OFFERED;
        final long number = SlotWord.number(word);
        if (!SlotWord.isHeld(word) && word != SlotWord.ready(word, number)
                || SlotWord.process(word) >= layout.processes
                || number < (offered ? 1 : layout.orderSize)
                || !offered && number > tail) {
            wrong.add(
                    "slot "
                            + slot
                            + ": 0x"
                            + Long.toHexString(word)
                            + " cannot be, at offset "
                            + at);
            return;
        }
        // A death may cut an offer before its length is stored, which no one then looks at.
        final long length = arena.getLong(at + PipeLayout.SLOT_LENGTH);
        if (!offered && (length < 0 || length > layout.messageBytesMax)) {
            wrong.add("slot " + slot + ": a message of " + length + " bytes, at offset " + at);
        }
    }

    /** No bit is set behind the last slot. */
    private static void checkBits(
            final Memory arena,
            final long bits,
            final PipeLayout layout,
            final List<String> wrong) {
        final int used = layout.capacity % Long.SIZE;
        final long at = bits + (long) (layout.bitWords - 1) * Long.BYTES;
        if (used != 0 && arena.getLongVolatile(at) >>> used != 0) {
            wrong.add("pipe: a bit is set behind the last slot, at offset " + at);
        }
    }
}
