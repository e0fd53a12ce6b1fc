package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.DiesAtOnceDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Daemons that are started anew together, as processes. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class GroupIT {
    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void theRestBehindAKilledMemberComesBackWithItAndTheOneBeforeGoesOn() {
        final TestTree tree = three("rest");
        final long first = tree.pid("first");
        tree.killDaemon("second");
        awaitAll(tree, 1, 2, 2);
        assertEquals(first, tree.pid("first"));
        assertEquals(1, tree.restarts("second"));
        assertEquals(0, tree.restarts("third"), "it was stopped, and did not die");
        assertEquals(ExitClass.FINISHED, tree.lastExit("third"));
        assertEquals(ExitClass.SIGNAL, tree.lastExit("second"));
        assertStartedInOrder(tree, "second", "third");
    }

    @Test
    void allOthersComeBackWithAKilledMemberInTheirOrder() throws IOException {
        final TestTree tree = three("all");
        final long first = tree.pid("first");
        tree.killDaemon("third");
        awaitAll(tree, 2, 2, 2);
        assertNotEquals(first, tree.pid("first"));
        assertEquals(0, tree.restarts("first"));
        assertEquals(0, tree.restarts("second"));
        assertEquals(1, tree.restarts("third"));
        assertStartedInOrder(tree, "first", "second", "third");

        final JsonNode status =
                new ObjectMapper()
                        .readTree(String.join("\n", tree.cli().run("status", "--json").stdout()));
        assertEquals("line", status.at("/trees/0/groups/0/name").asText());
        assertEquals("all", status.at("/trees/0/groups/0/with").asText());
        assertEquals("second", status.at("/trees/0/groups/0/daemons/1").asText());
        assertEquals("signal", status.at("/trees/0/daemons/0/deaths/0/class").asText());
        assertTrue(status.at("/trees/0/daemons/2/deaths").isEmpty());
    }

    @Test
    void aQuarantinedMemberKeepsAllOthersDownUntilItIsReleased() throws IOException {
        final Path cure = Files.createFile(AREA.files().resolve("group-cure"));
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("held")
                                .daemon("counter", CounterDaemon.class)
                                .daemon(
                                        "dying",
                                        DiesAtOnceDaemon.class,
                                        "'settings': {'cure': '" + cure + "'}",
                                        "'restart': {'limit': 1, 'backoff': '1 ms .. 5 ms'}")
                                .group("pair", "all", "counter", "dying"));
        tree.up();
        Files.delete(cure);
        tree.killDaemon("dying");
        tree.awaitState("dying", DaemonState.QUARANTINED);
        tree.awaitState("counter", DaemonState.WAITING);
        assertEquals(0, tree.restarts("counter"));
        final String text = String.join("\n", tree.cli().run("status", "held").stdout());
        assertTrue(text.contains("QUARANTINED: 2 deaths in 60 s: "), text);
        assertTrue(text.contains("group pair, with all: counter, dying"), text);

        Files.createFile(cure);
        assertEquals(0, tree.cli().run("release", "held/dying").exitCode());
        tree.awaitReady("counter", 2);
        tree.awaitReady("dying", 3);
    }

    private static TestTree three(final String with) {
        return new TestTree(
                        AREA,
                        new TestManifest("group-" + with)
                                .daemon("third", CounterDaemon.class)
                                .daemon("second", CounterDaemon.class)
                                .daemon("first", CounterDaemon.class)
                                .group("line", with, "first", "second", "third"))
                .up();
    }

    private static void awaitAll(
            final TestTree tree, final long first, final long second, final long third) {
        tree.awaitReady("first", first);
        tree.awaitReady("second", second);
        tree.awaitReady("third", third);
        assertEquals(first, tree.epoch("first"));
        assertEquals(second, tree.epoch("second"));
        assertEquals(third, tree.epoch("third"));
    }

    private static void assertStartedInOrder(final TestTree tree, final String... names) {
        for (int i = 1; i < names.length; i++) {
            assertTrue(
                    tree.word(names[i], BoardWord.SPAWN_NS)
                            >= tree.word(names[i - 1], BoardWord.READY_NS),
                    names[i] + " was started when " + names[i - 1] + " was ready");
        }
    }
}
