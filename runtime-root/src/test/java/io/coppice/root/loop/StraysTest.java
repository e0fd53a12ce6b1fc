package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Daemons that no board names, with real processes that have their command line. */
class StraysTest {
    private static final String MAIN = "io.coppice.daemon.DaemonMain";

    private final OperatingSystem os = OperatingSystem.current();
    private final List<Process> processes = new ArrayList<>();

    @TempDir Path folder;
    @TempDir Path elsewhere;

    @AfterEach
    void endWhatATestLeft() throws InterruptedException {
        for (final Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void endsTheDaemonsOfThisFolderAndNobodyElse() throws Exception {
        final Process stray = waiter(MAIN, folder.toString(), "1", "7", "99");
        final Process standby = waiter(MAIN, folder.toString(), "1", "8", "99", "standby");
        final Path link = Files.createSymbolicLink(elsewhere.resolve("link"), folder.getParent());
        final Process linked =
                waiter(MAIN, link.resolve(folder.getFileName()).toString(), "1", "9", "99");
        final Process known = waiter(MAIN, folder.toString(), "2", "7", "99");
        final Process nextTo = waiter(MAIN, folder + "-other", "1", "7", "99");
        final Process other = waiter("io.coppice.txn.Other", folder.toString(), "1", "7", "99");
        final Process longer = waiter(MAIN, folder.toString(), "1", "7", "99", "more");

        Strays.end(os, folder, List.of(known.pid()));

        assertTrue(stray.waitFor(10, TimeUnit.SECONDS));
        assertEquals(Signals.EXIT_BASE + Signals.KILL, stray.exitValue());
        assertTrue(linked.waitFor(10, TimeUnit.SECONDS), "by another way to this folder");
        assertTrue(standby.waitFor(10, TimeUnit.SECONDS));
        for (final Process spared : List.of(known, nextTo, other, longer)) {
            assertTrue(spared.isAlive());
        }
    }

    @Test
    void aCommandLineIsWhatTheKernelKeeps() throws IOException {
        final Process process = waiter("a b", "", "\u00e9");
        assertEquals(List.of("cat", "-", "a b", "", "\u00e9"), os.commandLine(process.pid()));
        assertEquals(List.of(), os.commandLine(Integer.MAX_VALUE));
    }

    /** Starts a process that waits for its stdin, with any arguments. */
    private Process waiter(final String... arguments) throws IOException {
        final List<String> command = new ArrayList<>(List.of("cat", "-"));
        command.addAll(List.of(arguments));
        final Process process = new ProcessBuilder(command).start();
        processes.add(process);
        return process;
    }
}
