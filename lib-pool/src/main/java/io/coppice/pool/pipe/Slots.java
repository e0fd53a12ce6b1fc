package io.coppice.pool.pipe;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;

/** The words, lengths and bits of a pipe's slots, as all its processes change them. */
final class Slots {
    final String name;
    final Memory pipe;
    final PipeLayout layout;

    Slots(final String name, final Memory pipe, final PipeLayout layout) {
        this.name = name;
        this.pipe = pipe;
        this.layout = layout;
    }

    long word(final int slot) {
        return pipe.getLongVolatile(layout.slot(slot) + PipeLayout.SLOT_WORD);
    }

    boolean change(final int slot, final long from, final long to) {
        return pipe.compareAndSetLong(layout.slot(slot) + PipeLayout.SLOT_WORD, from, to);
    }

    /** Returns the length of a message, in bytes. */
    int length(final int slot) {
        final long length = pipe.getLong(layout.slot(slot) + PipeLayout.SLOT_LENGTH);
        if (length < 0 || length > layout.messageBytesMax) {
            throw damaged("the message of slot " + slot + " has " + length + " bytes");
        }
        return (int) length;
    }

    /** Returns a slot that was free when it was looked at, or -1; looks at every bit once. */
    int findFree(final int fromWord) {
        for (int i = 0; i < layout.bitWords; i++) {
            final int sum = fromWord + i;
            final int index = sum < layout.bitWords ? sum : sum - layout.bitWords;
            long free = ~pipe.getLongVolatile(layout.busyOffset + (long) index * Long.BYTES);
            while (free != 0) {
                final int slot = index * Long.SIZE + Long.numberOfTrailingZeros(free);
                if (slot >= layout.capacity) {
                    break;
                }
                if (word(slot) == SlotWord.FREE) {
                    return slot;
                }
                free &= free - 1;
            }
        }
        return Pipe.NONE;
    }

    void setBusy(final int slot, final boolean busy) {
        setBit(layout.busyOffset, slot, busy);
    }

    boolean isBusy(final int slot) {
        final long at = layout.busyOffset + (long) (slot / Long.SIZE) * Long.BYTES;
        return (pipe.getLongVolatile(at) & 1L << slot % Long.SIZE) != 0;
    }

    void setReturned(final int slot, final boolean returned) {
        setBit(layout.returnedOffset, slot, returned);
    }

    boolean isReturned(final int slot) {
        return (returnedBits(slot / Long.SIZE) & 1L << slot % Long.SIZE) != 0;
    }

    long returnedBits(final int index) {
        return pipe.getLongVolatile(layout.returnedOffset + (long) index * Long.BYTES);
    }

    ArenaException damaged(final String what) {
        return new ArenaException(name + ": " + what + ": its memory is damaged");
    }

    private void setBit(final long bits, final int slot, final boolean set) {
        final long at = bits + (long) (slot / Long.SIZE) * Long.BYTES;
        final long bit = 1L << slot % Long.SIZE;
        long word = pipe.getLongVolatile(at);
        while ((word & bit) != 0 != set) {
            if (pipe.compareAndSetLong(at, word, word ^ bit)) {
                return;
            }
            word = pipe.getLongVolatile(at);
        }
    }
}
