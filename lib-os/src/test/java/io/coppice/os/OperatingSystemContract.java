package io.coppice.os;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every implementation has to do. The time limit is that of a hang, not of a slow machine. */
@Timeout(60)
abstract class OperatingSystemContract {
    static final long LONG_NS = 3_600_000_000_000L;
    static final long SHORT_NS = 20_000_000;
    private static final int THREAD_ROUNDS = 500;
    private static final int PROCESS_ROUNDS = 100;
    private static final int SPURIOUS_WAKE_UPS_MOST = 5;

    @TempDir Path directory;

    private final List<Process> started = new ArrayList<>();

    abstract OperatingSystem os();

    @AfterEach
    void endChildren() throws InterruptedException {
        for (final Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Has a process ended with the test. */
    final Process started(final Process process) {
        started.add(process);
        return process;
    }

    final Process sleeper() throws IOException {
        return started(new ProcessBuilder("sleep", "120").start());
    }

    final long deadPid() throws IOException, InterruptedException {
        final Process process = started(new ProcessBuilder("true").start());
        process.waitFor();
        return process.pid();
    }

    static boolean isLinux() {
        return "Linux".equals(System.getProperty("os.name"));
    }

    @Test
    void futexWaitReturnsAtOnceWhenTheWordHoldsAnotherValue() {
        final SharedWord word = word(7);

        os().futexWait(word.address(), 6, LONG_NS);
    }

    @Test
    void futexWaitReturnsAtOnceWithoutATimeout() {
        final SharedWord word = word(7);

        os().futexWait(word.address(), 7, 0);
        os().futexWait(word.address(), 7, -1);
        os().futexWait(word.address(), 7, Long.MIN_VALUE);
    }

    @Test
    void futexWaitSleepsForItsTimeout() {
        final SharedWord word = word(7);
        int attempts = 0;
        long sleptNs;
        do {
            // It may return for no reason at all, but not every time.
            assertTrue(attempts++ < SPURIOUS_WAKE_UPS_MOST, "never slept for its timeout");
            final long start = System.nanoTime();
            os().futexWait(word.address(), 7, SHORT_NS);
            sleptNs = System.nanoTime() - start;
        } while (sleptNs < SHORT_NS);
    }

    @Test
    void futexWakesAnotherThread() throws InterruptedException {
        final SharedWord word = word(0);
        final Thread other =
                new Thread(
                        () -> {
                            for (int round = 0; round < THREAD_ROUNDS; round++) {
                                word.awaitValue(os(), 2 * round + 1, LONG_NS);
                                word.set(2 * round + 2);
                                os().futexWake(word.address(), 1);
                            }
                        });
        other.setDaemon(true);
        other.start();

        playRounds(word, THREAD_ROUNDS);
        other.join();
    }

    @Test
    void futexWakesAnotherProcess() throws Exception {
        final SharedWord word = word(0);
        final Process child =
                started(
                        ChildProcess.start(
                                os(),
                                "answer",
                                directory.resolve("word").toString(),
                                "" + PROCESS_ROUNDS));

        playRounds(word, PROCESS_ROUNDS);
        assertEquals(0, child.waitFor());
    }

    @Test
    void preallocateMakesTheWholeFileForItsOwnerAlone() throws Exception {
        assumeTrue(isLinux(), "stat(1) with these options");
        final long bytes = (3L << 20) + 100;
        final Path file = directory.resolve("arena");

        os().preallocate(file, bytes);

        assertEquals(bytes, Files.size(file));
        final String[] stat = output("stat", "-c", "%b %B %a", file.toString()).trim().split(" ");
        assertTrue(
                Long.parseLong(stat[0]) * Long.parseLong(stat[1]) >= bytes, Arrays.toString(stat));
        assertEquals("600", stat[2]);
        assertArrayEquals(new byte[(int) bytes], Files.readAllBytes(file));
    }

    @Test
    void preallocateKeepsWhatAFileHolds() throws IOException {
        final Path file = directory.resolve("arena");
        final byte[] content = new byte[10_000];
        Arrays.fill(content, (byte) 5);
        Files.write(file, content);

        os().preallocate(file, content.length);
        assertArrayEquals(content, Files.readAllBytes(file));

        os().preallocate(file, 3L << 20);
        assertEquals(3L << 20, Files.size(file));
        assertArrayEquals(content, Arrays.copyOf(Files.readAllBytes(file), content.length));
    }

    @Test
    void preallocateMoreThanThereIsLeavesNothingBehind() throws IOException {
        final Path tmpfs = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(tmpfs), "a tmpfs");
        final long tooMany = 2 * Files.getFileStore(tmpfs).getTotalSpace() + (1L << 40);
        final Path folder = Files.createTempDirectory(tmpfs, "coppice-test");
        final Path file = folder.resolve("arena");
        try {
            final OsException full =
                    assertThrows(OsException.class, () -> os().preallocate(file, tooMany));
            assertEquals(Errno.ENOSPC, full.errno());
            assertEquals(1, full.getMessage().lines().count());
            assertTrue(full.getMessage().contains(file + " of " + tooMany), full.getMessage());
            assertFalse(Files.exists(file), "an empty file was left");

            Files.write(file, new byte[] {1, 2, 3});
            assertThrows(OsException.class, () -> os().preallocate(file, tooMany));
            assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(file));
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    @Test
    void preallocateInAMissingFolderIsNamed() {
        final OsException refused =
                assertThrows(
                        OsException.class,
                        () -> os().preallocate(directory.resolve("missing/arena"), 4096));

        assertEquals(Errno.ENOENT, refused.errno());
    }

    @Test
    void signalEndsAProcess() throws Exception {
        final Process polite = sleeper();
        final Process forced = sleeper();

        assertTrue(os().signal(polite.pid(), Signals.TERM));
        assertTrue(os().signal(forced.pid(), Signals.KILL));

        assertEquals(Signals.TERM, Signals.ofExitStatus(polite.waitFor()));
        assertEquals(Signals.KILL, Signals.ofExitStatus(forced.waitFor()));
    }

    @Test
    void signalTellsThatThereIsNoSuchProcess() throws Exception {
        final long dead = deadPid();

        assertFalse(os().signal(dead, Signals.TERM));
        assertFalse(os().signalGroup(dead, Signals.TERM));
    }

    @Test
    void signalNeverReachesEverybody() {
        // The number 0 only asks, so that this test is harmless where it fails.
        for (final long pid : new long[] {0, -1, -ProcessHandle.current().pid(), Long.MIN_VALUE}) {
            assertFalse(os().signal(pid, 0), "pid " + pid);
            assertFalse(os().signalGroup(pid, 0), "group " + pid);
        }
        assertFalse(os().signalGroup(1, 0), "minus one is everybody");
        assertTrue(os().signal(ProcessHandle.current().pid(), 0));
    }

    @Test
    void signalGroupEndsAllOfAGroup() throws Exception {
        assumeTrue(isLinux(), "setsid(1)");
        final Process leader =
                started(
                        new ProcessBuilder("setsid", "sh", "-c", "sleep 120 & echo $!; wait")
                                .start());
        final long member = Long.parseLong(ChildProcess.line(leader));

        assertTrue(os().signalGroup(leader.pid(), Signals.KILL));

        assertEquals(Signals.KILL, Signals.ofExitStatus(leader.waitFor()));
        await().until(() -> ProcFs.startTime(member) == 0);
    }

    @Test
    void startTimeNamesAProcessForAsLongAsItLives() throws Exception {
        final long self = ProcessHandle.current().pid();
        final Process child = sleeper();
        final long time = os().startTime(child.pid());

        assertNotEquals(0, time);
        assertEquals(time, os().startTime(child.pid()));
        assertNotEquals(0, os().startTime(self));
        child.destroyForcibly().waitFor();
        assertEquals(0, os().startTime(child.pid()));
        assertEquals(0, os().startTime(0));
        assertEquals(0, os().startTime(-1));
    }

    @Test
    void theBootIsTheSameForAsLongAsTheMachineRuns() {
        assertEquals(os().bootId(), os().bootId());
        assertEquals("linux".equals(os().name()), os().bootId() != 0);
    }

    @Test
    void parentPidIsTheParents() {
        assertEquals(ProcessHandle.current().parent().orElseThrow().pid(), os().parentPid());
    }

    @Test
    void dieWithParentTellsThatTheParentIsAnother() throws Exception {
        final Process child = started(ChildProcess.start(os(), "armed", "1"));

        assertEquals("false", ChildProcess.line(child));
    }

    static String output(final String... command) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(command).start();
        final String output =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), String.join(" ", command));
        return output;
    }

    private SharedWord word(final int value) {
        final SharedWord word = SharedWord.map(directory.resolve("word"));
        word.set(value);
        return word;
    }

    private void playRounds(final SharedWord word, final int rounds) {
        for (int round = 0; round < rounds; round++) {
            word.set(2 * round + 1);
            os().futexWake(word.address(), 1);
            word.awaitValue(os(), 2 * round + 2, LONG_NS);
        }
    }
}
