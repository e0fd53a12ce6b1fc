package io.coppice.os;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SignalHandlerTest {
    /** SIGURG, which a process that has no handler for it never notices. */
    private static final int URG = 23;

    @Test
    void eachSignalIsAnsweredByTheLastHandler() throws InterruptedException {
        Assumptions.assumeTrue(OperatingSystemContract.isLinux(), "Linux");
        final Semaphore first = new Semaphore(0);
        final Semaphore second = new Semaphore(0);
        final OperatingSystem os = OperatingSystem.current();
        final long self = ProcessHandle.current().pid();

        assertTrue(SignalHandler.on("URG", first::release));
        os.signal(self, URG);
        assertTrue(first.tryAcquire(30, TimeUnit.SECONDS));

        assertTrue(SignalHandler.on("URG", second::release));
        os.signal(self, URG);
        assertTrue(second.tryAcquire(30, TimeUnit.SECONDS));
        assertFalse(first.tryAcquire());
    }

    @Test
    void aSignalThatTheJvmNeedsOrThatDoesNotExistIsRefused() {
        assertFalse(SignalHandler.on("SEGV", () -> {}));
        assertFalse(SignalHandler.on("NOSUCH", () -> {}));
    }
}
