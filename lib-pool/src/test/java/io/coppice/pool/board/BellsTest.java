package io.coppice.pool.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BellsTest {
    private static final int SLOTS = 3;
    private static final int ROUNDS = 2_000;
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long SOON_NS = TimeUnit.SECONDS.toNanos(20);

    @TempDir Path folder;

    private RootBells rootBells;
    private Bells bells;

    /** Answers each ring of slot 1 with a ring of slot 2. */
    static final class EchoMain {
        public static void main(final String[] args) {
            echo(Bells.open(OperatingSystem.current(), Path.of(args[0])));
        }
    }

    @BeforeEach
    void create() {
        rootBells = RootBells.create(OperatingSystem.current(), folder, SLOTS);
        bells = Bells.open(OperatingSystem.current(), folder);
    }

    @Test
    void aRingBeforeTheWaitReturnsAtOnce() {
        final int seen = bells.sequence(1);
        bells.ring(1);
        final long start = System.nanoTime();
        bells.await(1, seen, LONG_NS);
        assertTrue(System.nanoTime() - start < SOON_NS);
        assertEquals(seen + 1, bells.sequence(1));
    }

    @Test
    void rootRingsTheSameBells() throws InterruptedException {
        final Thread sleeper = new Thread(() -> bells.await(2, 0, LONG_NS));
        sleeper.start();
        final Memory memory = MappedFile.readOnly(folder.resolve(Bells.FILE));
        final long sleepers = 2L * BellsLayout.BELL_BYTES + BellsLayout.SLEEPERS;
        while (sleeper.isAlive() && memory.getIntVolatile(sleepers) == 0) {
            Thread.onSpinWait();
        }
        rootBells.ring(2);
        sleeper.join(TimeUnit.NANOSECONDS.toMillis(SOON_NS));
        assertFalse(sleeper.isAlive());
        assertEquals(1, bells.sequence(2));
    }

    @Test
    void rootRingsBellsThatAreGone() throws IOException {
        try (FileChannel file =
                FileChannel.open(folder.resolve(Bells.FILE), StandardOpenOption.WRITE)) {
            file.truncate(0);
            rootBells.ring(1);
            rootBells.ring(SLOTS - 1);
            file.truncate(0);
            rootBells.ring(0);
        }
        assertEquals(1, bells.sequence(0));
    }

    @Test
    void aWaitEndsByItself() {
        final long start = System.nanoTime();
        bells.ring(0);
        bells.await(1, bells.sequence(1), TimeUnit.MILLISECONDS.toNanos(5));
        assertTrue(System.nanoTime() - start < SOON_NS);
        assertEquals(0, bells.sequence(1));
    }

    @Test
    void ringingWhoIsAwakeMakesNoSystemCall() throws InterruptedException {
        final AtomicInteger calls = new AtomicInteger();
        final Bells counted = Bells.open(countingWakes(calls), folder);
        for (int i = 0; i < ROUNDS; i++) {
            counted.ring(1);
        }
        assertEquals(0, calls.get());
        final int seen = bells.sequence(1);
        final Thread sleeper = new Thread(() -> bells.await(1, seen, LONG_NS));
        sleeper.start();
        final Memory memory = MappedFile.readOnly(folder.resolve(Bells.FILE));
        while (sleeper.isAlive()
                && memory.getIntVolatile(BellsLayout.BELL_BYTES + BellsLayout.SLEEPERS) == 0) {
            Thread.onSpinWait();
        }
        counted.ring(1);
        sleeper.join(TimeUnit.NANOSECONDS.toMillis(SOON_NS));
        assertFalse(sleeper.isAlive());
        assertEquals(1, calls.get());
        counted.ring(1);
        assertEquals(1, calls.get());
    }

    /** The operating system, with an eye on how often it is asked to wake someone. */
    private static OperatingSystem countingWakes(final AtomicInteger calls) {
        final OperatingSystem os = OperatingSystem.current();
        return (OperatingSystem)
                Proxy.newProxyInstance(
                        OperatingSystem.class.getClassLoader(),
                        new Class<?>[] {OperatingSystem.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("futexWake")) {
                                calls.incrementAndGet();
                            }
                            return method.invoke(os, arguments);
                        });
    }

    @Test
    void noRingIsLostBetweenThreads() throws InterruptedException {
        final Thread echo = new Thread(() -> echo(bells));
        echo.start();
        exchange();
        echo.join();
    }

    @Test
    void noRingIsLostBetweenProcesses() throws IOException, InterruptedException {
        final Process echo =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--add-opens",
                                "java.base/jdk.internal.misc=ALL-UNNAMED",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                EchoMain.class.getName(),
                                folder.toString())
                        .redirectErrorStream(true)
                        .start();
        try {
            exchange();
            assertTrue(echo.waitFor(SOON_NS, TimeUnit.NANOSECONDS));
            assertEquals(
                    "", new String(echo.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } finally {
            echo.destroyForcibly();
        }
    }

    /**
     * A lost wake-up would cost a whole timeout, so the time that all rounds take together shows
     * it.
     */
    private void exchange() {
        final long start = System.nanoTime();
        for (int round = 0; round < ROUNDS; round++) {
            bells.ring(1);
            while (bells.sequence(2) == round) {
                bells.await(2, round, LONG_NS);
            }
        }
        assertTrue(System.nanoTime() - start < LONG_NS);
    }

    private static void echo(final Bells bells) {
        for (int round = 0; round < ROUNDS; round++) {
            while (bells.sequence(1) == round) {
                bells.await(1, round, LONG_NS);
            }
            bells.ring(2);
        }
    }
}
