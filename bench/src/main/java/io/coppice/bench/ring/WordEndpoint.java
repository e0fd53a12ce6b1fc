package io.coppice.bench.ring;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The floor: two words of a mapped file, one for each direction, that carry nothing but the number
 * of the message. One process spins on its word, or sleeps on it; nothing that goes between
 * processes by shared memory is faster.
 */
final class WordEndpoint implements Endpoint {
    private static final String FILE = "words";

    /** Words lie this far apart, so that neither their line nor its neighbour is shared. */
    private static final int WORD_BYTES = 128;

    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final OperatingSystem os = OperatingSystem.current();
    private final boolean parks;
    private final Memory words;
    private final long out;
    private final long in;

    WordEndpoint(final Seat seat, final boolean parks) {
        this.parks = parks;
        this.words = MappedFile.writable(seat.folder().resolve(FILE));
        this.out = seat.isFirst() ? 0 : WORD_BYTES;
        this.in = WORD_BYTES - out;
    }

    /** Makes the file. */
    static void layOut(final Path folder) throws IOException {
        Files.write(folder.resolve(FILE), new byte[2 * WORD_BYTES]);
    }

    @Override
    public void send(final long first, final int count) {
        // Message 0 is the word 1, since 0 stands there before anything was sent.
        if (parks) {
            words.putIntVolatile(out, (int) first + 1);
            os.futexWake(words.address() + out, 1);
        } else {
            words.putLongRelease(out, first + 1);
        }
    }

    @Override
    public int receive(final MessageCheck check, final int limit) {
        if (parks) {
            final int last = (int) check.next();
            if (words.getIntVolatile(in) == last) {
                os.futexWait(words.address() + in, last, PATIENCE_NS);
            }
            final int there = words.getIntVolatile(in);
            if (there == last) {
                return 0;
            }
            check.takeNumber(there - 1);
            return 1;
        }
        final long there = words.getLongAcquire(in);
        if (there == check.next()) {
            return 0;
        }
        check.takeNumber(there - 1);
        return 1;
    }

    @Override
    public void idle(final Waiting waiting) {
        if (!parks) {
            waiting.idle();
        }
    }
}
