package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.FeedDaemon;
import io.coppice.system.daemons.TasteDaemon;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rings in {@code status}, {@code status --json} and {@code top}. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class RingStatusIT {
    /** Of the ring of orders, 4 KiB; a message of 8 bytes takes 24. */
    private static final int CAPACITY = 4096;

    private static final int RECORD_BYTES = 24;

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void showsEveryRingUnderItsWriter() throws IOException {
        final TestTree tree = fed("fed");
        final JsonNode feed = json(tree).at("/trees/0/daemons/0");
        assertEquals(2, feed.get("rings").size());

        final JsonNode orders = feed.at("/rings/0");
        assertEquals("orders", orders.get("name").asText());
        assertEquals("lossless", orders.get("mode").asText());
        assertEquals(CAPACITY, orders.get("capacityBytes").asInt());
        assertTrue(orders.get("bytes").asLong() > CAPACITY, orders::toString);
        assertTrue(orders.get("messagesPerSecond").isNumber(), orders::toString);
        assertEquals("taste", orders.get("slowestReader").asText());
        assertEquals(0, orders.get("lost").asInt());
        assertEquals(0, orders.get("cutOffs").asInt());
        assertTrue(orders.get("lastCutOff").isNull(), orders::toString);
        final JsonNode taste = orders.at("/readers/0");
        assertEquals("taste", taste.get("name").asText());
        assertEquals("reading", taste.get("state").asText());
        final int behind = taste.get("behindMessages").asInt();
        assertEquals(orders.get("messages").asInt() - TasteDaemon.MESSAGES, behind);
        assertTrue(taste.get("behindBytes").asInt() >= behind * RECORD_BYTES, taste::toString);
        assertEquals(
                100 * taste.get("behindBytes").asInt() / CAPACITY,
                orders.get("fillPercent").asInt());
        assertTrue(orders.get("fillPercent").asInt() > 90, orders::toString);

        final JsonNode prices = feed.at("/rings/1");
        assertEquals("latest", prices.get("mode").asText());
        assertTrue(prices.get("messagesPerSecond").isNumber(), prices::toString);
        assertEquals("overtaken", prices.at("/readers/0/state").asText());
        assertTrue(
                prices.at("/readers/0/behindMessages").asLong() > CAPACITY / RECORD_BYTES,
                prices::toString);
        assertEquals(0, json(tree).at("/trees/0/daemons/1/rings").size());
    }

    @Test
    void theTextAndTopShowTheSame() {
        final TestTree tree = fed("seen");
        final List<String> status = done(tree, "status", "seen");
        assertShown(status, 1);
        final List<String> top = done(tree, "top", "seen", "--times", "3", "--every", "50ms");
        assertShown(top, 3);
        assertEquals(2, top.stream().filter(String::isEmpty).count(), top::toString);

        tree.stop();
        final List<String> stopped = done(tree, "top", "seen");
        assertEquals(1, stopped.stream().filter(line -> line.startsWith("seen  STOPPED")).count());
        assertTrue(stopped.stream().anyMatch(line -> line.contains(" orders ")), stopped::toString);
    }

    @Test
    void treesWithoutRingsAreShownAtOnceAndTopRefusesWhatMakesNoSense() {
        final TestTree tree =
                new TestTree(AREA, new TestManifest("bare").daemon("counter", CounterDaemon.class))
                        .up();
        assertFalse(
                done(tree, "top", "--times", "1", "--every", "10ms").toString().contains(" ring "));
        assertRefused(tree, "top", "--every", "1ms");
        assertRefused(tree, "top", "--every", "often");
        assertRefused(tree, "top", "--times", "0");
        assertEquals(69, tree.cli().run("top", "nobody").exitCode());
    }

    private static void assertRefused(final TestTree tree, final String... arguments) {
        final CoppiceCli.Result result = tree.cli().run(arguments);
        assertEquals(64, result.exitCode(), result::toString);
        assertEquals(1, result.stderr().size(), result::toString);
    }

    private static void assertShown(final List<String> lines, final int times) {
        assertEquals(
                times,
                lines.stream()
                        .filter(
                                line ->
                                        line.matches(
                                                " +ring orders +lossless +4 KiB +\\d+/s +fill +\\d+%"
                                                        + " +slowest taste \\(\\d+ messages, .*"
                                                        + " behind\\)"))
                        .count(),
                lines::toString);
        assertEquals(
                times,
                lines.stream()
                        .filter(
                                line ->
                                        line.matches(
                                                " +ring prices +latest +4 KiB +\\d+/s +fill +100%"
                                                        + " +slowest taste \\(overtaken, \\d+"
                                                        + " messages, .* behind\\)"
                                                        // Before it stopped, if it was late.
                                                        + "( +taste lost \\d+)?"))
                        .count(),
                lines::toString);
    }

    /**
     * Returns a tree whose reader has stopped reading, and whose rings have gone on as they can.
     */
    private static TestTree fed(final String name) {
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest(name)
                                .daemon("feed", FeedDaemon.class, "'readers': ['taste']")
                                .daemon("taste", TasteDaemon.class));
        tree.up();
        Waiting.until(
                "the ring of orders is full and the prices are overtaken",
                () -> {
                    final JsonNode rings = json(tree).at("/trees/0/daemons/0/rings");
                    return rings.at("/0/fillPercent").asInt() > 90
                            && rings.at("/1/messagesPerSecond").asDouble() > 0
                            && rings.at("/1/readers/0/state").asText().equals("overtaken");
                });
        return tree;
    }

    private static JsonNode json(final TestTree tree) throws IOException {
        return new ObjectMapper().readTree(String.join("\n", done(tree, "status", "--json")));
    }

    private static List<String> done(final TestTree tree, final String... arguments) {
        final CoppiceCli.Result result = tree.cli().run(arguments);
        assertEquals(0, result.exitCode(), result::toString);
        return result.stdout();
    }
}
