package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.system.daemons.SoakLateDaemon;
import io.coppice.system.daemons.SoakReaderDaemon;
import io.coppice.system.daemons.SoakSourceDaemon;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Eight daemons pass ids on while they are killed at random, and every reader counts every id.
 *
 * <pre>
 *   one, two, three    sources, of one ring each, that wait for all readers but late
 *   left, right        each merges the three rings and publishes what it reads
 *   each               reads the three rings one by one
 *   fan                merges what left and right publish: every id comes twice
 *   late               reads the three rings, too slowly, and is told what it loses
 * </pre>
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
final class SoakIT {
    private static final String CHAOS_PERIOD = "400ms";
    private static final int KILLS_LEAST = 10;

    /** Of each source: what a machine that has much else to do still gets through. */
    private static final int IDS_LEAST = 200;

    /** How long a loaded machine may take for what is left when the sources have ended. */
    private static final Duration DRAIN = Duration.ofMinutes(3);

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void everyIdComesOnceForAMinute() {
        soak("minute", Duration.ofMinutes(1), 200_000, 1);
    }

    @Test
    @Tag("nightly")
    void everyIdComesOnceForFiveMinutes() {
        soak("five-minutes", Duration.ofMinutes(5), 400_000, System.nanoTime() & 0xffff);
    }

    private static void soak(
            final String name, final Duration duration, final int ids, final long seed) {
        System.out.println("SoakIT: " + name + ", seed " + seed);
        final TestTree tree =
                new TestTree(
                        AREA.cli().withStartCaches(),
                        AREA.runFolder(),
                        name,
                        manifest(name, duration, ids).write(AREA.files()));
        final CoppiceCli.Running running =
                tree.start("--chaos", CHAOS_PERIOD, "--seed", Long.toString(seed));
        Waiting.until(
                "the soak ends, seed " + seed, duration.plus(DRAIN), () -> !running.isAlive());
        final CoppiceCli.Result result = running.await();
        final String message = "seed " + seed + ": " + result;
        assertEquals(0, result.exitCode(), message);
        final String text = String.join("\n", result.stdout());
        System.out.println(text);

        long published = 0;
        for (final String source : new String[] {"one", "two", "three"}) {
            final long ofSource = number(source + ": published (\\d+)", text, message);
            assertTrue(ofSource >= IDS_LEAST && ofSource <= ids, message);
            published += ofSource;
        }
        for (final String reader : new String[] {"left", "right", "each", "fan"}) {
            assertEquals(
                    published, number(reader + ": right (\\d+), wrong 0", text, message), message);
        }
        final long seen = number("late: seen (\\d+), lost \\d+, wrong 0", text, message);
        final long lost = number("late: seen \\d+, lost (\\d+), wrong 0", text, message);
        // A busy machine slows the sources down so far that late keeps up.
        assertTrue(seen > 0 && seen + lost <= published, message);
        assertTrue(number("; chaos killed (\\d+)", text, message) >= KILLS_LEAST, message);
    }

    private static long number(final String pattern, final String text, final String message) {
        final Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), "no \"" + pattern + "\" in " + message);
        return Long.parseLong(matcher.group(1));
    }

    private static TestManifest manifest(
            final String name, final Duration duration, final int ids) {
        final long beginMs = System.currentTimeMillis();
        final long endMs = beginMs + duration.toMillis();
        final TestManifest manifest = new TestManifest(name);
        int origin = 0;
        for (final String source : new String[] {"one", "two", "three"}) {
            manifest.daemon(
                    source,
                    SoakSourceDaemon.class,
                    "'significant': true, 'restart': {'policy': 'on-failure'}",
                    "'readers': ['left', 'right', 'each', 'late']",
                    "'settings': {'origin': "
                            + origin++
                            + ", 'ids': "
                            + ids
                            + ", 'beginMs': "
                            + beginMs
                            + ", 'endMs': "
                            + endMs
                            + ", 'dropped': 'late'}");
        }
        reader(manifest, "left", "one,two,three", "ids", true, true, ids, 1);
        reader(manifest, "right", "three,one,two", "ids", true, true, ids, 1);
        reader(manifest, "each", "one,two,three", "ids", false, false, ids, 1);
        reader(manifest, "fan", "left,right", "merged", true, false, ids, 2);
        return manifest.daemon(
                "late",
                SoakLateDaemon.class,
                "'significant': true, 'restart': {'policy': 'on-failure'}",
                "'settings': {'from': 'one,two,three'}");
    }

    private static void reader(
            final TestManifest manifest,
            final String name,
            final String from,
            final String ring,
            final boolean merge,
            final boolean publish,
            final int ids,
            final int times) {
        manifest.daemon(
                name,
                SoakReaderDaemon.class,
                "'significant': true, 'restart': {'policy': 'on-failure'}",
                publish ? "'readers': ['fan']" : "'readers': []",
                "'settings': {'from': '"
                        + from
                        + "', 'ring': '"
                        + ring
                        + "', 'merge': "
                        + merge
                        + ", 'publish': "
                        + publish
                        + ", 'ids': "
                        + ids
                        + ", 'times': "
                        + times
                        + "}");
    }
}
