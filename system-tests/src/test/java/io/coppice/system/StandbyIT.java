package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.StandbyState;
import io.coppice.system.daemons.CounterDaemon;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A standby goes on where its daemon ended, and nowhere else. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class StandbyIT {
    private static final String STANDBY = "'standby': 1";
    private static final String OFTEN =
            "'restart': {'backoff': '1 ms .. 2 ms', 'limit': 1000, 'within': '600 s'}";
    private static final long SOME = 20;

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void theStandbyGoesOnWhereItsDaemonWasKilled() {
        final TestTree tree = counter("heir", OFTEN);
        tree.up();
        for (int round = 1; round <= 3; round++) {
            final long standby = awaitWarm(tree);
            tree.killDaemon("counter");
            awaitPid(tree, standby);
            assertEquals(round, tree.word("counter", BoardWord.TAKEOVERS));
            assertEquals(round, tree.restarts("counter"));
            final long seen = tree.progress("counter");
            tree.awaitProgress("counter", seen + SOME);
        }
        assertEquals(0, tree.word("counter", BoardWord.STANDBY_DEATHS), tree.log("counter"));
        tree.stop();
    }

    /** Waits until there is a warm standby; returns its pid. */
    private static long awaitWarm(final TestTree tree) {
        Waiting.until(
                "there is a warm standby",
                () ->
                        tree.state("counter") == DaemonState.READY
                                && StandbyState.of(tree.word("counter", BoardWord.STANDBY_STATE))
                                        == StandbyState.WARM);
        return tree.word("counter", BoardWord.STANDBY_PID);
    }

    private static void awaitPid(final TestTree tree, final long pid) {
        Waiting.until(
                "process " + pid + " is the daemon",
                () -> tree.pid("counter") == pid && tree.state("counter") == DaemonState.READY);
    }

    private static TestTree counter(final String name, final String... members) {
        final String[] all = new String[members.length + 1];
        System.arraycopy(members, 0, all, 0, members.length);
        all[members.length] = STANDBY;
        return new TestTree(
                AREA, new TestManifest(name).daemon("counter", CounterDaemon.class, all));
    }
}
