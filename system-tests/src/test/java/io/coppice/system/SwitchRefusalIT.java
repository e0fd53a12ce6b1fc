package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.NeverReadyDaemon;
import io.coppice.system.daemons.ReleaseDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit codes and lines of {@code upgrade} and {@code handover}, where they are refused. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class SwitchRefusalIT {
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void missingTreesAndDaemonsAre69AndTheNearestIsSuggested() {
        final TestTree tree = counter("forest").up();
        assertRefused(69, "did you mean \"forest\"?", upgrade("forst/counter"));
        assertRefused(69, "did you mean \"counter\"?", upgrade("forest/conter"));
        assertRefused(69, "did you mean \"forest\"?", "handover", "forst/counter");
        assertRefused(69, "did you mean \"counter\"?", "handover", "forest/conter");
        assertEquals(1, tree.epoch("counter"));
        tree.stop();
        assertRefused(69, "does not run; start it with", upgrade("forest/counter"));
        for (final String command : List.of("handover", "restart", "release")) {
            assertRefused(69, "does not run; start it with", command, "forest/counter");
        }
        assertRefused(69, "does not run; start it with", "reload", "forest");
        assertRefused(69, "does not run; start it with", "chaos", "forest", "--period", "1s");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "upgrade",
                "upgrade forest/counter",
                "upgrade --classpath x.jar",
                "upgrade counter --classpath x.jar",
                "upgrade forest/ --classpath x.jar",
                "upgrade forest/counter --classpath",
                "upgrade forest/counter --classpath x.jar --timeout soon",
                "upgrade forest/counter --classpath x.jar --timeout 0s",
                "upgrade forest/counter --claspath x.jar",
                "handover",
                "handover forest/counter twice"
            })
    void badArgumentsAre64AndOneLine(final String arguments) {
        assertRefused(64, "coppice: ", arguments.split(" ", -1));
    }

    @Test
    void aClassPathWithAHoleIs65AndStartsNothing() throws IOException {
        final TestTree tree = counter("hole").up();
        final Path notes = Files.writeString(AREA.files().resolve("notes.txt"), "no jar");
        assertRefused(65, "\"gone.jar\" does not exist", upgradeTo("hole/counter", "gone.jar"));
        assertRefused(65, "is neither a jar nor a folder", upgradeTo("hole/counter", "" + notes));
        assertRefused(65, "\"\" names nothing", upgradeTo("hole/counter", ""));
        assertRefused(
                65,
                "class \"io.coppice.daemon.DaemonMain\" is not in the classpath",
                upgradeTo("hole/counter", "" + CoppiceCli.HOME.resolve("docs")));
        assertRefused(
                65,
                "class \"" + CounterDaemon.class.getName() + "\" is not in the classpath",
                upgradeTo(
                        "hole/counter",
                        "" + CoppiceCli.HOME.resolve("examples/catalog/target/lib/*")));
        assertEquals(1, tree.epoch("counter"));
        assertEquals(0, tree.word("counter", BoardWord.STANDBY_EPOCH));
        tree.stop();
    }

    @Test
    void aDaemonThatIsNotReadyIs75() {
        final TestTree tree =
                new TestTree(
                        AREA, new TestManifest("early").daemon("counter", NeverReadyDaemon.class));
        tree.start("--detach");
        tree.awaitState("counter", DaemonState.STARTING);
        assertRefused(75, "only a daemon that is ready can be upgraded", upgrade("early/counter"));
        assertRefused(75, "no warm standby", "handover", "early/counter");
        assertRefused(75, "early/counter is STARTING", "release", "early/counter");
        tree.stop();
    }

    @Test
    void ofTwoUpgradesAtOnceTheSecondIs75AndAStopEndsTheFirst() {
        final Release never =
                Release.built(
                        AREA,
                        "never",
                        "while (when.equals(\"warmUp\")) {"
                                + " java.util.concurrent.locks.LockSupport.parkNanos(1000000); }"
                                + " return when;");
        final TestTree tree =
                new TestTree(
                                AREA,
                                new TestManifest("twice")
                                        .first(never.folder())
                                        .daemon(
                                                "service",
                                                ReleaseDaemon.class,
                                                "'capacities': {'accounts': 100}")
                                        .daemon("other", CounterDaemon.class))
                        .up();
        final CoppiceCli.Running first =
                AREA.cli()
                        .start(
                                "upgrade",
                                "twice/service",
                                "--classpath",
                                never.classPath(),
                                "--timeout",
                                "10 min");
        Waiting.until("it is under way", () -> tree.word("service", BoardWord.STANDBY_PID) != 0);
        assertRefused(75, "an upgrade is under way", upgradeTo("twice/service", never.classPath()));
        assertRefused(75, "an upgrade is under way", upgrade("twice/other"));
        final CoppiceCli.Result restarted = tree.cli().run("restart", "twice/service");
        assertEquals(0, restarted.exitCode(), restarted::toString);
        final CoppiceCli.Result left = first.await();
        assertEquals(75, left.exitCode(), left::toString);
        assertEquals(1, left.stderr().size(), left::toString);
        assertTrue(left.stderr().get(0).contains("goes on with the old jars"), left::toString);
        tree.stop();
    }

    @Test
    void twoHandoversAtOnceAreOneAfterTheOtherOrRefused() {
        final TestTree tree = counter("pair", "'standby': 1").up();
        tree.awaitWarmStandby("counter");
        final CoppiceCli.Running one = tree.cli().start("handover", "pair/counter");
        final CoppiceCli.Running two = tree.cli().start("handover", "pair/counter");
        int done = 0;
        for (final CoppiceCli.Result result : List.of(one.await(), two.await())) {
            assertTrue(result.exitCode() == 0 || result.exitCode() == 75, result::toString);
            assertEquals(result.exitCode() == 0 ? 0 : 1, result.stderr().size(), result::toString);
            done += result.exitCode() == 0 ? 1 : 0;
        }
        assertTrue(done > 0);
        assertEquals(done, tree.word("counter", BoardWord.TAKEOVERS));
        assertEquals(0, tree.restarts("counter"));
        tree.stop();
    }

    @Test
    void somebodyElsesTreeIsRefusedInOneLine() {
        final TestTree tree = counter("mine").up();
        Assumptions.assumeTrue(
                Files.isExecutable(SETPRIV)
                        && "root".equals(System.getProperty("user.name"))
                        && nobodyCanRun());
        for (final String[] command :
                List.of(
                        upgrade("mine/counter"),
                        new String[] {"handover", "mine/counter"},
                        new String[] {"restart", "mine/counter"},
                        new String[] {"release", "mine/counter"},
                        new String[] {"reload", "mine"},
                        new String[] {"chaos", "mine", "--period", "1s"},
                        new String[] {"stop", "mine"},
                        new String[] {"status", "mine"})) {
            final CoppiceCli.Result result = asNobody().run(command);
            assertEquals(71, result.exitCode(), result::toString);
            assertEquals(1, result.stderr().size(), result::toString);
            assertTrue(
                    result.stderr().get(0).contains("ask as the user who runs it"),
                    result::toString);
        }
        assertEquals(1, tree.epoch("counter"));
        tree.stop();
    }

    private static boolean nobodyCanRun() {
        return asNobody().run("--version").exitCode() == 0;
    }

    private static CoppiceCli asNobody() {
        return AREA.cli()
                .through(
                        SETPRIV.toString(),
                        "--reuid",
                        "65534",
                        "--regid",
                        "65534",
                        "--clear-groups");
    }

    private static String[] upgrade(final String daemon) {
        return upgradeTo(daemon, TestManifest.classPath());
    }

    private static String[] upgradeTo(final String daemon, final String classPath) {
        return new String[] {"upgrade", daemon, "--classpath", classPath};
    }

    private static void assertRefused(
            final int exitCode, final String cure, final String... command) {
        final CoppiceCli.Result result = AREA.cli().run(command);
        assertEquals(exitCode, result.exitCode(), result::toString);
        assertEquals(1, result.stderr().size(), result::toString);
        assertTrue(result.stderr().get(0).contains(cure), result::toString);
        assertEquals(List.of(), result.stdout());
    }

    private static TestTree counter(final String name, final String... members) {
        return new TestTree(
                AREA, new TestManifest(name).daemon("counter", CounterDaemon.class, members));
    }
}
