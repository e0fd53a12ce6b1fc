package io.coppice.ring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.coppice.ring.channel.Stream.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a channel leaves to the garbage collector in its steady state: nothing. */
@Timeout(60)
class ChannelAllocationTest {
    private static final int ROUNDS = 5_000;
    private static final int WINDOWS_MOST = 10;

    @TempDir Path folder;

    private AcceleratedChannel near;

    private AcceleratedChannel far;

    private void connect(final Kind kind) throws IOException {
        final Path path = folder.resolve("socket");
        final ChannelSettings settings = Stream.settings(kind);
        try (ChannelServer server = ChannelServer.bind(path, settings, 4)) {
            near = AcceleratedChannel.connect(path, settings);
            far = server.accept();
        }
    }

    @Test
    void readingAndWritingAllocateNothing() throws IOException {
        connect(Kind.ACCELERATED);
        final ByteBuffer heap = ByteBuffer.allocate(1000);
        final ByteBuffer direct = ByteBuffer.allocateDirect(1000);
        try (AcceleratedChannel one = near;
                AcceleratedChannel other = far) {
            assertEquals(
                    0,
                    allocatedBytes(
                            round -> {
                                try {
                                    one.write(heap.clear());
                                    assertEquals(1000, other.read(direct.clear()));
                                    other.write(direct.clear());
                                    assertEquals(1000, one.read(heap.clear()));
                                } catch (final IOException failed) {
                                    throw new UncheckedIOException(failed);
                                }
                            }));
        }
    }

    @Test
    void streamsOfSocketsAllocateNothing() throws IOException {
        connect(Kind.ACCELERATED);
        final ChannelSettings settings = Stream.settings(Kind.ACCELERATED);
        final byte[] bytes = new byte[100];
        try (AcceleratedSocket one = new AcceleratedSocket(near, settings);
                AcceleratedSocket other = new AcceleratedSocket(far, settings)) {
            final OutputStream out = one.getOutputStream();
            final InputStream in = other.getInputStream();
            other.setSoTimeout(10_000);
            assertEquals(
                    0,
                    allocatedBytes(
                            round -> {
                                try {
                                    out.write(bytes);
                                    out.write(7);
                                    assertEquals(100, in.read(bytes));
                                    assertEquals(7, in.read());
                                } catch (final IOException failed) {
                                    throw new UncheckedIOException(failed);
                                }
                            }));
        }
    }

    @Test
    void spinningAllocatesNothing() throws IOException, InterruptedException {
        connect(Kind.ACCELERATED);
        assertEquals(0, questions(near, far, Long.MAX_VALUE / 2));
    }

    @Test
    void sleepingAndRingingAllocateNothing() throws IOException, InterruptedException {
        connect(Kind.ASLEEP);
        assertEquals(0, questions(near, far, 10_000_000_000L));
    }

    /** Asks from here and answers on another thread, each waiting for the other. */
    private static long questions(
            final AcceleratedChannel near, final AcceleratedChannel far, final long timeoutNs)
            throws IOException, InterruptedException {
        final Thread answering = new Thread(() -> answer(far));
        answering.start();
        final ByteBuffer buffer = ByteBuffer.allocateDirect(8);
        try (near) {
            return allocatedBytes(
                    round -> {
                        try {
                            near.write(buffer.clear());
                            assertEquals(8, near.read(buffer.clear(), timeoutNs));
                        } catch (final IOException failed) {
                            throw new UncheckedIOException(failed);
                        }
                    });
        } finally {
            answering.join();
            assertTrue(far.isOpen());
            far.close();
        }
    }

    private static void answer(final AcceleratedChannel far) {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(8);
        try {
            while (far.read(buffer.clear()) > 0) {
                far.write(buffer.flip());
            }
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The fewest bytes of several windows: compiled methods that are given up allocate once. */
    static long allocatedBytes(final IntConsumer work) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long fewest = Long.MAX_VALUE;
        for (int window = 0; window < WINDOWS_MOST && fewest != 0; window++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int round = 0; round < ROUNDS; round++) {
                work.accept(round);
            }
            fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return fewest;
    }
}
