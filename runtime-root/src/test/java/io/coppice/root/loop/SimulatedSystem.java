package io.coppice.root.loop;

import io.coppice.os.Doorbell;
import io.coppice.os.Errno;
import io.coppice.os.OperatingSystem;
import io.coppice.os.OsException;
import io.coppice.os.ProcessActivity;
import io.coppice.os.Signals;
import io.coppice.os.WaitPoint;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A system whose processes are objects of a test. Files are real. */
final class SimulatedSystem implements OperatingSystem {
    /** What the machine says of its boot. */
    long bootId = 1;

    /** Root's parent: its guard where it is beyond 1. */
    long parentPid = 1;

    /** Whether there is no room for another file. */
    boolean full;

    private static final int TOO_MANY_FILES = 24;

    /** Every signal sent, as "KILL 1001". */
    final List<String> signals = new ArrayList<>();

    /** What every process does with the processors. */
    ProcessActivity activity = ProcessActivity.NONE;

    /** Whether who is killed lives on, as in a call that the kernel does not interrupt. */
    boolean killsTakeTime;

    /** Run just before a signal takes effect. */
    Runnable beforeSignal = () -> {};

    final SimulatedWaitPoint waitPoint = new SimulatedWaitPoint();
    private final Map<Long, SimulatedProcess> processes = new LinkedHashMap<>();
    private long nextPid = 1001;

    /** One process. */
    static final class SimulatedProcess extends Process {
        private final long pid;
        private boolean dead;
        private int status;

        SimulatedProcess(final long pid) {
            this.pid = pid;
        }

        void die(final int exitStatus) {
            dead = true;
            status = exitStatus;
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public boolean isAlive() {
            return !dead;
        }

        @Override
        public boolean waitFor(final long timeout, final TimeUnit unit) {
            return dead;
        }

        @Override
        public int waitFor() {
            return status;
        }

        @Override
        public int exitValue() {
            return status;
        }

        @Override
        public void destroy() {
            throw new UnsupportedOperationException("root sends signals");
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public InputStream getErrorStream() {
            return InputStream.nullInputStream();
        }
    }

    /** Tells of the deaths of simulated processes. */
    final class SimulatedWaitPoint implements WaitPoint {
        /** Whether there is no descriptor left. */
        boolean exhausted;

        /** Whose death the kernel does not tell yet; 0 for nobody's. */
        long untold;

        /** How often somebody has waited. */
        int waits;

        private final List<Long> watched = new ArrayList<>();

        @Override
        public int watch(final long pid) {
            if (exhausted) {
                throw new OsException("pidfd_open", "pid " + pid, TOO_MANY_FILES);
            }
            if (!processes.get(pid).isAlive()) {
                return GONE;
            }
            final int free = watched.indexOf(null);
            if (free >= 0) {
                watched.set(free, pid);
                return free;
            }
            watched.add(pid);
            return watched.size() - 1;
        }

        @Override
        public boolean died(final int token) {
            return watched.get(token) != untold && !processes.get(watched.get(token)).isAlive();
        }

        @Override
        public void unwatch(final int token) {
            watched.set(token, null);
        }

        @Override
        public void await(final long timeoutNs) {
            waits++;
        }

        @Override
        public void close() {}

        /** Returns how many tokens were ever in use at once. */
        int tokens() {
            return watched.size();
        }
    }

    SimulatedProcess start() {
        final SimulatedProcess process = new SimulatedProcess(nextPid++);
        processes.put(process.pid(), process);
        return process;
    }

    /** Returns how many processes live. */
    long living() {
        return processes.values().stream().filter(SimulatedProcess::isAlive).count();
    }

    /** Makes the kernel give out a pid again. */
    void forget(final long pid) {
        processes.remove(pid);
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public void futexWait(final long address, final int expected, final long timeoutNs) {}

    @Override
    public int markOnThreadEnd(final long address) {
        return 1;
    }

    @Override
    public long schedulingSlice(final long sliceNs) {
        return 0;
    }

    @Override
    public void futexWake(final long address, final int count) {}

    @Override
    public long bootId() {
        return bootId;
    }

    @Override
    public void preallocate(final Path file, final long bytes) {
        if (full) {
            throw new OsException("fallocate", file.toString(), Errno.ENOSPC.number());
        }
        OperatingSystem.current().preallocate(file, bytes);
    }

    @Override
    public boolean signal(final long pid, final int signal) {
        beforeSignal.run();
        signals.add(Signals.name(signal) + " " + pid);
        final SimulatedProcess process = processes.get(pid);
        if (process == null || !process.isAlive()) {
            return false;
        }
        if (signal == Signals.KILL && !killsTakeTime) {
            process.die(Signals.EXIT_BASE + Signals.KILL);
        }
        return true;
    }

    @Override
    public boolean signalGroup(final long pid, final int signal) {
        return signal(pid, signal);
    }

    @Override
    public void newSession() {}

    @Override
    public boolean dieWithParent(final int signal, final long parentPid) {
        return true;
    }

    @Override
    public long parentPid() {
        return parentPid;
    }

    /** A start time is the pid's, so a test can tell a wrong one. */
    @Override
    public long startTime(final long pid) {
        return processes.containsKey(pid) ? 7 * pid : 0;
    }

    @Override
    public List<String> commandLine(final long pid) {
        return List.of();
    }

    @Override
    public boolean awaitDeath(final long pid, final long startTime, final long timeoutNs) {
        return !processes.containsKey(pid) || !processes.get(pid).isAlive();
    }

    @Override
    public long residentBytes(final long pid) {
        return 0;
    }

    @Override
    public ProcessActivity activity(final long pid) {
        return activity;
    }

    @Override
    public WaitPoint openWaitPoint(final int capacity, final Path doorbell) {
        return waitPoint;
    }

    @Override
    public Doorbell openDoorbell(final Path doorbell) {
        throw new UnsupportedOperationException("nobody rings here");
    }

    @Override
    public void beginAnew() {
        throw new UnsupportedOperationException("a simulated process does not begin anew");
    }
}
