package io.coppice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeLogTest {
    private static final int TIMESTAMP_LENGTH = 24;

    @TempDir Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void redirect() {
        TreeLog.redirect(out);
    }

    @AfterEach
    void restore() {
        TreeLog.redirect(null);
        TreeLog.attach(null, "-");
    }

    @Test
    void log4jFindsThisProviderAndWritesOneLine() {
        final Logger logger = LogManager.getLogger("io.coppice.examples.Walk");
        TreeLog.attach(null, "scan/1");
        final long beforeMs = System.currentTimeMillis();
        logger.info("went on at {} of {}", "docs/\u00e9", 12);
        final String line = written();
        assertEquals(
                " INFO  scan/1 Walk went on at docs/\u00e9 of 12\n",
                line.substring(TIMESTAMP_LENGTH));
        final long writtenMs = Instant.parse(line.substring(0, TIMESTAMP_LENGTH)).toEpochMilli();
        assertTrue(writtenMs >= beforeMs && writtenMs <= System.currentTimeMillis());
        assertSame(logger, LogManager.getLogger("io.coppice.examples.Walk"));
    }

    @Test
    void writesWhatIsAtLeastInfoByDefault() {
        final Logger logger = LogManager.getLogger("L");
        logger.debug("no");
        logger.trace("no {}", 1);
        logger.warn("yes");
        logger.error("yes {}", 1);
        assertFalse(logger.isDebugEnabled());
        assertTrue(logger.isInfoEnabled());
        assertFalse(written().contains("no"));
        assertTrue(written().contains(" WARN  - L yes\n"));
        assertTrue(written().contains(" ERROR - L yes 1\n"));
    }

    @Test
    void takesTheLevelFromTheProperty() {
        assertTrue(new TreeLogContext("debug").getLogger("x").isDebugEnabled());
        assertFalse(new TreeLogContext("ERROR").getLogger("x").isWarnEnabled());
        assertEquals("", written());
        assertEquals(Level.INFO, new TreeLogContext("loud").getLogger("x").getLevel());
        assertTrue(written().contains("coppice.log.level: \"loud\" is none of OFF, FATAL,"));
    }

    @Test
    void printsTheStackTraceBelowTheLineAndKeepsOnlyTheLine() {
        final LogArena arena = new LogArena(folder);
        TreeLog.attach(arena.open(), "catalog");
        LogManager.getLogger("a.B").error("cannot write", new IllegalStateException("disk"));
        assertTrue(
                written()
                        .contains(
                                " ERROR catalog B cannot write\njava.lang.IllegalStateException: disk\n\tat "));
        final List<String> kept = LogLines.read(arena.memory());
        assertEquals(1, kept.size());
        assertEquals(
                " ERROR catalog B cannot write: java.lang.IllegalStateException: disk",
                kept.get(0).substring(TIMESTAMP_LENGTH));
    }

    @Test
    void takesAThrowableThatIsTheLastArgument() {
        LogManager.getLogger("a.B").warn("task {} failed", 7, new IllegalStateException("x"));
        assertTrue(written().contains(" - B task 7 failed\njava.lang.IllegalStateException: x\n"));
    }

    @Test
    void linesOfSeveralThreadsNeverMix() throws InterruptedException {
        final LogArena arena = new LogArena(folder);
        TreeLog.attach(arena.open(), "scan");
        final Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            final String text = String.valueOf((char) ('a' + i)).repeat(100);
            threads[i] =
                    new Thread(
                            () -> {
                                for (int j = 0; j < 500; j++) {
                                    LogManager.getLogger("L").info(text);
                                }
                            });
            threads[i].start();
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        final String[] lines = written().lines().toArray(String[]::new);
        assertEquals(2000, lines.length);
        for (final String line : lines) {
            assertTrue(line.matches(".{24} INFO  scan L (a{100}|b{100}|c{100}|d{100})"), line);
        }
        final String last = lines[lines.length - 1];
        assertTrue(LogLines.read(arena.memory()).contains(last));
    }

    private String written() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
