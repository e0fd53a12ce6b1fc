package io.coppice.pool.board;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import java.nio.file.Path;

/** Wakes any process of the tree, and lets one sleep until it is woken. No method allocates. */
public final class Bells {
    /** Name of the file in the tree's run directory. */
    public static final String FILE = "bells";

    private final OperatingSystem os;
    private final Memory memory;

    private Bells(final OperatingSystem os, final Memory memory) {
        this.os = os;
        this.memory = memory;
    }

    /** Maps the file. */
    public static Bells open(final OperatingSystem os, final Path runDirectory) {
        return new Bells(os, MappedFile.writable(runDirectory.resolve(FILE)));
    }

    /** Rings; costs a system call only where the owner may be asleep. From any thread. */
    public void ring(final int slot) {
        final long bell = (long) slot * BellsLayout.BELL_BYTES;
        memory.addInt(bell + BellsLayout.SEQUENCE, 1);
        if (memory.getIntVolatile(bell + BellsLayout.SLEEPERS) != 0) {
            os.futexWake(memory.address() + bell + BellsLayout.SEQUENCE, Integer.MAX_VALUE);
        }
    }

    /** Returns how often the bell was rung; to be read before looking for work. */
    public int sequence(final int slot) {
        return memory.getIntVolatile((long) slot * BellsLayout.BELL_BYTES + BellsLayout.SEQUENCE);
    }

    /**
     * Sleeps until the bell is rung. Returns at once where it was since {@code seen} was read. For
     * the owner's one thread.
     *
     * @param seen what {@link #sequence} said before the owner looked for work and found none
     * @param timeoutNs how long at most, in nanoseconds
     */
    public void await(final int slot, final int seen, final long timeoutNs) {
        final long bell = (long) slot * BellsLayout.BELL_BYTES;
        memory.putIntVolatile(bell + BellsLayout.SLEEPERS, 1);
        if (memory.getIntVolatile(bell + BellsLayout.SEQUENCE) == seen) {
            os.futexWait(memory.address() + bell + BellsLayout.SEQUENCE, seen, timeoutNs);
        }
        memory.putIntVolatile(bell + BellsLayout.SLEEPERS, 0);
    }
}
