package io.coppice.os;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The fallback where the kernel is not a Linux we know: the same answers from the JDK alone, by
 * looking again and again.
 */
final class PortableOperatingSystem implements OperatingSystem {
    /** How often a wait looks at its word. */
    private static final long POLL_NS = 200_000;

    private static final int ZERO_BYTES = 1 << 20;

    @Override
    public String name() {
        return "portable";
    }

    @Override
    @SuppressWarnings("restricted") // The address comes from a mapping of ours.
    public void futexWait(final long address, final int expected, final long timeoutNs) {
        final MemorySegment word = MemorySegment.ofAddress(address).reinterpret(Integer.BYTES);
        final long start = System.nanoTime();
        while (System.nanoTime() - start < timeoutNs) {
            VarHandle.fullFence();
            if (word.get(ValueLayout.JAVA_INT, 0) != expected) {
                return;
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    @Override
    public int markOnThreadEnd(final long address) {
        return 0;
    }

    @Override
    public long schedulingSlice(final long sliceNs) {
        return 0;
    }

    @Override
    public void futexWake(final long address, final int count) {
        // Waiters poll.
    }

    @Override
    public long bootId() {
        return 0;
    }

    @Override
    public void preallocate(final Path file, final long bytes) {
        final boolean existed = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        try {
            if (!existed) {
                createForOwnerAlone(file);
            }
            fill(file, bytes);
        } catch (final IOException | OsException refused) {
            if (!existed) {
                file.toFile().delete();
            }
            throw refused instanceof OsException told
                    ? told
                    : new OsException(
                            "allocate",
                            subject(file, bytes),
                            errno((IOException) refused).number());
        }
    }

    private static void createForOwnerAlone(final Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
    }

    private static void fill(final Path file, final long bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            // Asked first, so that a file system that is too small is not filled to its brim to
            // find out.
            if (Files.getFileStore(file).getUsableSpace() < bytes - channel.size()) {
                throw new OsException("allocate", subject(file, bytes), Errno.ENOSPC.number());
            }
            final ByteBuffer zeroes = ByteBuffer.allocate(ZERO_BYTES);
            for (long at = channel.size(); at < bytes; at += zeroes.limit()) {
                zeroes.clear().limit((int) Math.min(ZERO_BYTES, bytes - at));
                while (zeroes.hasRemaining()) {
                    channel.write(zeroes, at + zeroes.position());
                }
            }
        }
    }

    private static String subject(final Path file, final long bytes) {
        return file + " of " + bytes + " bytes";
    }

    /**
     * The JDK tells these errors apart by class; a write that fails later than all checks found the
     * file system full.
     */
    private static Errno errno(final IOException refused) {
        if (refused instanceof NoSuchFileException) {
            return Errno.ENOENT;
        }
        if (refused instanceof AccessDeniedException) {
            return Errno.EACCES;
        }
        return refused instanceof FileSystemException ? Errno.EIO : Errno.ENOSPC;
    }

    @Override
    public boolean signal(final long pid, final int signal) {
        return ProcessHandle.of(pid)
                .map(
                        handle -> {
                            final boolean there = handle.isAlive();
                            if (signal == Signals.KILL) {
                                handle.destroyForcibly();
                            } else if (signal == Signals.TERM) {
                                handle.destroy();
                            }
                            return there;
                        })
                .orElse(false);
    }

    @Override
    public boolean signalGroup(final long pid, final int signal) {
        if (pid <= 1) {
            return false;
        }
        // The leader goes first, or it would see its children die and might do something about it.
        final List<ProcessHandle> children =
                ProcessHandle.of(pid).map(ProcessHandle::descendants).stream()
                        .flatMap(descendants -> descendants)
                        .toList();
        final boolean signalled = signal(pid, signal);
        children.forEach(child -> signal(child.pid(), signal));
        return signalled;
    }

    @Override
    public void newSession() {
        // The JDK has no word for it; a terminal's Ctrl-C then reaches every process, and each ends
        // in order by itself.
    }

    @Override
    public boolean dieWithParent(final int signal, final long parentPid) {
        return parentPid() == parentPid;
    }

    @Override
    public long parentPid() {
        return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
    }

    @Override
    public long startTime(final long pid) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(handle -> handle.info().startInstant())
                .map(instant -> instant.toEpochMilli())
                .orElse(0L);
    }

    @Override
    public List<String> commandLine(final long pid) {
        final ProcessHandle.Info info = ProcessHandle.of(pid).map(ProcessHandle::info).orElse(null);
        if (info == null || info.command().isEmpty() || info.arguments().isEmpty()) {
            return List.of();
        }
        final List<String> all = new ArrayList<>();
        all.add(info.command().get());
        all.addAll(List.of(info.arguments().get()));
        return all;
    }

    @Override
    public boolean awaitDeath(final long pid, final long startTime, final long timeoutNs) {
        final long start = System.nanoTime();
        while (startTime(pid) == startTime) {
            if (System.nanoTime() - start >= timeoutNs) {
                return false;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        return true;
    }

    @Override
    public long residentBytes(final long pid) {
        return 0;
    }

    @Override
    public ProcessActivity activity(final long pid) {
        return ProcessHandle.of(pid)
                .flatMap(handle -> handle.info().totalCpuDuration())
                .map(cpu -> new ProcessActivity(false, false, cpu.toNanos()))
                .orElse(ProcessActivity.NONE);
    }

    @Override
    public void beginAnew() {
        throw new UnsupportedOperationException(
                "a process cannot begin anew on this platform; it needs Linux");
    }

    @Override
    public WaitPoint openWaitPoint(final int capacity, final Path doorbell) {
        return new PortableWaitPoint(capacity, doorbell);
    }

    @Override
    public Doorbell openDoorbell(final Path doorbell) {
        return new PortableDoorbell(doorbell);
    }
}
