package io.coppice.pool.pipe;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;

/**
 * How full a pipe is, for any process that maps the arena. What it returns is of the moment, and
 * takes a look at every slot. For any thread; nothing but {@link #attach} allocates.
 */
public final class PipeReader {
    private final Slots slots;

    private PipeReader(final Slots slots) {
        this.slots = slots;
    }

    /**
     * Finds a pipe.
     *
     * @param name for errors
     * @param arena mapped for reading or for writing
     * @throws ArenaException where what is there is no pipe of that size
     */
    public static PipeReader attach(
            final String name, final Memory arena, final long offset, final long bytes) {
        final PipeLayout layout = PipeLayout.read(name, arena, offset, bytes);
        return new PipeReader(new Slots(name, arena.slice(offset, layout.bytes), layout));
    }

    /** Returns how many messages there is room for. */
    public int capacity() {
        return slots.layout.capacity;
    }

    /** Returns the length of the longest message, in bytes. */
    public int messageBytesMax() {
        return slots.layout.messageBytesMax;
    }

    /** Returns how many messages wait to be polled. */
    public int ready() {
        return count(SlotWord.READY);
    }

    /** Returns how many messages are offered by transactions that are under way. */
    public int offered() {
        return count(SlotWord.OFFERED);
    }

    /** Returns how many messages are polled by transactions that are under way. */
    public int polled() {
        return count(SlotWord.POLLED);
    }

    private int count(final int state) {
        int count = 0;
        for (int slot = 0; slot < slots.layout.capacity; slot++) {
            count += SlotWord.state(slots.word(slot)) == state ? 1 : 0;
        }
        return count;
    }
}
