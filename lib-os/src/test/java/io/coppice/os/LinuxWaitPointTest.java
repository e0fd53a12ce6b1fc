package io.coppice.os;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LinuxWaitPointTest extends WaitPointContract {
    @BeforeAll
    static void assumeLinux() {
        Assumptions.assumeTrue(OperatingSystemContract.isLinux(), "Linux");
    }

    @Override
    OperatingSystem os() {
        return new LinuxOperatingSystem(
                SystemCallNumbers.forArchitecture(System.getProperty("os.arch")));
    }

    @Test
    void deathOfAProcessThatIsNoChildEndsTheWait() throws Exception {
        final Process parent =
                new ProcessBuilder("sh", "-c", "sleep 120 & echo $!; exec sleep 120").start();
        try (WaitPoint waitPoint = os().openWaitPoint(1, directory.resolve("other"))) {
            final long pid = Long.parseLong(ChildProcess.line(parent));
            final int token = waitPoint.watch(pid);
            assertTrue(os().signal(pid, Signals.KILL));

            while (!waitPoint.died(token)) {
                waitPoint.await(Long.MAX_VALUE);
            }
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    @Test
    void theGroupOfADeadLeaderIsSignalled() throws Exception {
        final Process leader =
                new ProcessBuilder("setsid", "sh", "-c", "sleep 120 & echo $!; read line").start();
        final long member = Long.parseLong(ChildProcess.line(leader));
        final long memberStart = os().startTime(member);
        try (WaitPoint waitPoint = os().openWaitPoint(1, directory.resolve("other"))) {
            final int token = waitPoint.watch(leader.pid());
            leader.getOutputStream().close();
            leader.waitFor();
            assertNotEquals(0, os().startTime(member));
            Assumptions.assumeTrue(waitPoint.signalGroup(token, Signals.KILL), "Linux from 6.9 on");

            await().until(() -> os().startTime(member) == 0);
            await().until(() -> !waitPoint.signalGroup(token, 0));
        } finally {
            os().processTree().signal(member, memberStart, Signals.KILL);
        }
    }

    @Test
    void doorbellInAMissingFolderIsNamed() {
        final Path path = directory.resolve("missing/doorbell");

        assertEquals(
                "mkfifo " + path + ": ENOENT (no such file or directory)",
                assertThrows(OsException.class, () -> os().openWaitPoint(1, path)).getMessage());
        assertEquals(
                "open " + path + ": ENOENT (no such file or directory)",
                assertThrows(OsException.class, () -> os().openDoorbell(path)).getMessage());
    }
}
