package io.coppice.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
    public void futexWake(final long address, final int count) {
        // Waiters poll.
    }

    @Override
    public void preallocate(final Path file, final long bytes) {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            final ByteBuffer zeroes = ByteBuffer.allocate(ZERO_BYTES);
            for (long at = channel.size(); at < bytes; at += zeroes.limit()) {
                zeroes.clear().limit((int) Math.min(ZERO_BYTES, bytes - at));
                while (zeroes.hasRemaining()) {
                    channel.write(zeroes, at + zeroes.position());
                }
            }
        } catch (final IOException refused) {
            throw new UncheckedIOException(
                    "allocate " + file + " of " + bytes + " bytes: " + refused.getMessage(),
                    refused);
        }
    }

    @Override
    public boolean signal(final long pid, final int signal) {
        return ProcessHandle.of(pid)
                .map(
                        handle -> {
                            if (signal == Signals.KILL) {
                                handle.destroyForcibly();
                            } else if (signal == Signals.TERM) {
                                handle.destroy();
                            }
                            return handle.isAlive();
                        })
                .orElse(false);
    }

    @Override
    public boolean signalGroup(final long pid, final int signal) {
        ProcessHandle.of(pid)
                .ifPresent(
                        handle ->
                                handle.descendants().forEach(child -> signal(child.pid(), signal)));
        return signal(pid, signal);
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
    public WaitPoint openWaitPoint(final int capacity, final Path doorbell) {
        return new PortableWaitPoint(capacity, doorbell);
    }

    @Override
    public Doorbell openDoorbell(final Path doorbell) {
        return new PortableDoorbell(doorbell);
    }
}
