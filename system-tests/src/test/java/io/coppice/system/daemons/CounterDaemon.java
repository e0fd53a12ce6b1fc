package io.coppice.system.daemons;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.JournaledBuffer;

/**
 * Counts in two words that change in one transaction: a death in between must never show. Shows the
 * count as its progress. Ends its work at the setting {@code until}, where there is one.
 */
public final class CounterDaemon implements Daemon {
    private static final int REGION_BYTES = 4096;
    private static final int SECOND_WORD = 2048;

    /** An idle daemon has some twenty cycles a second: whoever waits for progress has it soon. */
    private static final int COUNTS_A_CYCLE = 10;

    private DaemonContext context;
    private JournaledBuffer words;
    private long until;
    private boolean finished;

    @Override
    public void open(final DaemonContext daemonContext) {
        context = daemonContext;
        words = context.structures().region("words", REGION_BYTES);
        until = Long.parseLong(context.setting("until", "0"));
        System.out.println("counter begins at " + words.getLong(0));
        if (words.getLong(0) != words.getLong(SECOND_WORD)) {
            throw new IllegalStateException(
                    "half a transaction shows: "
                            + words.getLong(0)
                            + " and "
                            + words.getLong(SECOND_WORD));
        }
    }

    @Override
    public int doWork() {
        for (int i = 0; i < COUNTS_A_CYCLE && !finished; i++) {
            count();
        }
        return until > 0 ? 1 : 0;
    }

    private void count() {
        final long next = words.getLong(0) + 1;
        context.journal().begin();
        words.putLong(0, next);
        words.putLong(SECOND_WORD, next);
        context.journal().commit();
        context.progress(next, until);
        if (until > 0 && next >= until) {
            context.summary("counted to " + next);
            context.finish();
            finished = true;
        }
    }
}
