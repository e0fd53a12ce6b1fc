package io.coppice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogLinesTest {
    @TempDir Path folder;

    private LogArena arena;
    private LogLines lines;

    @BeforeEach
    void open() {
        arena = new LogArena(folder);
        lines = arena.open();
    }

    @Test
    void keepsTheNewestLinesNewestLast() {
        assertEquals(List.of(), LogLines.read(arena.memory()));
        lines.append("a");
        lines.append("");
        assertEquals(List.of("a", ""), LogLines.read(arena.memory()));
        for (int i = 0; i < 9; i++) {
            lines.append("line " + i);
        }
        assertEquals(
                List.of("line 5", "line 6", "line 7", "line 8"), LogLines.read(arena.memory()));
    }

    @Test
    void readsThroughAReadOnlyMappingOfAnotherProcess() {
        lines.append("seen by all");
        final Memory other = MappedFile.readOnly(folder.resolve("scan.arena"));
        assertEquals(List.of("seen by all"), LogLines.read(other));
    }

    @Test
    void nextIncarnationGoesOnBehindTheNewestLine() {
        for (int i = 0; i < 6; i++) {
            lines.append("line " + i);
        }
        arena.open().append("after a restart");
        assertEquals(
                List.of("line 3", "line 4", "line 5", "after a restart"),
                LogLines.read(arena.memory()));
    }

    @Test
    void cutsALongLineBetweenTwoCharacters() {
        final int most = LogLinesLayout.LINE_BYTES_MAX;
        // A character of 1 to 4 bytes that begins at each place around the limit.
        for (final String character : List.of("x", "\u00e9", "\u20ac", "\ud83c\udf33")) {
            for (int before = most - 5; before <= most + 1; before++) {
                final String whole = "-".repeat(before) + character + "tail";
                lines.append(whole);
                final List<String> read = LogLines.read(arena.memory());
                final String last = read.get(read.size() - 1);
                assertTrue(whole.startsWith(last), last);
                final int bytes = last.getBytes(StandardCharsets.UTF_8).length;
                assertTrue(bytes <= most && bytes > most - 4, before + ": " + bytes + " bytes");
            }
        }
    }

    @Test
    void showsControlCharactersAsSpaces() {
        lines.append("a\nb\u001b[31mc\u0000\u009b");
        assertEquals(List.of("a b [31mc  "), LogLines.read(arena.memory()));
    }

    @Test
    void showsNoSlotWhoseStampOrLengthIsDamaged() {
        lines.append("zero");
        lines.append("one");
        final long one = arena.slots() + LogLinesLayout.SLOT_BYTES;
        for (final long stamp :
                new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 3, 2, 6, 1L << 60}) {
            arena.memory().putLong(one, stamp);
            assertEquals(List.of("zero"), LogLines.read(arena.memory()), "stamp " + stamp);
        }
        arena.memory().putLong(one, LogLinesLayout.whole(1));
        for (final int length :
                new int[] {-1, LogLinesLayout.LINE_BYTES_MAX + 1, Integer.MAX_VALUE}) {
            arena.memory().putInt(one + LogLinesLayout.LENGTH, length);
            assertEquals(List.of("zero"), LogLines.read(arena.memory()), "length " + length);
        }
    }

    @Test
    void garbageNeitherStopsAReaderNorTheNextWriter() {
        final Random random = new Random(7);
        final byte[] garbage = new byte[LogArena.LINES * LogLinesLayout.SLOT_BYTES];
        for (int round = 0; round < 500; round++) {
            random.nextBytes(garbage);
            arena.memory().putBytes(arena.slots(), garbage, 0, garbage.length);
            assertTrue(LogLines.read(arena.memory()).size() <= LogArena.LINES);
            final LogLines next = arena.open();
            for (int i = 0; i < LogArena.LINES; i++) {
                next.append("round " + round + " line " + i);
            }
            final List<String> read = LogLines.read(arena.memory());
            assertEquals(LogArena.LINES, read.size());
            assertEquals("round " + round + " line 3", read.get(3));
        }
    }

    @Test
    void readsNothingWhereNoLinesAreKeptAndRefusesADamagedDirectory() {
        assertEquals(List.of(), LogLines.read(arena.memory(), "other"));
        assertEquals(List.of(), LogLines.read(arena.memory(), "journal"));
        arena.memory().putLong(ArenaLayout.ENTRY_COUNT, 1000);
        assertThrows(ArenaException.class, () -> LogLines.read(arena.memory()));
    }

    @Test
    void refusesAStructureThatKeepsNoLines() {
        final Structure ring =
                new Structure("r", StructureKind.RING, ArenaLayout.FIXED_OFFSET, 4096);
        final Structure small =
                new Structure("s", StructureKind.LOG_LINES, ArenaLayout.FIXED_OFFSET, 100);
        for (final Structure structure : List.of(ring, small)) {
            final ArenaException refused =
                    assertThrows(
                            ArenaException.class, () -> LogLines.writer(arena.memory(), structure));
            assertTrue(refused.getMessage().contains("log lines need LOG_LINES of at least 272"));
        }
    }

    @Test
    void neverShowsAHalfWrittenLineToAReaderOfAnotherThread() throws InterruptedException {
        final AtomicBoolean done = new AtomicBoolean();
        final Thread writer =
                new Thread(
                        () -> {
                            for (int i = 0; i < 200_000; i++) {
                                lines.append(
                                        String.valueOf((char) ('a' + i % 26)).repeat(1 + i % 200));
                            }
                            done.set(true);
                        });
        writer.start();
        int seen = 0;
        while (!done.get() || seen == 0) {
            for (final String line : LogLines.read(arena.memory())) {
                assertFalse(line.isEmpty());
                assertEquals(String.valueOf(line.charAt(0)).repeat(line.length()), line);
                seen++;
            }
        }
        writer.join();
    }
}
