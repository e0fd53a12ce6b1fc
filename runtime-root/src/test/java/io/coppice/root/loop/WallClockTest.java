package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.BoardWord;
import io.coppice.pool.plan.DaemonPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clock on the wall that is set forward and back changes nothing that root does. */
class WallClockTest {
    private static final long SEED = 11;
    private static final long DECADE_MS = 10L * 365 * 24 * 3600 * 1000;
    private static final Set<BoardWord> FOR_PEOPLE =
            EnumSet.of(
                    BoardWord.SPAWNED_MS,
                    BoardWord.READY_MS,
                    BoardWord.EXIT_MS,
                    BoardWord.NEXT_START_MS);

    @TempDir Path folder;

    @AfterEach
    void restore() {
        WallClock.replace(new WallClock());
    }

    /** Jumps by up to ten years at each look, and every other time behind the year 1970. */
    private static final class Leaping extends WallClock {
        private final Random random = new Random(SEED);
        private int looks;

        @Override
        long readMs() {
            looks++;
            return (looks % 2 == 0 ? -1 : 1) * (long) (random.nextDouble() * DECADE_MS);
        }
    }

    @Test
    void everyDecisionIsTheSameUnderALeapingClock() throws IOException {
        final Leaping leaping = new Leaping();
        final LoopTree steady = tree("steady");
        final LoopTree leapt = tree("leapt");
        final SimulatedHours first = new SimulatedHours(steady, SEED);
        final SimulatedHours second = new SimulatedHours(leapt, SEED);
        while (first.elapsedNs() < 1800 * SECOND_NS) {
            WallClock.replace(new WallClock());
            first.turn();
            WallClock.replace(leaping);
            second.turn();
            for (int slot = 1; slot <= leapt.daemons.length; slot++) {
                assertSame(steady, leapt, slot, "turn " + first.turns());
            }
        }
        assertTrue(first.deaths() > 20, "somebody died");
        assertEquals(first.deaths(), second.deaths());
        assertTrue(leaping.looks > first.deaths(), "it was read");
        second.assertBoard();
    }

    @Test
    void nothingElseInTheLoopReadsTheWallClock() throws Exception {
        final Path classes =
                Path.of(RootLoop.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                        .resolve(RootLoop.class.getPackageName().replace('.', '/'));
        final List<String> readers = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(classes, "*.class")) {
            for (final Path file : files) {
                try (InputStream in = Files.newInputStream(file)) {
                    final String constants =
                            new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                    if (constants.contains("currentTimeMillis")
                            || constants.contains("java/time/Clock")) {
                        readers.add(file.getFileName().toString());
                    }
                }
            }
        }
        assertEquals(List.of("WallClock.class"), readers);
    }

    private LoopTree tree(final String name) throws IOException {
        final DaemonPlan[] plans = new DaemonPlan[3];
        for (int i = 0; i < plans.length; i++) {
            plans[i] = LoopTree.daemon(i + 1, false, List.of());
        }
        return LoopTree.simulated(
                Files.createDirectory(folder.resolve(name)), new SimulatedSystem(), plans);
    }

    private static void assertSame(
            final LoopTree steady, final LoopTree leapt, final int slot, final String when) {
        for (final BoardWord word : BoardWord.values()) {
            if (!FOR_PEOPLE.contains(word)) {
                assertEquals(
                        steady.board.reader().word(slot, word),
                        leapt.board.reader().word(slot, word),
                        when + ", daemon " + slot + ", " + word);
            }
        }
    }
}
