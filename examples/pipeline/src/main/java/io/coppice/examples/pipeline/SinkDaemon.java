package io.coppice.examples.pipeline;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.JournaledBuffer;
import io.coppice.ring.RingReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.agrona.DirectBuffer;

/**
 * Writes the lines of a {@link TransformDaemon} to a file, each once.
 *
 * <p>A line is written behind what counts, and counts in the transaction that has read it: see
 * {@link OutputFile}.
 *
 * <p>Settings: {@code source}, the daemon to read from ({@code transform}); {@code output}, the
 * file ({@code pipeline.txt} in the current folder), not one of the folder that is read.
 */
public final class SinkDaemon implements Daemon {
    private static final int OUTPUT_BYTES = 0;
    private static final int LINES = 8;
    private static final int ENDED = 16;
    private static final int STATE_BYTES = 24;
    private static final int LINE_END_BYTES = 1;

    private final ByteBuffer line =
            ByteBuffer.allocate(
                    LineMessage.PREFIX_BYTES_MAX + LineMessage.PART_BYTES_MAX + LINE_END_BYTES);
    private DaemonContext context;
    private JournaledBuffer state;
    private RingReader numbered;
    private OutputFile output;

    /** Made by the runtime. */
    public SinkDaemon() {}

    @Override
    public void open(final DaemonContext given) {
        context = given;
        state = context.structures().region("state", STATE_BYTES);
        numbered = context.ringReader(context.setting("source", "transform"), TransformDaemon.RING);
        output =
                OutputFile.open(
                        Path.of(context.setting("output", "pipeline.txt")).toAbsolutePath(),
                        state.getLong(OUTPUT_BYTES));
    }

    @Override
    public int doWork() {
        if (state.getLong(ENDED) != 0) {
            context.finish();
            return 0;
        }
        return numbered.poll(this::onMessage, LineMessage.MESSAGES_PER_COMMIT);
    }

    @Override
    public void onClose() throws IOException {
        output.close();
    }

    @Override
    public void warmUp() throws IOException {
        final Path file = Files.createTempFile("coppice-sink", ".txt");
        try (OutputFile sample = OutputFile.open(file, 0)) {
            sample.write(0, ByteBuffer.wrap(new byte[] {'\n'}));
        } finally {
            Files.delete(file);
        }
    }

    private void onMessage(
            final int type, final DirectBuffer buffer, final int index, final int length) {
        try {
            if (type == LineMessage.END) {
                output.force();
                context.summary(summary());
                state.putLong(ENDED, 1);
                return;
            }
            line.clear();
            buffer.getBytes(index, line, length);
            if (type == LineMessage.LINE) {
                line.put((byte) '\n');
                state.putLong(LINES, state.getLong(LINES) + 1);
            }
            line.flip();
            final int bytes = line.remaining();
            output.write(state.getLong(OUTPUT_BYTES), line);
            state.putLong(OUTPUT_BYTES, state.getLong(OUTPUT_BYTES) + bytes);
        } catch (final IOException refused) {
            throw new UncheckedIOException(
                    output.file() + ": cannot be written: " + refused.getMessage(), refused);
        }
    }

    private String summary() {
        return String.format(
                Locale.ROOT,
                "sink         %d lines, %d bytes in %s%n",
                state.getLong(LINES),
                state.getLong(OUTPUT_BYTES),
                output.file());
    }
}
