package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.ProcessTree;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/**
 * A daemon that an earlier root has spawned. Where that was another process it is nobody's child
 * any more, so the kernel tells of its death and keeps its exit status to itself; where root has
 * only become another program, it is root's child still, though the JDK does not know it.
 */
final class AdoptedProcess extends Process {
    /** In place of an exit status that nobody can know. */
    static final int STATUS_UNKNOWN = -1;

    private final OperatingSystem os;
    private final long pid;
    private final long startTime;
    private int status;

    /**
     * @param startTime that goes with the pid
     * @param status that the earlier root has seen, or {@link #STATUS_UNKNOWN}
     */
    AdoptedProcess(
            final OperatingSystem os, final long pid, final long startTime, final int status) {
        this.os = os;
        this.pid = pid;
        this.startTime = startTime;
        this.status = status;
    }

    @Override
    public long pid() {
        return pid;
    }

    /** Returns whether the pid is still that of this process. Allocates. */
    @Override
    public boolean isAlive() {
        return pid > 1 && startTime != 0 && os.startTime(pid) == startTime;
    }

    /** There is nothing to wait for: whoever asks has seen it die. */
    @Override
    public boolean waitFor(final long timeout, final TimeUnit unit) {
        return true;
    }

    @Override
    public int waitFor() {
        return exitValue();
    }

    /** Asks the kernel where it is a child of this root all the same. */
    @Override
    public int exitValue() {
        if (status == STATUS_UNKNOWN) {
            final int reaped = os.processTree().reap(pid, startTime);
            status = reaped == ProcessTree.NOT_REAPED ? STATUS_UNKNOWN : reaped;
        }
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
