package io.coppice.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** Linux, through raw system calls. */
final class LinuxOperatingSystem implements OperatingSystem {
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final int PR_SET_PDEATHSIG = 1;
    private static final long AT_FDCWD = -100;
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0100;
    private static final int O_CLOEXEC = 02000000;
    private static final int OWNER_READ_WRITE = 0600;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final SystemCallNumbers numbers;
    private final ProcessTree processTree;

    /** A {@code struct timespec} per waiting thread. */
    private final ThreadLocal<MemorySegment> timeSpec =
            ThreadLocal.withInitial(() -> Arena.global().allocate(ValueLayout.JAVA_LONG, 2));

    private final ThreadLocal<SchedulingAttributes> scheduling =
            ThreadLocal.withInitial(SchedulingAttributes::new);

    LinuxOperatingSystem(final SystemCallNumbers numbers) {
        this.numbers = numbers;
        this.processTree = new LinuxProcessTree(numbers);
    }

    @Override
    public String name() {
        return "linux";
    }

    @Override
    public void futexWait(final long address, final int expected, final long timeoutNs) {
        if (timeoutNs <= 0) {
            return;
        }
        final MemorySegment time = timeSpec.get();
        time.setAtIndex(ValueLayout.JAVA_LONG, 0, timeoutNs / NS_PER_SECOND);
        time.setAtIndex(ValueLayout.JAVA_LONG, 1, timeoutNs % NS_PER_SECOND);
        if (!SystemCall.succeeds(numbers.futex(), address, FUTEX_WAIT, expected, time.address())) {
            requireOnlyInterrupted(address, expected, time);
        }
    }

    @Override
    public int markOnThreadEnd(final long address) {
        RobustList.ofThisThread().watch(address, numbers);
        return (int) SystemCall.call(numbers.gettid(), 0, 0);
    }

    @Override
    public long schedulingSlice(final long sliceNs) {
        return scheduling.get().slice(sliceNs, numbers);
    }

    /**
     * Finds out why a wait ended early or late, by waiting once more for the shortest time there
     * is.
     */
    private void requireOnlyInterrupted(
            final long address, final int expected, final MemorySegment time) {
        time.setAtIndex(ValueLayout.JAVA_LONG, 0, 0);
        time.setAtIndex(ValueLayout.JAVA_LONG, 1, 0);
        final long result =
                SystemCall.call(numbers.futex(), address, FUTEX_WAIT, expected, time.address());
        // EAGAIN (the word changed), EINTR and ETIMEDOUT are all "look again"; anything else is a
        // mistake of ours.
        if (result < 0
                && result != -Errno.EAGAIN.number()
                && result != -Errno.EINTR.number()
                && result != -Errno.ETIMEDOUT.number()) {
            throw new OsException("futex", "wait at 0x" + Long.toHexString(address), (int) -result);
        }
    }

    @Override
    public void futexWake(final long address, final int count) {
        if (!SystemCall.succeeds(numbers.futex(), address, FUTEX_WAKE, count, 0)) {
            final long result = SystemCall.call(numbers.futex(), address, FUTEX_WAKE, count, 0);
            check(result, "futex", "wake at 0x" + Long.toHexString(address));
        }
    }

    @Override
    public long bootId() {
        return ProcFs.bootId();
    }

    @Override
    public void preallocate(final Path file, final long bytes) {
        final boolean existed = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        final int descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC);
        long result;
        try {
            do {
                result = SystemCall.call(numbers.fallocate(), descriptor, 0, 0, bytes);
            } while (result == -Errno.EINTR.number());
        } finally {
            close(descriptor);
        }
        if (result < 0 && !existed) {
            file.toFile().delete();
        }
        check(result, "fallocate", file + " of " + bytes + " bytes");
    }

    @Override
    public boolean signal(final long pid, final int signal) {
        // To the kernel 0 is the caller's own group and -1 is everybody: an empty slot's pid must
        // never get there.
        return pid > 0 && pid <= Integer.MAX_VALUE && kill(pid, signal);
    }

    @Override
    public boolean signalGroup(final long pid, final int signal) {
        return pid > 1 && pid <= Integer.MAX_VALUE && kill(-pid, signal);
    }

    /** The kernel looks at 32 bits: a longer pid would be another process, or everybody. */
    private boolean kill(final long pid, final int signal) {
        final long result = SystemCall.call(numbers.kill(), pid, signal);
        if (result == -Errno.ESRCH.number()) {
            return false;
        }
        check(result, "kill", pid);
        return true;
    }

    @Override
    public void newSession() {
        final long result = SystemCall.call(numbers.setsid(), 0, 0);
        if (result != -Errno.EPERM.number()) {
            check(result, "setsid", "of this process");
        }
    }

    @Override
    public boolean dieWithParent(final int signal, final long parentPid) {
        check(
                SystemCall.call(numbers.prctl(), PR_SET_PDEATHSIG, signal),
                "prctl",
                "PR_SET_PDEATHSIG");
        return parentPid() == parentPid;
    }

    @Override
    public long parentPid() {
        return SystemCall.call(numbers.getppid(), 0, 0);
    }

    @Override
    public long startTime(final long pid) {
        return ProcFs.startTime(pid);
    }

    @Override
    public List<String> commandLine(final long pid) {
        return ProcFs.commandLine(pid);
    }

    @Override
    public boolean awaitDeath(final long pid, final long startTime, final long timeoutNs) {
        final long descriptor = SystemCall.call(numbers.pidfdOpen(), pid, 0);
        if (descriptor == -Errno.ESRCH.number()) {
            return true;
        }
        check(descriptor, "pidfd_open", pid);
        try {
            // Looked at after the descriptor is open, so that it is about the same process. A
            // zombie leader may still have
            // threads that store, so its start time counts; only the descriptor speaks for all of
            // them.
            return ProcFs.startTimeOfZombieToo(pid) != startTime
                    || pollsReadable((int) descriptor, timeoutNs);
        } finally {
            close((int) descriptor);
        }
    }

    private boolean pollsReadable(final int descriptor, final long timeoutNs) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment place = arena.allocate(PollDescriptor.BYTES, PollDescriptor.BYTES);
            PollDescriptor.set(place, 0, descriptor);
            final MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
            final long start = System.nanoTime();
            long left = timeoutNs;
            do {
                time.setAtIndex(ValueLayout.JAVA_LONG, 0, Math.max(0, left) / NS_PER_SECOND);
                time.setAtIndex(ValueLayout.JAVA_LONG, 1, Math.max(0, left) % NS_PER_SECOND);
                final long result =
                        SystemCall.call(numbers.ppoll(), place.address(), 1, time.address(), 0);
                if (result >= 0) {
                    return result > 0;
                }
                if (result != -Errno.EINTR.number()) {
                    throw new OsException("ppoll", "pidfd", (int) -result);
                }
                left = timeoutNs - (System.nanoTime() - start);
            } while (left > 0);
            return false;
        }
    }

    @Override
    public long residentBytes(final long pid) {
        return ProcFs.residentBytes(pid);
    }

    @Override
    public ProcessActivity activity(final long pid) {
        return ProcFs.activity(pid);
    }

    @Override
    public ProcessTree processTree() {
        return processTree;
    }

    @Override
    public WaitPoint openWaitPoint(final int capacity, final Path doorbell) {
        return new LinuxWaitPoint(this, numbers, capacity, doorbell);
    }

    @Override
    public Doorbell openDoorbell(final Path doorbell) {
        return new LinuxDoorbell(this, numbers, doorbell);
    }

    @Override
    public void beginAnew() {
        ProcessImage.ofThisProcess().execute(numbers);
    }

    /** Opens a file with mode 0600 where it is created. */
    int open(final Path file, final int flags) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment path = arena.allocateFrom(file.toString());
            final long result =
                    SystemCall.call(
                            numbers.openat(), AT_FDCWD, path.address(), flags, OWNER_READ_WRITE);
            check(result, "open", file);
            return (int) result;
        }
    }

    void close(final int descriptor) {
        SystemCall.call(numbers.close(), descriptor, 0);
    }

    static void check(final long result, final String call, final Object subject) {
        if (result < 0) {
            throw new OsException(call, subject, (int) -result);
        }
    }
}
