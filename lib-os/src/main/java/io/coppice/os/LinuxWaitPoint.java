package io.coppice.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** {@code ppoll(2)} over the pidfds of the watched processes and the reading end of a fifo. */
final class LinuxWaitPoint implements WaitPoint {
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 04000;
    private static final int O_CLOEXEC = 02000000;
    private static final int S_IFIFO = 0010000;
    private static final int OWNER_READ_WRITE = 0600;
    private static final long AT_FDCWD = -100;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    /** The signal goes to the group whose number is the process's. */
    private static final int SIGNAL_PROCESS_GROUP = 1 << 2;

    /** A descriptor below zero is passed over by poll, so an empty place needs no compaction. */
    private static final int EMPTY = -1;

    /** How much of the fifo one turn drains: all that matters is that it rang. */
    private static final int DRAIN_BYTES = 4096;

    private final LinuxOperatingSystem os;
    private final SystemCallNumbers numbers;
    private final int capacity;
    private final MemorySegment places;
    private final MemorySegment timeSpec = Arena.global().allocate(ValueLayout.JAVA_LONG, 2);
    private final MemorySegment drain = Arena.global().allocate(DRAIN_BYTES);
    private final int fifo;

    LinuxWaitPoint(
            final LinuxOperatingSystem os,
            final SystemCallNumbers numbers,
            final int capacity,
            final Path doorbell) {
        this.os = os;
        this.numbers = numbers;
        this.capacity = capacity;
        this.places =
                Arena.global()
                        .allocate(
                                (long) PollDescriptor.BYTES * (capacity + 1), PollDescriptor.BYTES);
        for (int i = 0; i < capacity; i++) {
            set(i, EMPTY);
        }
        makeFifo(doorbell);
        this.fifo = os.open(doorbell, O_RDWR | O_NONBLOCK | O_CLOEXEC);
        set(capacity, fifo);
    }

    @Override
    public int watch(final long pid) {
        int place = 0;
        while (place < capacity && descriptor(place) != EMPTY) {
            place++;
        }
        if (place == capacity) {
            throw new OsException(
                    "watch", "pid " + pid + ", all " + capacity + " places", Errno.EMFILE.number());
        }
        final long result = SystemCall.call(numbers.pidfdOpen(), pid, 0);
        if (result == -Errno.ESRCH.number()) {
            return GONE;
        }
        LinuxOperatingSystem.check(result, "pidfd_open", pid);
        set(place, (int) result);
        return place;
    }

    @Override
    public boolean died(final int token) {
        return PollDescriptor.isReady(places, token);
    }

    @Override
    public boolean signalGroup(final int token, final int signal) {
        return SystemCall.succeeds(
                numbers.pidfdSendSignal(), descriptor(token), signal, 0, SIGNAL_PROCESS_GROUP);
    }

    @Override
    public void unwatch(final int token) {
        os.close(descriptor(token));
        set(token, EMPTY);
    }

    @Override
    public void await(final long timeoutNs) {
        // A deadline that has passed already only looks.
        if (!poll(Math.max(0, timeoutNs))) {
            requireOnlyInterrupted();
        }
        if (died(capacity)) {
            SystemCall.succeeds(numbers.read(), fifo, drain.address(), DRAIN_BYTES, 0);
        }
    }

    private boolean poll(final long timeoutNs) {
        setTime(timeoutNs);
        return SystemCall.succeeds(
                numbers.ppoll(), places.address(), capacity + 1, timeSpec.address(), 0);
    }

    /** Finds out why a wait failed, by looking once more without waiting. */
    private void requireOnlyInterrupted() {
        setTime(0);
        final long result =
                SystemCall.call(
                        numbers.ppoll(), places.address(), capacity + 1, timeSpec.address(), 0);
        if (result < 0 && result != -Errno.EINTR.number()) {
            throw new OsException("ppoll", capacity + " processes", (int) -result);
        }
    }

    private void setTime(final long timeoutNs) {
        timeSpec.setAtIndex(ValueLayout.JAVA_LONG, 0, timeoutNs / NS_PER_SECOND);
        timeSpec.setAtIndex(ValueLayout.JAVA_LONG, 1, timeoutNs % NS_PER_SECOND);
    }

    @Override
    public void close() {
        for (int i = 0; i < capacity; i++) {
            if (descriptor(i) != EMPTY) {
                unwatch(i);
            }
        }
        os.close(fifo);
    }

    private int descriptor(final int place) {
        return PollDescriptor.descriptor(places, place);
    }

    private void set(final int place, final int descriptor) {
        PollDescriptor.set(places, place, descriptor);
    }

    private void makeFifo(final Path doorbell) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment path = arena.allocateFrom(doorbell.toString());
            final long result =
                    SystemCall.call(
                            numbers.mknodat(),
                            AT_FDCWD,
                            path.address(),
                            S_IFIFO | OWNER_READ_WRITE,
                            0);
            if (result != -Errno.EEXIST.number()) {
                LinuxOperatingSystem.check(result, "mkfifo", doorbell);
            }
        }
    }
}
