package io.coppice.system;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The folders of one test class, and the promise that nothing outlives a test: every process of a
 * tree carries the name of the class's run folder in its environment, so all can be found, also
 * when their parents are gone. After each test the roots that live are asked to stop; what is still
 * there afterwards is killed and fails the test.
 */
final class TestArea implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private static final Duration STOP_MOST = Duration.ofSeconds(90);
    private static final int LOG_LINES = 25;
    private static final AtomicInteger AREAS = new AtomicInteger();

    private final boolean forTheClass;
    private Path folder;

    TestArea() {
        this(false);
    }

    private TestArea(final boolean forTheClass) {
        this.forTheClass = forTheClass;
    }

    /** Returns an area whose trees live until all tests of the class are through. */
    static TestArea forTheClass() {
        return new TestArea(true);
    }

    @Override
    public void beforeAll(final ExtensionContext context) throws IOException {
        final Path shared = Path.of("/dev/shm");
        final Path parent =
                Files.isWritable(shared) ? shared : Path.of(System.getProperty("java.io.tmpdir"));
        folder =
                parent.resolve(
                        "coppice-test-"
                                + ProcessHandle.current().pid()
                                + "-"
                                + AREAS.incrementAndGet());
        for (final Path each : List.of(folder, runFolder(), files(), outputs())) {
            Files.createDirectory(each);
            // Some tests run a tree as another user.
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
    }

    /** Returns what {@code COPPICE_RUN} says. */
    Path runFolder() {
        return folder.resolve("run");
    }

    /** Returns a folder for manifests and whatever else a test makes. */
    Path files() {
        return folder.resolve("files");
    }

    private Path outputs() {
        return folder.resolve("outputs");
    }

    /** Returns the command line for this area. */
    CoppiceCli cli() {
        return new CoppiceCli(runFolder(), outputs());
    }

    /** Returns the command line for this area and another run folder. */
    CoppiceCli cli(final Path otherRunFolder) {
        return new CoppiceCli(otherRunFolder, outputs());
    }

    /** Returns the pids of all processes of all trees of this area, and of its commands. */
    List<Long> processes() {
        final String mark = folder.toString();
        final List<Long> pids = new ArrayList<>();
        ProcessHandle.allProcesses()
                .forEach(
                        process -> {
                            if (variables(process.pid())
                                    .anyMatch(
                                            variable ->
                                                    variable.startsWith("COPPICE_RUN=" + mark))) {
                                pids.add(process.pid());
                            }
                        });
        return pids;
    }

    /** Returns the pids of the daemons, and standbys, of all trees of this area that live. */
    List<Long> daemons() {
        return processes().stream()
                .filter(
                        pid ->
                                TestTree.isAlive(pid)
                                        && commandLine(pid)
                                                .contains("io.coppice.daemon.DaemonMain"))
                .sorted()
                .toList();
    }

    @Override
    public void afterEach(final ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            printLogs(context.getDisplayName());
        }
        if (!forTheClass) {
            endAll();
        }
    }

    private void endAll() {
        try {
            askRootsToStop();
            Waiting.until("no process is left", STOP_MOST, () -> processes().isEmpty());
        } catch (final ConditionTimeoutException survivors) {
            final String who = describe(processes());
            processes().forEach(pid -> OperatingSystem.current().signal(pid, Signals.KILL));
            throw new AssertionError("processes outlived the test:\n" + who, survivors);
        } finally {
            remove(runFolder(), false);
        }
    }

    @Override
    public void afterAll(final ExtensionContext context) {
        try {
            if (forTheClass) {
                endAll();
            }
        } finally {
            remove(folder, true);
        }
    }

    private void askRootsToStop() {
        for (final long pid : processes()) {
            if (commandLine(pid).contains("io.coppice.root.loop.RootMain")) {
                OperatingSystem.current().signal(pid, Signals.TERM);
            }
        }
    }

    private void printLogs(final String test) {
        try (Stream<Path> logs = Files.walk(runFolder())) {
            logs.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .forEach(file -> printTail(test, file));
        } catch (final IOException | UncheckedIOException gone) {
            System.err.println(test + ": the logs cannot be listed: " + gone.getMessage());
        }
    }

    private static void printTail(final String test, final Path file) {
        try {
            final List<String> lines =
                    Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
            System.err.println(test + ": the end of " + file);
            lines.stream()
                    .skip(Math.max(0, lines.size() - LOG_LINES))
                    .forEach(line -> System.err.println("    " + line));
        } catch (final IOException gone) {
            System.err.println(test + ": " + file + " is gone");
        }
    }

    private static String describe(final List<Long> pids) {
        final StringBuilder text = new StringBuilder();
        for (final long pid : pids) {
            text.append(pid).append(' ').append(commandLine(pid)).append('\n');
        }
        return text.toString();
    }

    private static String commandLine(final long pid) {
        return text(pid, "cmdline").replace('\0', ' ');
    }

    private static Stream<String> variables(final long pid) {
        return Stream.of(text(pid, "environ").split("\0", -1));
    }

    private static String text(final long pid, final String file) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(pid), file), StandardCharsets.ISO_8859_1);
        } catch (final IOException goneOrNotOurs) {
            return "";
        }
    }

    private static void remove(final Path file, final boolean itself) {
        try {
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(file)) {
                    for (final Path entry : entries) {
                        remove(entry, true);
                    }
                }
            }
            if (itself) {
                Files.deleteIfExists(file);
            }
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
