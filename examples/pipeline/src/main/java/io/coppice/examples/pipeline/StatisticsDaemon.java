package io.coppice.examples.pipeline;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.ring.RingReader;
import java.util.Locale;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Counts what a {@link SourceDaemon} publishes: it reads the ring that the transform reads too, at
 * its own pace.
 *
 * <p>Setting: {@code source}, the daemon to read from ({@code source}).
 */
public final class StatisticsDaemon implements Daemon {
    private DaemonContext context;
    private TextCounts counts;
    private RingReader lines;

    /** Made by the runtime. */
    public StatisticsDaemon() {}

    @Override
    public void open(final DaemonContext given) {
        context = given;
        counts = new TextCounts(context.structures().region("counts", TextCounts.BYTES));
        lines = context.ringReader(context.setting("source", "source"), SourceDaemon.RING);
    }

    @Override
    public int doWork() {
        if (counts.isEnded()) {
            context.finish();
            return 0;
        }
        return lines.poll(this::onMessage, LineMessage.MESSAGES_PER_COMMIT);
    }

    @Override
    public void warmUp() {
        final UnsafeBuffer sample = new UnsafeBuffer(new byte[] {'a', ' '});
        new TextCounts(new UnsafeBuffer(new byte[TextCounts.BYTES]))
                .count(sample, 0, sample.capacity(), true);
    }

    private void onMessage(
            final int type, final DirectBuffer buffer, final int index, final int length) {
        if (type == LineMessage.END) {
            context.summary(summary());
            counts.end();
        } else {
            counts.count(buffer, index, length, type == LineMessage.LINE);
        }
    }

    private String summary() {
        return String.format(
                Locale.ROOT,
                "statistics   %d lines, %d words, the longest line has %d bytes%n",
                counts.lines(),
                counts.words(),
                counts.longestBytes());
    }
}
