package io.coppice.system;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A run under chaos that is over after half a minute, where the tree has not ended before. On a
 * machine on which a start takes longer than chaos lets anybody live, nothing would ever be done.
 */
final class ChaosForATime {
    private static final long CHAOS_NS = TimeUnit.SECONDS.toNanos(30);
    private static final Duration MOST = Duration.ofMinutes(3);

    private ChaosForATime() {}

    /**
     * Runs a tree to its end.
     *
     * @param options of {@code coppice run}, by which there is chaos
     */
    static CoppiceCli.Result run(final TestTree tree, final String... options) {
        final CoppiceCli.Running console = tree.start(options);
        final long start = System.nanoTime();
        Waiting.until(
                "the tree has ended, or has had its chaos",
                MOST,
                () -> !console.isAlive() || System.nanoTime() - start > CHAOS_NS);
        if (console.isAlive()) {
            // Refused where the tree ends just now.
            tree.cli().run("chaos", tree.folder().getFileName().toString(), "--off");
        }
        return console.await();
    }
}
