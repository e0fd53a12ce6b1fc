package io.coppice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.junit.jupiter.api.Test;

/** What a fresh process writes with its first log call, and what that costs. */
class FirstLineTest {
    /**
     * Far above the 60 ms it takes on a quiet machine, far below what Log4j's core would take here.
     */
    private static final long FIRST_LINE_MS_MAX = 1_000;

    /** Logs one line and says how long it took. */
    static final class Main {
        public static void main(final String[] args) {
            final long start = System.nanoTime();
            final Logger logger = LogManager.getLogger(Main.class);
            logger.info("first {}", "line");
            System.out.print(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
    }

    @Test
    void aFreshProcessWritesOneLineAndNoNoise() throws IOException, InterruptedException {
        final Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName())
                        .start();
        final String out =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        final String err =
                new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        assertTrue(err.matches("\\S{24} INFO  - Main first line\n"), err);
        System.out.println("first log line of a fresh process: " + out + " ms");
        assertTrue(Long.parseLong(out) < FIRST_LINE_MS_MAX, out);
    }
}
