package io.coppice.os;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/** {@code prctl(2)}, {@code waitid(2)} and {@code /proc}. */
final class LinuxProcessTree implements ProcessTree {
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int CLD_EXITED = 1;

    /** A {@code siginfo_t}, and where in it the kernel says what. */
    private static final int SIGINFO_BYTES = 128;

    private static final int SIGINFO_CODE = 8;
    private static final int SIGINFO_PID = 16;
    private static final int SIGINFO_STATUS = 24;

    /** What is read of an environment at most: a process may have been given megabytes. */
    private static final int ENVIRONMENT_BYTES_MAX = 4 << 20;

    private static final int VALUE_BYTES_MAX = 8192;

    /** How often the processes are listed in one look at most. */
    private static final int LISTINGS_MAX = 32;

    private static final int BUFFER_BYTES = 8192;

    private final SystemCallNumbers numbers;
    private final MemorySegment info = Arena.global().allocate(SIGINFO_BYTES, Long.BYTES);
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final byte[] value = new byte[VALUE_BYTES_MAX];
    private final Path children =
            Path.of("/proc/self/task/" + ProcessHandle.current().pid() + "/children");

    LinuxProcessTree(final SystemCallNumbers numbers) {
        this.numbers = numbers;
    }

    @Override
    public boolean adoptOrphans() {
        LinuxOperatingSystem.check(
                SystemCall.call(numbers.prctl(), PR_SET_CHILD_SUBREAPER, 1),
                "prctl",
                "PR_SET_CHILD_SUBREAPER");
        return true;
    }

    @Override
    public long endedChild() {
        info.set(ValueLayout.JAVA_INT, SIGINFO_PID, 0);
        // It fails where there are no children at all.
        return SystemCall.succeeds(
                        numbers.waitid(), P_ALL, 0, info.address(), WEXITED | WNOHANG | WNOWAIT)
                ? info.get(ValueLayout.JAVA_INT, SIGINFO_PID)
                : 0;
    }

    @Override
    public int reap(final long pid, final long startTime) {
        if (pid <= 1
                || pid > Integer.MAX_VALUE
                || startTime != 0 && ProcFs.startTimeOfZombieToo(pid) != startTime) {
            return NOT_REAPED;
        }
        info.set(ValueLayout.JAVA_INT, SIGINFO_PID, 0);
        if (!SystemCall.succeeds(numbers.waitid(), P_PID, pid, info.address(), WEXITED | WNOHANG)
                || info.get(ValueLayout.JAVA_INT, SIGINFO_PID) != pid) {
            return NOT_REAPED;
        }
        final int status = info.get(ValueLayout.JAVA_INT, SIGINFO_STATUS);
        return info.get(ValueLayout.JAVA_INT, SIGINFO_CODE) == CLD_EXITED
                ? status
                : Signals.EXIT_BASE + status;
    }

    /**
     * The kernel gives orphans to the first thread of their new parent. A JVM's first thread only
     * waits for the one that runs main, and so has no other children.
     */
    @Override
    public boolean mayHaveOrphans() {
        try (InputStream list = Files.newInputStream(children)) {
            return list.read() >= 0;
        } catch (final IOException notTold) {
            // A kernel without this file.
            return true;
        }
    }

    @Override
    public List<ProcessRecord> orphans() {
        final List<ProcessRecord> orphans = new ArrayList<>();
        try (InputStream list = Files.newInputStream(children)) {
            final int count = list.readNBytes(buffer, 0, buffer.length);
            long pid = 0;
            // Each is followed by a blank; one that the buffer has cut is left for the next time.
            for (int i = 0; i < count; i++) {
                if (buffer[i] >= '0' && buffer[i] <= '9') {
                    pid = 10 * pid + buffer[i] - '0';
                } else {
                    final ProcessRecord orphan = process(pid);
                    if (orphan != null) {
                        orphans.add(orphan);
                    }
                    pid = 0;
                }
            }
        } catch (final IOException notTold) {
            // A kernel without this file.
            return List.of();
        }
        return orphans;
    }

    /**
     * A listing is old when its last entry is read, and so it is made again until it holds nobody
     * new. Whoever lives at the time of the last one is in an earlier one, and was alive when its
     * entry was read.
     */
    @Override
    public boolean processes(final Consumer<ProcessRecord> observer) {
        final BitSet shown = new BitSet();
        for (int i = 0; i < LISTINGS_MAX; i++) {
            if (!showNew(shown, observer)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether there was anybody new. */
    private boolean showNew(final BitSet shown, final Consumer<ProcessRecord> observer) {
        final int before = shown.cardinality();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (final Path entry : entries) {
                final int pid = Integer.parseInt(entry.getFileName().toString());
                if (!shown.get(pid)) {
                    shown.set(pid);
                    final ProcessRecord process = process(pid);
                    if (process != null) {
                        observer.accept(process);
                    }
                }
            }
        } catch (final IOException | DirectoryIteratorException refused) {
            throw new OsException("readdir", "/proc", Errno.EIO.number());
        }
        return shown.cardinality() != before;
    }

    @Override
    public ProcessRecord process(final long pid) {
        return pid < 1 ? null : ProcFs.record(pid);
    }

    /**
     * In execve(2) there is a moment in which the kernel shows neither arguments nor environment.
     * Who shows arguments and no environment twice has none.
     */
    @Override
    public String variable(final long pid, final String name) {
        final String shown = shownVariable(pid, name);
        if (shown != null) {
            return shown;
        }
        if (ProcFs.commandLine(pid).isEmpty()) {
            final ProcessRecord process = process(pid);
            // The kernel's own threads, which are of no session, never show anything.
            return process != null && process.alive() && process.session() != 0 ? null : "";
        }
        final String later = shownVariable(pid, name);
        return later == null ? "" : later;
    }

    /** Returns null where no environment at all is shown. */
    private String shownVariable(final long pid, final String name) {
        final byte[] prefix = (name + "=").getBytes(StandardCharsets.UTF_8);
        // How much of the entry fits the prefix, then of the value; -1 in an entry of another name.
        int fitting = 0;
        int bytes = 0;
        try (InputStream environment = Files.newInputStream(Path.of("/proc/" + pid + "/environ"))) {
            int seen = 0;
            int count = environment.read(buffer);
            if (count <= 0) {
                return null;
            }
            while (count > 0 && seen < ENVIRONMENT_BYTES_MAX) {
                for (int i = 0; i < count; i++) {
                    if (buffer[i] == 0) {
                        if (fitting == prefix.length) {
                            return new String(value, 0, bytes, StandardCharsets.UTF_8);
                        }
                        fitting = 0;
                    } else if (fitting == prefix.length) {
                        if (bytes == VALUE_BYTES_MAX) {
                            return "";
                        }
                        value[bytes++] = buffer[i];
                    } else if (fitting >= 0) {
                        fitting = buffer[i] == prefix[fitting] ? fitting + 1 : -1;
                    }
                }
                seen += count;
                count = environment.read(buffer);
            }
        } catch (final IOException goneOrNotOurs) {
            // Whoever is gone has no environment.
        }
        return "";
    }

    @Override
    public boolean signal(final long pid, final long startTime, final int signal) {
        if (pid <= 1 || pid > Integer.MAX_VALUE) {
            return false;
        }
        final long descriptor = SystemCall.call(numbers.pidfdOpen(), pid, 0);
        if (descriptor == -Errno.ESRCH.number()) {
            return false;
        }
        LinuxOperatingSystem.check(descriptor, "pidfd_open", pid);
        try {
            // Looked at after the descriptor is open: they are about the same process then.
            return ProcFs.startTimeOfZombieToo(pid) == startTime
                    && SystemCall.succeeds(numbers.pidfdSendSignal(), descriptor, signal, 0, 0);
        } finally {
            SystemCall.call(numbers.close(), descriptor, 0);
        }
    }
}
