package io.coppice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Linux tells of processes that spin, sleep, are stopped and are gone. */
class ProcessActivityTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    private final OperatingSystem os = OperatingSystem.current();
    private Process process;

    @BeforeEach
    void onlyOnLinux() {
        Assumptions.assumeTrue("linux".equals(os.name()), "Linux");
    }

    @AfterEach
    void end() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void aSpinningProcessRunsAndItsTimeGrows() throws IOException {
        start("sh", "-c", "while :; do :; done");
        final long before = await(activity -> activity.cpuNs() > 0).cpuNs();
        final ProcessActivity later = await(activity -> activity.cpuNs() > before);
        assertTrue(later.waiting());
        assertFalse(later.stopped());
    }

    @Test
    void aSleepingProcessWaitsForNoProcessor() throws IOException {
        start("sleep", "60");
        assertFalse(await(activity -> !activity.waiting()).stopped());
    }

    @Test
    void aStoppedProcessIsStoppedAlsoIfItWouldRun() throws IOException {
        start("sh", "-c", "while :; do :; done");
        os.signal(process.pid(), Signals.STOP);
        assertFalse(await(ProcessActivity::stopped).waiting());
        os.signal(process.pid(), Signals.CONT);
        await(activity -> !activity.stopped() && activity.waiting());
    }

    @Test
    void whoeverIsGoneDoesNothing() throws Exception {
        start("true");
        process.waitFor();
        assertEquals(ProcessActivity.NONE, await(ProcessActivity.NONE::equals));
    }

    private void start(final String... command) throws IOException {
        process = new ProcessBuilder(command).start();
    }

    private ProcessActivity await(final Predicate<ProcessActivity> condition) {
        final long start = System.nanoTime();
        while (System.nanoTime() - start < PATIENCE_NS) {
            final ProcessActivity activity = os.activity(process.pid());
            if (condition.test(activity)) {
                return activity;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("is still " + os.activity(process.pid()));
    }
}
