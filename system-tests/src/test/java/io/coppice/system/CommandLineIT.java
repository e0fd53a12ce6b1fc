package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.DaemonState;
import io.coppice.system.daemons.CounterDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit codes and lines of the commands, where they are refused. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class CommandLineIT {
    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void missingTreesAndDaemonsAre69AndTheNearestIsSuggested() {
        final TestTree tree = tree("forest");
        tree.up();
        for (final String command : List.of("stop", "status", "clean")) {
            assertRefused(69, "did you mean \"forest\"?", command, "forst");
        }
        for (final String command : List.of("restart", "release", "handover")) {
            assertRefused(69, "did you mean \"forest\"?", command, "forst/counter");
            assertRefused(69, "did you mean \"counter\"?", command, "forest/conter");
        }
        assertEquals(DaemonState.READY, tree.state("counter"));
        assertEquals(1, tree.epoch("counter"));
    }

    @Test
    void whereNothingRunsStopIs69AndStatusSaysSo() {
        assertRefused(69, "no tree runs below", "stop");
        final CoppiceCli.Result status = AREA.cli().run("status");
        assertEquals(0, status.exitCode(), status::toString);
        assertTrue(status.stdout().get(0).startsWith("no trees"), status::toString);
        final CoppiceCli.Result clean = AREA.cli().run("clean");
        assertEquals(0, clean.exitCode(), clean::toString);
        assertTrue(clean.stdout().get(0).startsWith("nothing to clean"), clean::toString);
    }

    @Test
    void aSecondRunOfALivingTreeIs75AndHarmsNothing() {
        final TestTree tree = tree("twice");
        tree.up();
        final CoppiceCli.Result second = tree.start().await();
        assertEquals(75, second.exitCode(), second::toString);
        assertEquals(1, second.stderr().size(), second::toString);
        assertTrue(second.stderr().get(0).contains("coppice stop twice"), second::toString);
        assertRefused(75, "stop it first", "clean", "twice");
        assertRefused(75, "only a quarantined daemon", "release", "twice/counter");
        assertRefused(75, "no warm standby", "handover", "twice/counter");
        final long seen = tree.progress("counter");
        tree.awaitProgress("counter", seen + 2);
        assertEquals(1, tree.epoch("counter"));
    }

    @Test
    void ofTwoRunsAtTheSameTimeOneIsRefused() {
        final TestTree tree = tree("race");
        final CoppiceCli.Running one = tree.start("--detach");
        final CoppiceCli.Running two = tree.start("--detach");
        final CoppiceCli.Result first = one.await();
        final CoppiceCli.Result second = two.await();
        assertEquals(75, first.exitCode() + second.exitCode(), () -> first + "\n" + second);
        final CoppiceCli.Result refused = first.exitCode() == 75 ? first : second;
        assertEquals(1, refused.stderr().size(), refused::toString);
        assertEquals(DaemonState.READY, tree.state("counter"));
        assertEquals(1, tree.epoch("counter"));
    }

    @Test
    void stopWithoutANameNeedsExactlyOneTree() {
        final TestTree one = tree("one");
        final TestTree two = tree("two");
        one.up();
        two.up();
        assertRefused(64, "several trees run, name one: one, two", "stop");
        one.stop();
        final CoppiceCli.Result result = two.cli().run("stop");
        assertEquals(0, result.exitCode(), result::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "grow",
                "run",
                "run a b",
                "run MANIFEST --shaos 1s",
                "run MANIFEST --chaos soon",
                "run MANIFEST --chaos 0s",
                "run MANIFEST --seed 7",
                "run MANIFEST --chaos 1s --seed seven",
                "stop a b",
                "restart",
                "restart counter",
                "restart /counter",
                "release tree/",
                "handover counter",
                "status --jsno"
            })
    void badArgumentsAre64AndOneLine(final String arguments) {
        final Path manifest =
                new TestManifest("usage")
                        .daemon("counter", CounterDaemon.class)
                        .write(AREA.files());
        final String[] words =
                arguments.isEmpty()
                        ? new String[0]
                        : arguments.replace("MANIFEST", manifest.toString()).split(" ", -1);
        final CoppiceCli.Result result = AREA.cli().run(words);
        assertEquals(64, result.exitCode(), result::toString);
        assertEquals(1, result.stderr().size(), result::toString);
        assertTrue(result.stderr().get(0).startsWith("coppice: "), result::toString);
        assertEquals(List.of(), result.stdout());
    }

    /** The folders beside a tree's that {@code clean} must leave alone. */
    @ParameterizedTest
    @ValueSource(strings = {".", "..", "../files", "innocent", "/ABSOLUTE"})
    void cleanRemovesNothingButTrees(final String name) throws IOException {
        final Path innocent = AREA.runFolder().resolve("innocent");
        Files.createDirectories(innocent);
        Files.writeString(innocent.resolve("diary"), "dear diary");
        final Path file = Files.writeString(AREA.files().resolve("precious"), "precious");
        final CoppiceCli.Result result =
                AREA.cli().run("clean", name.replace("/ABSOLUTE", AREA.files().toString()));
        assertTrue(Files.exists(innocent.resolve("diary")), result::toString);
        assertTrue(Files.exists(file), result::toString);
        assertEquals(69, result.exitCode(), result::toString);
        final CoppiceCli.Result all = AREA.cli().run("clean");
        assertEquals(0, all.exitCode(), all::toString);
        assertTrue(Files.exists(innocent.resolve("diary")), all::toString);
    }

    @Test
    void detachReturnsWhenEveryDaemonIsReadyAndTheTreeGoesOn() {
        final TestTree tree = tree("detached");
        final CoppiceCli.Result result = tree.start("--detach").await();
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(
                result.stdout()
                        .get(0)
                        .matches("tree \"detached\" is ready after \\d+ ms; root has pid \\d+"),
                result::toString);
        assertEquals(DaemonState.READY, tree.state("counter"));
        assertTrue(TestTree.isAlive(tree.rootPid()));
    }

    @Test
    void checkPrintsThePlanOfTheMemoryAndStartsNothing() {
        final Path manifest =
                new TestManifest("checked")
                        .daemon("counter", CounterDaemon.class)
                        .write(AREA.files());
        final CoppiceCli.Result result = AREA.cli().run("check", manifest.toString());
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(
                result.stdout().stream().anyMatch(line -> line.matches(" +memory +2 MiB")),
                result::toString);
        assertFalse(Files.exists(AREA.runFolder().resolve("checked")));
    }

    private static void assertRefused(
            final int exitCode, final String cure, final String... command) {
        final CoppiceCli.Result result = AREA.cli().run(command);
        assertEquals(exitCode, result.exitCode(), result::toString);
        assertEquals(1, result.stderr().size(), result::toString);
        assertTrue(result.stderr().get(0).contains(cure), result::toString);
        assertEquals(List.of(), result.stdout());
    }

    private static TestTree tree(final String name) {
        return new TestTree(AREA, new TestManifest(name).daemon("counter", CounterDaemon.class));
    }
}
