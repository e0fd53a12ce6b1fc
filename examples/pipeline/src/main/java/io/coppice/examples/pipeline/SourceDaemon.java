package io.coppice.examples.pipeline;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.daemon.DoNotRestartException;
import io.coppice.ring.RingWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Publishes the lines of the files of a folder.
 *
 * <p>The position in the files changes in the transaction that publishes what was read: a successor
 * goes on with the first byte that nobody has seen.
 *
 * <p>Settings: {@code input}, the folder (that which is shipped); {@code rounds}, how often it is
 * read, one time after the other (1).
 */
public final class SourceDaemon implements Daemon {
    /** What the ring is called. */
    static final String RING = "lines";

    /** Set in every process of a tree to where Coppice was built. */
    private static final String HOME_PROPERTY = "coppice.home";

    private static final String SHIPPED = "examples/pipeline/texts";
    private static final long ROUNDS_MAX = 1_000_000_000;

    private final UnsafeBuffer part = new UnsafeBuffer(new byte[LineMessage.PART_BYTES_MAX]);
    private DaemonContext context;
    private RingWriter ring;
    private SourceState state;
    private InputFiles files;
    private LineParts lines;
    private long rounds;

    /** Made by the runtime. */
    public SourceDaemon() {}

    @Override
    public void open(final DaemonContext given) {
        context = given;
        rounds = rounds(context.setting("rounds", "1"));
        state = new SourceState(context.structures().region("position", SourceState.BYTES));
        ring = context.ringWriter(RING, LineMessage.RING_BYTES);
        final String input = context.setting("input", "");
        final Path folder =
                input.isEmpty()
                        ? Path.of(System.getProperty(HOME_PROPERTY, "."), SHIPPED)
                        : Path.of(input);
        files = InputFiles.of(folder);
        if (state.fingerprint() != 0 && state.fingerprint() != files.fingerprint()) {
            throw new DoNotRestartException(
                    folder
                            + ": its files are not those that were read before; put them back, or"
                            + " drop the state with \"coppice clean "
                            + context.tree()
                            + "\" and run again");
        }
    }

    private long rounds(final String text) {
        try {
            final long number = Long.parseLong(text);
            if (number >= 1 && number <= ROUNDS_MAX) {
                return number;
            }
        } catch (final NumberFormatException noNumber) {
            throw wrongRounds(text);
        }
        throw wrongRounds(text);
    }

    private DoNotRestartException wrongRounds(final String text) {
        return new DoNotRestartException(
                context.name() + ": settings.rounds is " + text + ": use 1 to " + ROUNDS_MAX);
    }

    @Override
    public int doWork() throws IOException {
        if (state.isEnded()) {
            if (ring.isDrained()) {
                context.finish();
            }
            return 0;
        }
        if (!ring.hasRoom(LineMessage.ROOM_BYTES)) {
            return 0;
        }
        context.journal().begin();
        if (state.fingerprint() == 0) {
            state.fingerprint(files.fingerprint());
        }
        int messages = 0;
        while (messages < LineMessage.MESSAGES_PER_COMMIT && !state.isEnded()) {
            publishNext();
            messages++;
        }
        context.journal().commit();
        context.progress(state.publishedBytes(), files.bytes() * rounds);
        return messages;
    }

    @Override
    public void onClose() throws IOException {
        if (lines != null) {
            lines.close();
        }
    }

    @Override
    public void warmUp() throws IOException {
        final Path folder = Files.createTempDirectory("coppice-source");
        final Path file = folder.resolve("text");
        try {
            Files.writeString(file, "a line\n");
            try (LineParts sample = LineParts.open(InputFiles.of(folder).file(0), 0)) {
                sample.read(part, LineMessage.PART_BYTES_MAX);
            }
            new SourceState(new UnsafeBuffer(new byte[SourceState.BYTES])).nextFile(1);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    /** Publishes a part of a line, goes to the next file, or publishes the end. */
    private void publishNext() throws IOException {
        if (state.round() >= rounds) {
            publish(LineMessage.END, 0);
            state.end();
            context.summary(summary());
            return;
        }
        if (lines == null) {
            lines = LineParts.open(files.file(state.file()), state.positionBytes());
        }
        final int length = lines.read(part, LineMessage.PART_BYTES_MAX);
        if (length == LineParts.NOTHING) {
            lines.close();
            lines = null;
            state.nextFile(files.count());
            return;
        }
        publish(lines.isLineEnded() ? LineMessage.LINE : LineMessage.PART, length);
        state.advance(lines.positionBytes());
    }

    /** Room was looked for before the transaction began. */
    private void publish(final int type, final int length) {
        if (!ring.offer(type, part, 0, length)) {
            throw new IllegalStateException("the ring of lines is full");
        }
    }

    private String summary() {
        return String.format(
                Locale.ROOT,
                "source       %d bytes of %d files, %d times%n",
                state.publishedBytes(),
                files.count(),
                rounds);
    }
}
