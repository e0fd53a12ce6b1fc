package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.DaemonState;
import io.coppice.system.daemons.BankDaemon;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A tree is stopped, and its daemon started again from a build that lays its state out otherwise.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class MigrationIT {
    private static final String PLAIN = "plain: 1000 accounts, sum 499500, limits 0\n";
    private static final String LIMITED = "limited: 1000 accounts, sum 499500, limits 2000\n";

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void aBuildWithLargerRecordsGoesOnWithTheState() {
        TestTree tree = tree("upgrade", 1000, "'build': 'plain'");
        tree.up();
        assertEquals(PLAIN, tree.log("bank"));
        tree.stop();

        tree = tree("upgrade", 1000, "'build': 'limited'");
        assertRefused(
                tree,
                "bank: accounts: record grew from 8 to 16 bytes; onCrash=reset, migrate(...) or the"
                        + " old build (field \"limit\" (long at 0) is new");

        // Nothing happened to the state: the old build goes on with it.
        tree = tree("upgrade", 1000, "'build': 'plain'");
        tree.up();
        assertTrue(tree.log("bank").endsWith(PLAIN), tree.log("bank"));
        tree.stop();

        tree = tree("upgrade", 40_000, "'build': 'limited', 'migrates': 'yes'");
        assertRefused(tree, "\"memory\" of 2097152 bytes is too small by ");
        tree.up("--set", "bank.memory=4 MiB");
        assertTrue(tree.log("bank").endsWith(LIMITED), tree.log("bank"));
        final CoppiceCli.Result verified = tree.cli().run("state", "verify", "upgrade/bank");
        assertEquals(0, verified.exitCode(), verified::toString);
        final CoppiceCli.Result got = tree.cli().run("state", "get", "upgrade/bank/accounts/7");
        assertEquals(0, got.exitCode(), got::toString);
        assertTrue(got.stdout().toString().contains("limit=2 balance=7"), got::toString);
        final long epoch = tree.epoch("bank");
        tree.killDaemon("bank");
        tree.awaitReady("bank", epoch + 1);
        assertTrue(tree.log("bank").endsWith(LIMITED), tree.log("bank"));
        tree.stop();
    }

    @Test
    void aDeathInTheMiddleOfAMigrationCostsNothing() {
        TestTree tree = tree("torn", 1000, "'build': 'plain'");
        tree.up();
        tree.stop();
        tree = tree("torn", 2000, "'build': 'limited', 'migrates': 'yes', 'stopsIn': 2");
        tree.start("--detach");
        final TestTree torn = tree;
        Waiting.until(
                "the migration is in the middle",
                () -> torn.log("bank").endsWith("in the middle, incarnation 2\n"));
        final long pid = tree.pid("bank");
        tree.killDaemon("bank");
        tree.awaitDeath(pid);
        tree.awaitReady("bank", 3);
        assertTrue(
                tree.log("bank").endsWith("in the middle, incarnation 3\n" + LIMITED),
                tree.log("bank"));
        final CoppiceCli.Result verified = tree.cli().run("state", "verify", "torn/bank");
        assertEquals(0, verified.exitCode(), verified::toString);
        tree.stop();
    }

    /** The daemon does not start, and says why in one line. */
    private static void assertRefused(final TestTree tree, final String why) {
        tree.start("--detach");
        tree.awaitState("bank", DaemonState.QUARANTINED);
        final String last = tree.log("bank").lines().reduce("", (earlier, line) -> line);
        assertTrue(last.contains(why), tree.log("bank"));
        tree.stop();
    }

    private static TestTree tree(final String name, final int capacity, final String settings) {
        return new TestTree(
                AREA,
                new TestManifest(name)
                        .daemon(
                                "bank",
                                BankDaemon.class,
                                "'capacities': {'accounts': " + capacity + "}",
                                "'restart': {'limit': 1, 'within': '60 s'}",
                                "'settings': {" + settings + "}"));
    }
}
