package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coppice.pool.task.WorkerState;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.EchoTransaction;
import io.coppice.system.daemons.PoolDaemon;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code status --json} as the design fixes it, and {@code status} for people beside it. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class StatusJsonIT {
    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void showsEveryKeyOfTheContractWithItsType() throws IOException {
        final TestTree tree = busyTree("shown");
        final JsonNode json = json(tree.cli().run("status", "--json"));
        assertEquals(Set.of("format", "trees"), keys(json));
        assertEquals(1, json.get("format").asInt());
        assertEquals(1, json.get("trees").size());
        final JsonNode shown = json.at("/trees/0");
        assertHasKeys(shown, "name", "state", "root", "daemons");
        assertEquals("shown", shown.get("name").asText());
        assertEquals("running", shown.get("state").asText());
        final JsonNode root = shown.get("root");
        assertIntegers(root, "pid", "epoch", "uptimeMs", "residentBytes");
        assertEquals(tree.rootPid(), root.get("pid").asLong());
        assertEquals(1, root.get("epoch").asLong());
        assertTrue(root.get("residentBytes").asLong() > 0);

        assertEquals(2, shown.get("daemons").size());
        for (final JsonNode daemon : shown.get("daemons")) {
            assertHasKeys(
                    daemon, "name", "state", "memory", "standby", "pools", "rings", "lastExit");
            assertIntegers(daemon, "pid", "epoch", "restarts", "uptimeMs");
            assertIntegers(daemon.get("memory"), "budgetBytes", "usedBytes");
            assertTrue(daemon.get("pools").isArray());
            assertTrue(daemon.get("rings").isArray());
            assertTrue(daemon.get("standby").isNull() || daemon.get("standby").isObject());
            assertEquals("ready", daemon.get("state").asText());
        }
        final JsonNode counter = shown.at("/daemons/0");
        assertEquals(2, counter.get("epoch").asLong());
        assertEquals(1, counter.get("restarts").asLong());
        assertEquals(tree.pid("counter"), counter.get("pid").asLong());
        assertEquals(2 * 1024 * 1024, counter.at("/memory/budgetBytes").asLong());
        assertTrue(counter.at("/memory/usedBytes").asLong() <= 2 * 1024 * 1024);
        assertTrue(counter.at("/memory/usedBytes").asLong() > 0);
        assertEquals("signal", counter.at("/lastExit/class").asText());
        assertEquals(137, counter.at("/lastExit/status").asInt());
        assertEquals(1, counter.at("/lastExit/epoch").asInt());
        assertIntegers(counter.get("lastExit"), "status", "epoch", "atMs");

        final JsonNode pool = shown.at("/daemons/1/pools/0");
        assertTrue(shown.at("/daemons/1/lastExit").isNull());
        assertEquals("work", pool.get("name").asText());
        assertEquals(1, pool.get("workers").asInt());
        assertEquals(1, pool.get("busy").asInt());
        assertEquals(2, pool.get("unfinished").asInt());
    }

    @Test
    void theTextShowsTheSame() throws IOException {
        final TestTree tree = busyTree("told");
        final JsonNode counter = json(tree.cli().run("status", "told", "--json"));
        final CoppiceCli.Result text = tree.cli().run("status", "told");
        assertEquals(0, text.exitCode(), text::toString);
        assertTrue(
                text.stdout().get(0).startsWith("told  RUNNING  root " + tree.rootPid() + "  up "),
                text::toString);
        final JsonNode daemon = counter.at("/trees/0/daemons/0");
        assertTrue(
                text.stdout().stream()
                        .anyMatch(
                                line ->
                                        line.matches(
                                                " +counter +READY +"
                                                        + daemon.get("pid").asLong()
                                                        + " +2 +1 .* of 2 MiB +signal"
                                                        + " \\(SIGKILL\\)")),
                text::toString);
        assertTrue(
                text.stdout().stream()
                        .anyMatch(
                                line ->
                                        line.matches(
                                                " +pool work +workers 1 of 1 \\(1 busy\\) .*")),
                text::toString);
    }

    @Test
    void aStoppedTreeIsShownAsStopped() throws IOException {
        final TestTree tree =
                new TestTree(AREA, new TestManifest("over").daemon("counter", CounterDaemon.class));
        tree.up();
        tree.stop();
        final JsonNode json = json(tree.cli().run("status", "over", "--json"));
        assertEquals("stopped", json.at("/trees/0/state").asText());
        assertEquals(0, json.at("/trees/0/root/pid").asLong());
        assertEquals("done", json.at("/trees/0/daemons/0/state").asText());
        assertEquals(0, json.at("/trees/0/daemons/0/pid").asLong());
        assertEquals("finished", json.at("/trees/0/daemons/0/lastExit/class").asText());
    }

    private static TestTree busyTree(final String name) {
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest(name)
                                .daemon("counter", CounterDaemon.class)
                                .daemon(
                                        "pool",
                                        PoolDaemon.class,
                                        "'settings': {'tasks': 'hang,hang'}",
                                        "'transactions': {'work': {'class': '"
                                                + EchoTransaction.class.getName()
                                                + "', 'deadline': '10 min'}}"));
        tree.up();
        tree.killDaemon("counter");
        tree.awaitReady("counter", 2);
        Waiting.until("it hangs", () -> tree.worker("pool", "work", 0) == WorkerState.RUNNING);
        return tree;
    }

    private static JsonNode json(final CoppiceCli.Result result) throws IOException {
        assertEquals(0, result.exitCode(), result::toString);
        return new ObjectMapper().readTree(String.join("\n", result.stdout()));
    }

    private static void assertHasKeys(final JsonNode node, final String... keys) {
        assertTrue(keys(node).containsAll(List.of(keys)), node::toString);
    }

    private static void assertIntegers(final JsonNode node, final String... keys) {
        for (final String key : keys) {
            assertTrue(node.path(key).isIntegralNumber(), () -> key + " is no integer in " + node);
        }
    }

    private static Set<String> keys(final JsonNode node) {
        final Set<String> keys = new TreeSet<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }
}
