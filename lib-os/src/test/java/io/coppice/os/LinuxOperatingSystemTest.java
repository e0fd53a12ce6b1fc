package io.coppice.os;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinuxOperatingSystemTest extends OperatingSystemContract {
    private static final long SLICE_NS = 300_000;
    private static final long LEAST_SLICE_NS = 100_000;
    private static final int SESSION_FIELD_AFTER_NAME = 3;

    private OperatingSystem os;

    @BeforeEach
    void assumeLinux() {
        Assumptions.assumeTrue(isLinux(), "Linux");
        os =
                new LinuxOperatingSystem(
                        SystemCallNumbers.forArchitecture(System.getProperty("os.arch")));
    }

    @Override
    OperatingSystem os() {
        return os;
    }

    @Test
    void isChosenOnceForThisMachine() {
        assertEquals("linux", OperatingSystem.current().name());
        assertSame(OperatingSystem.current(), OperatingSystem.current());
    }

    @Test
    void misalignedFutexIsAnErrorWithItsName() {
        final SharedWord word = SharedWord.map(directory.resolve("word"));

        final OsException wait =
                assertThrows(
                        OsException.class, () -> os.futexWait(word.address() + 1, 0, SHORT_NS));
        final OsException wake =
                assertThrows(OsException.class, () -> os.futexWake(word.address() + 1, 1));
        assertEquals(Errno.EINVAL, wait.errno());
        assertEquals(Errno.EINVAL, wake.errno());
    }

    @Test
    void aThreadHasTurnsOfTheLengthThatItAskedForUntilItAsksForTheUsualOnes() throws Exception {
        final long[] slices = new long[4];
        final Thread thread =
                new Thread(
                        () -> {
                            slices[0] = os.schedulingSlice(0);
                            slices[1] = os.schedulingSlice(SLICE_NS);
                            slices[2] = os.schedulingSlice(0);
                            // Less than the least is the least.
                            slices[3] = os.schedulingSlice(1);
                        });
        thread.start();
        thread.join();
        Assumptions.assumeTrue(slices[0] > 0, "Linux 6.12 and the usual policy");
        assertEquals(SLICE_NS, slices[1]);
        assertEquals(slices[0], slices[2]);
        assertEquals(LEAST_SLICE_NS, slices[3]);
    }

    @Test
    void theKernelMarksTheWordOfAThreadThatEnds() throws Exception {
        final SharedWord first = SharedWord.map(directory.resolve("first"));
        final SharedWord second = SharedWord.map(directory.resolve("second"));
        final int waiters = 1 << 31;
        final int ownerDied = 1 << 30;
        final Thread thread =
                new Thread(
                        () -> {
                            first.set(os.markOnThreadEnd(first.address()));
                            // The last one counts.
                            second.set(waiters | os.markOnThreadEnd(second.address()));
                        });
        thread.start();
        second.awaitValue(os, waiters | ownerDied, LONG_NS);
        thread.join();
        assertTrue(first.get() > 0 && first.get() < ownerDied, "left as it was");

        final int ofAnother = os.markOnThreadEnd(second.address()) + 1;
        second.set(ofAnother);
        final Thread bystander = new Thread(() -> os.markOnThreadEnd(second.address()));
        bystander.start();
        bystander.join();
        assertEquals(ofAnother, second.get());
    }

    @Test
    void startTimeIsTheSameFromEveryProcess() throws Exception {
        final long self = ProcessHandle.current().pid();
        final Process child = started(ChildProcess.start(os, "startTime", Long.toString(self)));

        assertEquals(Long.toString(os.startTime(self)), ChildProcess.line(child));
    }

    @Test
    void zombieHasNoStartTime() throws Exception {
        // The shell's place is taken by a program that never reaps the child it inherits.
        final Process parent =
                started(
                        new ProcessBuilder("sh", "-c", "sleep 120 & echo $!; exec sleep 120")
                                .start());
        final long pid = Long.parseLong(ChildProcess.line(parent));
        await().until(() -> os.startTime(pid) != 0);
        os.signal(pid, Signals.KILL);

        await().until(() -> os.startTime(pid) == 0);
        assertTrue(stat(pid).startsWith("Z"), "it is there, and it is dead");
    }

    @Test
    void residentBytesAreThoseOfALivingProcess() throws Exception {
        assertTrue(os.residentBytes(ProcessHandle.current().pid()) > 1 << 20);
        assertEquals(0, os.residentBytes(deadPid()));
    }

    @Test
    void newSessionMakesALeaderAndLeavesALeaderAsItIs() throws Exception {
        final Process child = started(ChildProcess.start(os, "session"));

        assertEquals("leader", ChildProcess.line(child));
        assertEquals(
                Long.toString(child.pid()),
                stat(child.pid()).split(" ", -1)[SESSION_FIELD_AFTER_NAME]);
    }

    @Test
    void armedGrandchildDiesWithItsParent() throws Exception {
        final Process child = started(ChildProcess.start(os, "parentOf", "armed"));
        final long grandchild = grandchildOf(child);

        os.signal(child.pid(), Signals.KILL);

        await().until(() -> os.startTime(grandchild) == 0);
    }

    @Test
    void grandchildThatDidNotArmLivesOn() throws Exception {
        final Process child = started(ChildProcess.start(os, "parentOf", "unarmed"));
        final long grandchild = grandchildOf(child);

        os.signal(child.pid(), Signals.KILL);
        child.waitFor();

        assertNotEquals(0, os.startTime(grandchild));
        assertTrue(os.signal(grandchild, Signals.KILL));
        await().until(() -> os.startTime(grandchild) == 0);
    }

    private long grandchildOf(final Process child) throws Exception {
        final String[] answer = ChildProcess.line(child).split(" ", -1);
        assertEquals("true", answer[1], "the grandchild saw its parent");
        return Long.parseLong(answer[0]);
    }

    /** Returns what /proc tells of a process, from its state on. */
    private static String stat(final long pid) throws Exception {
        final String stat =
                Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
        return stat.substring(stat.lastIndexOf(')') + 2);
    }
}
