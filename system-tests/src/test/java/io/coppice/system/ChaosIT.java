package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.system.daemons.CounterDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chaos as a tool: begun and ended on a running tree, with all its kinds. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class ChaosIT {
    private static final long SOME = 3;
    private static final int SEEDS_MOST = 8;
    private static final String ROOT = "killed root";
    private static final String[] AS_NOBODY = {
        "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"
    };

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void killsAndStopsOnRequestUntilItIsToldToEnd() throws IOException {
        final TestTree tree = two("storm");
        tree.up();
        final CoppiceCli.Result begun =
                chaos(
                        tree,
                        0,
                        "--period",
                        "50ms",
                        "--kinds",
                        "kill,STOP",
                        "--stop-for",
                        "30ms",
                        "--seed",
                        "5");
        assertEquals(
                List.of(
                        "tree \"storm\": chaos every 50 ms (kill, stop for 30 ms), seed 5;"
                                + " \"coppice chaos storm --off\" ends it"),
                begun.stdout());
        assertRefused(tree, 75, "has chaos every 50 ms", "--period", "1s");
        assertTrue(
                tree.cli()
                        .run("status", "storm")
                        .stdout()
                        .contains("  chaos every 50 ms (kill, stop for 30 ms)"));
        Waiting.until(
                "there were both",
                () -> tree.board().chaosKills() >= SOME && tree.board().chaosStops() >= SOME);
        chaos(tree, 0, "--off");
        assertRefused(tree, 75, "has no chaos to end", "--off");
        assertFalse(tree.cli().run("status", "storm").toString().contains("chaos"));
        final long kills = tree.board().chaosKills();
        for (final String daemon : List.of("one", "two")) {
            tree.awaitState(daemon, DaemonState.READY);
            final long seen = tree.progress(daemon);
            tree.awaitProgress(daemon, seen + SOME);
            assertFalse(isStopped(tree.pid(daemon)));
            assertEquals(tree.word(daemon, BoardWord.CHAOS_KILLS), tree.restarts(daemon));
        }
        assertEquals(kills, tree.board().chaosKills());
        tree.stop();
    }

    @Test
    void killsRootAgainAndAgainUnderAGuardAndNobodyElse() {
        final TestTree tree = two("headless");
        tree.up("--guard");
        chaos(tree, 0, "--period", "100ms", "--kinds", "root");
        Waiting.until("chaos has killed four roots", () -> tree.board().rootEpoch() >= 5);
        Waiting.until(
                "a root ends it",
                () -> tree.cli().run("chaos", "headless", "--off").exitCode() == 0);
        for (final String daemon : List.of("one", "two")) {
            assertEquals(1, tree.epoch(daemon), "daemons outlive their roots");
            assertEquals(0, tree.restarts(daemon));
        }
        assertTrue(tree.board().chaosKills() >= 4);
        tree.stop();
    }

    @Test
    void whoIsStoppedWhenRootIsKilledIsLetGoByTheNextOne() {
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("stuck")
                                .daemon(
                                        "counter",
                                        CounterDaemon.class,
                                        "'watchdog': {'dumpAfter': '10 min', 'killAfter': '20 min'}"));
        tree.up();
        chaos(tree, 0, "--period", "50ms", "--kinds", "stop", "--stop-for", "4min");
        final long daemon = tree.pid("counter");
        Waiting.until("it is stopped", () -> isStopped(daemon));
        final long root = tree.rootPid();
        TestTree.kill(root);
        tree.awaitDeath(root);
        assertTrue(isStopped(daemon));
        tree.up();
        assertFalse(isStopped(daemon));
        assertEquals(daemon, tree.pid("counter"));
        final long seen = tree.progress("counter");
        tree.awaitProgress("counter", seen + SOME);
        tree.stop();
    }

    @Test
    void theLedgerIsTheSameUnderEveryKind() throws IOException {
        final Ledger calm = ledger("calm");
        assertFalse(calm.console().contains("chaos"), calm.console());
        assertSameUnderEvery(calm, "--chaos", "100ms", "--chaos-kinds", "kill,stop");
        assertSameUnderEvery(
                calm,
                "--guard",
                "--chaos",
                "200ms",
                "--chaos-kinds",
                "kill,stop,root",
                "--chaos-stop-for",
                "50ms");
    }

    /**
     * Runs with one seed after the other until chaos has killed and stopped daemons, and a root
     * where there is a guard.
     */
    private static void assertSameUnderEvery(final Ledger calm, final String... options)
            throws IOException {
        final Set<String> missing = new HashSet<>(List.of("killed", "stopped"));
        if (List.of(options).contains("--guard")) {
            missing.add(ROOT);
        }
        for (int seed = 3; !missing.isEmpty(); seed++) {
            assertTrue(seed < 3 + SEEDS_MOST, "chaos has never " + missing);
            final String[] all = Arrays.copyOf(options, options.length + 2);
            all[options.length] = "--seed";
            all[options.length + 1] = Integer.toString(seed);
            final Ledger stormy = ledger("seed" + seed, all);
            assertEquals(calm.balances(), stormy.balances(), stormy.console());
            missing.removeIf(word -> stormy.console().contains("; chaos " + word + " "));
            if (stormy.roots() > 1) {
                missing.remove(ROOT);
            }
        }
    }

    /** What a run has left, the last line of its console, and how many roots it took. */
    private record Ledger(List<String> balances, String console, long roots) {}

    @Test
    void treesThatAreMissingOrDoNotRunAre69AndRootNeedsAGuard() {
        final TestTree tree = two("forest");
        tree.up();
        final CoppiceCli.Result near = AREA.cli().run("chaos", "forst", "--period", "1s");
        assertEquals(69, near.exitCode(), near::toString);
        assertEquals(1, near.stderr().size(), near::toString);
        assertTrue(near.stderr().get(0).contains("did you mean \"forest\"?"), near::toString);
        assertRefused(tree, 75, "run the tree with --guard", "--period", "1s", "--kinds", "root");
        tree.stop();
        assertRefused(tree, 69, "does not run", "--period", "1s");
        assertRefused(tree, 69, "does not run", "--off");
    }

    @Test
    void ofTwoAtTheSameTimeOneIsRefused() {
        final TestTree tree = two("race");
        tree.up();
        final CoppiceCli.Running one = tree.cli().start("chaos", "race", "--period", "1h");
        final CoppiceCli.Running two = tree.cli().start("chaos", "race", "--period", "1h");
        final CoppiceCli.Result first = one.await();
        final CoppiceCli.Result second = two.await();
        assertEquals(75, first.exitCode() + second.exitCode(), () -> first + "\n" + second);
        final CoppiceCli.Result refused = first.exitCode() == 75 ? first : second;
        assertEquals(1, refused.stderr().size(), refused::toString);
        tree.stop();
    }

    @Test
    void aMailboxThatMayNotBeWrittenIs71() throws Exception {
        assumeTrue(canBeNobody(), "another user cannot be had, or may not read this checkout");
        final TestTree tree =
                new TestTree(
                        AREA.cli().through(AS_NOBODY).with("HOME", AREA.files().toString()),
                        AREA.runFolder(),
                        "closed",
                        new TestManifest("closed")
                                .daemon("counter", CounterDaemon.class)
                                .write(AREA.files()));
        tree.up();
        final Path mailbox = tree.folder().resolve("mailbox");
        Files.setPosixFilePermissions(mailbox, PosixFilePermissions.fromString("r--------"));
        assertRefused(tree, 71, mailbox.toString(), "--period", "1s");
        Files.setPosixFilePermissions(mailbox, PosixFilePermissions.fromString("rw-------"));
        tree.stop();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chaos usage",
                "chaos usage --off --period 1s",
                "chaos usage --off --seed 1",
                "chaos usage --period soon",
                "chaos usage --period 0s",
                "chaos usage --period 31d",
                "chaos usage --period 1s --kinds",
                "chaos usage --period 1s --kinds maim",
                "chaos usage --period 1s --stop-for 1ns",
                "chaos usage --period 1s --seed seven",
                "chaos a b --period 1s",
                "run MANIFEST --chaos-kinds stop",
                "run MANIFEST --chaos-stop-for 1s",
                "run MANIFEST --chaos 1s --chaos-kinds root",
                "run MANIFEST --chaos 1s --chaos-kinds everything"
            })
    void badArgumentsAre64AndOneLine(final String arguments) {
        final Path manifest =
                new TestManifest("usage")
                        .daemon("counter", CounterDaemon.class)
                        .write(AREA.files());
        final CoppiceCli.Result result =
                AREA.cli().run(arguments.replace("MANIFEST", manifest.toString()).split(" ", -1));
        assertEquals(64, result.exitCode(), result::toString);
        assertEquals(1, result.stderr().size(), result::toString);
        assertTrue(result.stderr().get(0).startsWith("coppice: "), result::toString);
        assertEquals(List.of(), result.stdout());
    }

    private static Ledger ledger(final String name, final String... options) throws IOException {
        final Path output = AREA.files().resolve(name + ".csv");
        final Path manifest = CoppiceCli.HOME.resolve("conf/ledger.json");
        final TestTree tree =
                new TestTree(AREA.cli().withStartCaches(), AREA.runFolder(), "ledger", manifest);
        final String[] all = new String[options.length + 2];
        System.arraycopy(options, 0, all, 2, options.length);
        all[0] = "--set";
        all[1] = "ledger.output=" + output;
        final CoppiceCli.Running console = tree.start(all);
        Waiting.until("there is a board", () -> tree.hasBoard() || !console.isAlive());
        // Every root goes on with the same one; its file is removed at the end.
        final Board board = tree.hasBoard() ? tree.board() : null;
        final CoppiceCli.Result result = console.await();
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(board != null, "there was never a board");
        Waiting.until("the guard has ended too", () -> AREA.processes().isEmpty());
        return new Ledger(
                Files.readAllLines(output),
                result.stdout().get(result.stdout().size() - 1),
                board.rootEpoch());
    }

    private static CoppiceCli.Result chaos(
            final TestTree tree, final int exitCode, final String... options) {
        final String[] all = new String[options.length + 2];
        System.arraycopy(options, 0, all, 2, options.length);
        all[0] = "chaos";
        all[1] = tree.folder().getFileName().toString();
        final CoppiceCli.Result result = tree.cli().run(all);
        assertEquals(exitCode, result.exitCode(), result::toString);
        return result;
    }

    private static void assertRefused(
            final TestTree tree, final int exitCode, final String cure, final String... options) {
        final CoppiceCli.Result result = chaos(tree, exitCode, options);
        assertEquals(1, result.stderr().size(), result::toString);
        assertTrue(result.stderr().get(0).contains(cure), result::toString);
        assertEquals(List.of(), result.stdout());
    }

    private static boolean isStopped(final long pid) {
        return OperatingSystem.current().activity(pid).stopped();
    }

    private static boolean canBeNobody() throws Exception {
        if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                || !Files.isExecutable(Path.of("/usr/bin/setpriv"))) {
            return false;
        }
        return new ProcessBuilder(
                                "setpriv",
                                "--reuid",
                                "65534",
                                "--regid",
                                "65534",
                                "--clear-groups",
                                "test",
                                "-r",
                                CoppiceCli.HOME.resolve("conf/ledger.json").toString())
                        .start()
                        .waitFor()
                == 0;
    }

    private static TestTree two(final String name) {
        return new TestTree(
                AREA,
                new TestManifest(name)
                        .daemon("one", CounterDaemon.class)
                        .daemon("two", CounterDaemon.class));
    }
}
