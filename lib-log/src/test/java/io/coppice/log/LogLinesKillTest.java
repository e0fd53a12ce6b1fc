package io.coppice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Cuts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the writer at every store of every line, and its successor at every store of the line after
 * it.
 */
@Tag("cuts")
class LogLinesKillTest {
    private static final int BEFORE_MAX = 2 * LogArena.LINES;

    @TempDir Path folder;

    @Test
    void aDeathLosesAtMostTheLineInHandAndTheOneItReplaced() {
        assertTrue(Cuts.ENABLED);
        final LogArena arena = new LogArena(folder);
        arena.open();
        int points = 0;
        int expected = 0;
        for (int before = 0; before <= BEFORE_MAX; before++) {
            prepare(arena, before);
            final LogLines counted = arena.open();
            Cuts.count();
            counted.append(line(before));
            final long stores = Cuts.disarm();
            expected += (int) (stores * stores);
            for (long first = 0; first < stores; first++) {
                for (long second = 0; second < stores; second++) {
                    prepare(arena, before);
                    cut(arena, before, first);
                    cut(arena, before, second);
                    arena.open().append("successor");
                    assertEquals(newest(before, "successor"), LogLines.read(arena.memory()));
                    points++;
                }
            }
        }
        System.out.println("log lines: " + points + " pairs of cuts");
        assertEquals(expected, points);
    }

    private static void cut(final LogArena arena, final int before, final long store) {
        final LogLines lines = arena.open();
        Cuts.arm(store);
        assertThrows(Cuts.Cut.class, () -> lines.append(line(before)));
        Cuts.disarm();
        final List<String> all = newest(before, null);
        final List<String> read = LogLines.read(arena.memory());
        // The slot of the line in hand holds the oldest line, or nothing that anyone shows.
        final boolean lostOldest =
                all.size() == LogArena.LINES && read.equals(all.subList(1, all.size()));
        assertTrue(read.equals(all) || lostOldest, read + " of " + all);
    }

    private static void prepare(final LogArena arena, final int before) {
        arena.memory().fill(arena.slots(), LogLinesLayout.bytes(LogArena.LINES), (byte) 0);
        final LogLines lines = arena.open();
        for (int i = 0; i < before; i++) {
            lines.append(line(i));
        }
    }

    private static List<String> newest(final int count, final String last) {
        final List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(line(i));
        }
        if (last != null) {
            all.add(last);
        }
        return all.subList(Math.max(0, all.size() - LogArena.LINES), all.size());
    }

    private static String line(final int number) {
        return "line " + number + " " + "=".repeat(number * 3);
    }
}
