package io.coppice.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Changes the first byte of an ordinary file that the other end looks at. */
final class PortableDoorbell implements Doorbell {
    private final FileChannel channel;
    private final ByteBuffer stamp = ByteBuffer.allocateDirect(Long.BYTES);

    PortableDoorbell(final Path doorbell) {
        try {
            this.channel =
                    FileChannel.open(doorbell, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (final IOException refused) {
            throw new UncheckedIOException(
                    "open " + doorbell + ": " + refused.getMessage(), refused);
        }
    }

    @Override
    public synchronized void ring() {
        try {
            stamp.clear().putLong(0, System.nanoTime());
            channel.write(stamp, 0);
        } catch (final IOException unheard) {
            // The other end looks again within its poll period all the same.
            stamp.clear();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
