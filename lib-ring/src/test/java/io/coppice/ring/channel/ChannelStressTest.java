package io.coppice.ring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Both directions of both ends at once, through rings so small that everybody sleeps and is woken
 * all the time. A bell that is lost, or taken by the wrong direction, stops it.
 */
@Timeout(120)
class ChannelStressTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"64, 0, 400000", "64, 3000, 400000", "128, 20000, 400000", "4096, 0, 20000000"})
    void noBellIsLost(final int capacity, final long spinNs, final int bytes) throws Exception {
        final ChannelSettings settings =
                ChannelSettings.defaults()
                        .with(Acceleration.all())
                        .withCapacity(capacity)
                        .withSpin(spinNs);
        final Path path = folder.resolve("socket");
        try (ChannelServer server = ChannelServer.bind(path, settings, 1);
                AcceleratedChannel near = AcceleratedChannel.connect(path, settings);
                AcceleratedChannel far = server.accept()) {
            final int most = capacity * 3;
            final FutureTask<Integer> nearWrites = start(near, true, bytes, most);
            final FutureTask<Integer> farWrites = start(far, true, bytes, most);
            final FutureTask<Integer> nearReads = start(near, false, bytes, most);
            final FutureTask<Integer> farReads = start(far, false, bytes, most);
            assertEquals(bytes, nearWrites.get());
            assertEquals(bytes, farWrites.get());
            assertEquals(bytes, nearReads.get());
            assertEquals(bytes, farReads.get());
        }
    }

    private static FutureTask<Integer> start(
            final AcceleratedChannel channel,
            final boolean write,
            final int bytes,
            final int most) {
        final FutureTask<Integer> task =
                new FutureTask<>(
                        () ->
                                write
                                        ? writeAll(channel, bytes, most)
                                        : readAll(channel, bytes, most));
        final Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static int writeAll(final AcceleratedChannel channel, final int bytes, final int most)
            throws IOException {
        final Random random = new Random(bytes);
        final ByteBuffer buffer = ByteBuffer.allocate(most);
        int at = 0;
        while (at < bytes) {
            buffer.clear().limit(Math.min(1 + random.nextInt(most), bytes - at));
            while (buffer.hasRemaining()) {
                buffer.put(byteAt(at++));
            }
            channel.write(buffer.flip());
        }
        return at;
    }

    private static int readAll(final AcceleratedChannel channel, final int bytes, final int most)
            throws IOException {
        final Random random = new Random(~bytes);
        final ByteBuffer buffer = ByteBuffer.allocate(most);
        int at = 0;
        while (at < bytes) {
            buffer.clear().limit(1 + random.nextInt(most));
            channel.read(buffer);
            buffer.flip();
            while (buffer.hasRemaining()) {
                assertEquals(byteAt(at++), buffer.get());
            }
        }
        return at;
    }

    private static byte byteAt(final int position) {
        return (byte) (position * 31 + (position >> 8));
    }
}
