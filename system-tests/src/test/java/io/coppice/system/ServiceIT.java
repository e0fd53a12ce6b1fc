package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coppice.os.LocalDatagramSocket;
import io.coppice.os.OperatingSystem;
import io.coppice.pool.board.DaemonState;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.IgnoresStopDaemon;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A tree as a service: what a service manager that listens is told. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ServiceIT {
    private static final String SOCKET = "NOTIFY_SOCKET";

    @RegisterExtension static final TestArea AREA = new TestArea();

    /** Stands in the place of a service manager. */
    private static final class Manager implements AutoCloseable {
        private final LocalDatagramSocket socket;
        private final List<String> lines = new ArrayList<>();

        Manager(final String address) {
            socket = LocalDatagramSocket.at(address);
            assumeTrue(socket != null, "datagram sockets need Linux");
        }

        /** Returns all that was said so far, line by line. */
        List<String> lines() {
            for (String next = socket.receive(); next != null; next = socket.receive()) {
                lines.addAll(next.lines().toList());
            }
            return lines;
        }

        void await(final String line) {
            Waiting.until("is told " + line, () -> lines().contains(line));
        }

        void await(final String line, final int times) {
            Waiting.until(
                    "is told " + line + " " + times + " times",
                    () -> lines().stream().filter(line::equals).count() >= times);
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    @Test
    void aServiceManagerIsToldOfAWholeLife() throws IOException {
        final Path address = AREA.files().resolve("notify");
        try (Manager manager = new Manager(address.toString())) {
            final TestTree tree =
                    new TestTree(
                            AREA.cli()
                                    .with(SOCKET, address.toString())
                                    .with("WATCHDOG_USEC", "400000")
                                    .with("WATCHDOG_PID", "1"),
                            AREA.runFolder(),
                            "service",
                            two("service").write(AREA.files()));
            tree.up();
            manager.await("READY=1");
            final List<String> start = manager.lines();
            assertEquals("MAINPID=" + tree.rootPid(), start.get(0));
            assertTrue(start.contains("STATUS=starting: 0 of 2 daemons ready"), start::toString);
            manager.await("STATUS=running: 2 of 2 daemons ready");
            manager.await("WATCHDOG=1", 5);
            for (final String daemon : List.of("one", "two")) {
                final String environment = environment(tree.pid(daemon));
                assertTrue(environment.contains("COPPICE_RUN="), environment);
                assertFalse(environment.contains(SOCKET), environment);
                assertFalse(environment.contains("WATCHDOG"), environment);
            }
            assertFalse(manager.lines().contains("STOPPING=1"));
            tree.stop();
            manager.await("STOPPING=1");
            assertEquals(
                    1, manager.lines().stream().filter(line -> line.equals("READY=1")).count());
        }
    }

    @Test
    void aReloadIsToldAndEndsWithReadyWhetherItSucceedsOrNot() throws IOException {
        final Path address = AREA.files().resolve("reload");
        try (Manager manager = new Manager(address.toString())) {
            final TestTree tree =
                    new TestTree(
                            AREA.cli().with(SOCKET, address.toString()),
                            AREA.runFolder(),
                            "reloaded",
                            new TestManifest("reloaded")
                                    .daemon("counter", CounterDaemon.class)
                                    .daemon("deaf", IgnoresStopDaemon.class, "'stopTimeout': '3 s'")
                                    .write(AREA.files()));
            tree.up();
            manager.await("READY=1");
            final int before = manager.lines().size();
            final long beganUs = TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
            final CoppiceCli.Result done =
                    tree.cli().run("reload", "reloaded", "--set", "counter.heap=40 MiB");
            assertEquals(0, done.exitCode(), done::toString);
            final long endedUs = TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
            manager.await("READY=1", 2);
            final List<String> said = manager.lines().subList(before, manager.lines().size());
            final int reloading = said.indexOf("RELOADING=1");
            final int main = said.indexOf("MAINPID=" + tree.rootPid());
            assertTrue(reloading >= 0 && reloading < main, said::toString);
            assertTrue(main < said.indexOf("READY=1"), said::toString);
            final long us = Long.parseLong(said.get(reloading + 1).replace("MONOTONIC_USEC=", ""));
            assertTrue(beganUs <= us && us <= endedUs, said::toString);

            final CoppiceCli.Running refused =
                    tree.cli().start("reload", "reloaded", "--set", "deaf.heap=40 MiB");
            tree.awaitState("deaf", DaemonState.STOPPING);
            manager.await("RELOADING=1", 2);
            assertEquals(2, count(manager, "READY=1"));
            // Without its plan root cannot begin anew.
            try (DirectoryStream<Path> plans = Files.newDirectoryStream(tree.folder(), "plan-*")) {
                for (final Path plan : plans) {
                    Files.delete(plan);
                }
            }
            assertEquals(71, refused.await().exitCode());
            manager.await("READY=1", 3);
            assertEquals(2, count(manager, "RELOADING=1"));
            tree.stop();
        }
    }

    @Test
    void underAGuardTheGuardIsTheMainProcessAndEachRootSaysThatItIsReady() {
        final String address = "@coppice-test-" + ProcessHandle.current().pid();
        try (Manager manager = new Manager(address)) {
            final TestTree tree =
                    new TestTree(
                            AREA.cli().with(SOCKET, address),
                            AREA.runFolder(),
                            "guarded",
                            two("guarded").write(AREA.files()));
            tree.up("--guard");
            manager.await("READY=1");
            final String main = manager.lines().get(0);
            final long root = tree.rootPid();
            assertEquals("MAINPID=" + process("GuardMain"), main);
            TestTree.kill(root);
            manager.await("READY=1", 2);
            assertNotEquals(root, tree.rootPid());
            assertEquals(
                    List.of(main),
                    manager.lines().stream().filter(line -> line.startsWith("MAINPID")).toList());
            tree.stop();
            manager.await("STOPPING=1");
        }
    }

    @Test
    void withoutAListenerTheTreeRunsAllTheSame() {
        final String nobody = AREA.files().resolve("nobody").toString();
        final TestTree tree =
                new TestTree(
                        AREA.cli().with(SOCKET, nobody).with("WATCHDOG_USEC", "soon"),
                        AREA.runFolder(),
                        "unheard",
                        two("unheard").write(AREA.files()));
        tree.up();
        tree.stop();
    }

    @Test
    void stopNowKillsWhatWouldNotEndAndKeepsTheState() {
        final TestTree tree =
                new TestTree(
                        AREA,
                        new TestManifest("hurried")
                                .daemon("counter", CounterDaemon.class)
                                .daemon(
                                        "stubborn",
                                        IgnoresStopDaemon.class,
                                        "'stopTimeout': '10 min'"));
        tree.up();
        tree.awaitProgress("counter", 2);
        final CoppiceCli.Result result = tree.cli().run("stop", "hurried", "--now");
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(AREA.processes().isEmpty());
        final long kept = tree.progress("counter");
        assertTrue(kept >= 2);
        tree.up();
        tree.awaitProgress("counter", kept + 1);
        tree.cli().run("stop", "hurried", "--now");
    }

    @Test
    void aRunFolderThatCannotBeWrittenIs71AndOneLine() throws Exception {
        assumeTrue(isRoot(), "another user can be had by the superuser alone");
        final Path forbidden = Files.createDirectory(AREA.files().resolve("forbidden"));
        final Path manifest = two("forbidden").write(AREA.files());
        final CoppiceCli.Result result =
                AREA.cli(forbidden)
                        .through("setpriv", "--reuid", "65534", "--clear-groups")
                        .run("run", "--detach", manifest.toString());
        assumeTrue(
                !result.toString().contains("cannot execute") && result.exitCode() != 127,
                "nobody may read this checkout");
        assertEquals(71, result.exitCode(), result::toString);
        assertEquals(1, result.stderr().size(), result::toString);
        assertTrue(result.stderr().get(0).contains(forbidden.toString()), result::toString);
    }

    private static long count(final Manager manager, final String line) {
        return manager.lines().stream().filter(line::equals).count();
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private static TestManifest two(final String name) {
        return new TestManifest(name)
                .daemon("one", CounterDaemon.class)
                .daemon("two", CounterDaemon.class, "'after': ['one']");
    }

    private static long process(final String main) {
        return AREA.processes().stream()
                .filter(pid -> isOf(OperatingSystem.current().commandLine(pid), main))
                .findAny()
                .orElseThrow();
    }

    /** Returns whether a command line is that of a main class; a guard's names root's too. */
    private static boolean isOf(final List<String> command, final String main) {
        final int classPath = command.indexOf("-cp");
        return classPath >= 0
                && command.size() > classPath + 2
                && command.get(classPath + 2).endsWith("." + main);
    }

    private static String environment(final long pid) throws IOException {
        return String.join(
                "\n",
                Arrays.asList(
                        Files.readString(
                                        Path.of("/proc", Long.toString(pid), "environ"),
                                        StandardCharsets.ISO_8859_1)
                                .split("\0", -1)));
    }
}
