package io.coppice.os;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LinuxProcessTreeTest {
    /** Each may see a chain of processes or miss it. */
    private static final int LOOKS = 300;

    private final List<Process> started = new ArrayList<>();
    private OperatingSystem os;
    private ProcessTree tree;

    @BeforeEach
    void assumeLinux() {
        Assumptions.assumeTrue(OperatingSystemContract.isLinux(), "Linux");
        os =
                new LinuxOperatingSystem(
                        SystemCallNumbers.forArchitecture(System.getProperty("os.arch")));
        tree = os.processTree();
    }

    @AfterEach
    void endWhatATestLeft() throws InterruptedException {
        for (final Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void anOrphanIsAdoptedAndReapedOnceWithItsStatus() throws Exception {
        assertEquals("false true false -1 7 -1 0", adopted("exit 7"));
        assertEquals("false true false -1 137 -1 0", adopted("exec sh -c 'kill -9 $$'"));
    }

    private String adopted(final String line) throws IOException {
        final Process child = ChildProcess.start(os, "adopts", line);
        started.add(child);
        return ChildProcess.line(child);
    }

    @Test
    void aProcessIsListedWithItsParentItsGroupAndItsSession() throws IOException {
        final Process leader = sleeper("setsid", "sleep", "120");
        final long self = ProcessHandle.current().pid();
        final List<ProcessRecord> all = new ArrayList<>();
        tree.processes(all::add);
        final ProcessRecord record =
                all.stream()
                        .filter(process -> process.pid() == leader.pid())
                        .findFirst()
                        .orElseThrow();

        assertEquals(self, record.parent());
        assertEquals(os.startTime(leader.pid()), record.startTime());
        assertTrue(record.alive());
        await().until(() -> tree.process(leader.pid()).session() == leader.pid());
        assertEquals(leader.pid(), tree.process(leader.pid()).group());
        assertNull(tree.process(Integer.MAX_VALUE));
        assertNull(tree.process(0));
        assertNull(tree.process(-1));
    }

    /**
     * The chain is dead whenever one comes to look at who was listed; nevertheless somebody of it
     * is alive at any time, and a look that says that it has missed nobody has seen it.
     */
    @Test
    void aProcessThatForksAndEndsIsSeenAliveInEveryLook(@TempDir final Path folder)
            throws IOException {
        final Path end = folder.resolve("end");
        final Path script = folder.resolve("hop.sh");
        Files.writeString(script, "[ -e " + end + " ] || setsid sh " + script + " &\n");
        final ProcessBuilder builder = new ProcessBuilder("sh", script.toString());
        builder.environment().put("COPPICE_TEST_CHAIN", folder.toString());
        started.add(builder.start());
        try {
            int sure = 0;
            for (int i = 0; i < LOOKS; i++) {
                final boolean[] seen = new boolean[2];
                final boolean complete =
                        tree.processes(
                                process -> {
                                    final String chain =
                                            tree.variable(process.pid(), "COPPICE_TEST_CHAIN");
                                    seen[0] |= process.alive() && folder.toString().equals(chain);
                                    seen[1] |= process.alive() && chain == null;
                                });
                if (complete) {
                    assertTrue(seen[0] || seen[1], "look " + i + " has missed it");
                    sure += seen[0] ? 1 : 0;
                }
            }
            assertTrue(sure > 0, "the chain was never seen at all");
        } finally {
            Files.createFile(end);
            await().until(() -> nobodySays("COPPICE_TEST_CHAIN", folder.toString()));
        }
    }

    private boolean nobodySays(final String name, final String value) {
        final boolean[] somebody = new boolean[1];
        final boolean complete =
                tree.processes(
                        process -> {
                            final String said = tree.variable(process.pid(), name);
                            somebody[0] |= process.alive() && (said == null || value.equals(said));
                        });
        return complete && !somebody[0];
    }

    @Test
    void aVariableIsThatOfTheWholeNameAndNothingElse() throws IOException {
        final ProcessBuilder builder = new ProcessBuilder("sleep", "120");
        builder.environment().put("COPPICE_TEST_LONG", "x".repeat(10_000));
        builder.environment().put("COPPICE_TEST_A", "a=b c");
        builder.environment().put("XCOPPICE_TEST_B", "wrong");
        builder.environment().put("COPPICE_TEST_BB", "wrong");
        builder.environment().put("COPPICE_TEST_B", "/right#1.2");
        builder.environment().put("COPPICE_TEST_E", "");
        final Process process = builder.start();
        started.add(process);

        // It may be between two programs still.
        await().until(() -> "a=b c".equals(tree.variable(process.pid(), "COPPICE_TEST_A")));
        assertEquals("/right#1.2", tree.variable(process.pid(), "COPPICE_TEST_B"));
        assertEquals("", tree.variable(process.pid(), "COPPICE_TEST_E"));
        assertEquals("", tree.variable(process.pid(), "COPPICE_TEST"));
        assertEquals("", tree.variable(process.pid(), "COPPICE_TEST_LONG"), "too long to be ours");
        assertEquals("", tree.variable(Integer.MAX_VALUE, "PATH"));
    }

    @Test
    void aSignalReachesOnlyTheProcessOfItsStartTime() throws Exception {
        final Process process = sleeper("sleep", "120");
        final long startTime = os.startTime(process.pid());

        assertFalse(tree.signal(process.pid(), startTime + 1, Signals.KILL));
        assertFalse(tree.signal(1, startTime, Signals.KILL));
        assertFalse(tree.signal(-1, startTime, Signals.KILL));
        assertTrue(tree.signal(process.pid(), startTime, 0), "it lives");
        assertTrue(tree.signal(process.pid(), startTime, Signals.KILL));
        assertEquals(Signals.EXIT_BASE + Signals.KILL, process.waitFor());
        assertFalse(tree.signal(process.pid(), startTime, Signals.KILL));
    }

    private Process sleeper(final String... command) throws IOException {
        final Process process = new ProcessBuilder(command).start();
        started.add(process);
        return process;
    }
}
