package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.board.TreeState;
import io.coppice.system.daemons.CounterDaemon;
import io.coppice.system.daemons.ScriptDaemon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What daemons start by themselves ends with them, however it has hidden. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class KinIT {
    /** Each writes its pid into the book, and would live for an hour. */
    private static final String SLEEP = "echo $$ >> BOOK; exec sleep 3600";

    /**
     * A child; one that leads a session; one that lost its parent while the daemon lived; one that
     * has no environment; and one that has none, in a session of its own, below a marked one.
     */
    private static final List<String> HIDERS =
            List.of(
                    "sh -c '" + SLEEP + "' &",
                    "setsid sh -c '" + SLEEP + "' &",
                    "(setsid sh -c '" + SLEEP + "' &)",
                    "env -i /bin/sh -c '" + SLEEP + "' &",
                    "setsid sh -c 'env -i setsid -w /bin/sh -c \"echo \\$\\$ >> BOOK; exec sleep 3600\"; true' &");

    private static final int ENDED = 200;
    private static final long SOME = 20;

    @RegisterExtension static final TestArea AREA = new TestArea();

    @BeforeEach
    void assumeLinux() {
        assumeTrue("linux".equals(OperatingSystem.current().name()), "Linux");
    }

    @Test
    void allThatADaemonHasStartedDiesWithIt() throws IOException {
        final Path book = AREA.files().resolve("all-book");
        final TestTree tree = tree("all", book, HIDERS);
        final List<Long> first = awaitBook(book, HIDERS.size());
        final long counter = tree.pid("counter");
        final long root = tree.rootPid();
        for (final long pid : first) {
            assertTrue(TestTree.isAlive(pid), "process " + pid);
        }

        tree.killDaemon("breeder");

        first.forEach(tree::awaitDeath);
        tree.awaitReady("breeder", 2);
        final List<Long> both = awaitBook(book, 2 * HIDERS.size());
        for (final long pid : both.subList(HIDERS.size(), both.size())) {
            assertTrue(TestTree.isAlive(pid), "of the one that lives: " + pid);
        }
        assertEquals(root, tree.rootPid());
        assertUntouched(tree, counter);
        Waiting.until("root has no zombies", () -> zombies(tree.rootPid()) == 0);

        tree.stop();
        assertEquals(TreeState.STOPPED, tree.treeState());
        for (final long pid : both) {
            assertTrue(!TestTree.isAlive(pid), "process " + pid);
        }
        assertEquals(List.of(), AREA.processes());
    }

    @Test
    void whatADaemonLeftThatDiedWithoutRootEndsWithTheNextRoot() throws IOException {
        final Path book = AREA.files().resolve("next-book");
        // One without an environment has nobody above it any more that tells whose it is.
        final List<String> marked =
                HIDERS.stream().filter(line -> !line.startsWith("env -i")).toList();
        final TestTree tree = tree("next", book, marked);
        final List<Long> first = awaitBook(book, marked.size());
        final long counter = tree.pid("counter");
        final long root = tree.rootPid();
        TestTree.kill(root);
        tree.awaitDeath(root);
        tree.killDaemon("breeder");

        tree.up();

        tree.awaitReady("breeder", 2);
        first.forEach(tree::awaitDeath);
        assertUntouched(tree, counter);
    }

    @Test
    void orphansThatEndAreReaped() throws IOException {
        final Path book = AREA.files().resolve("ended-book");
        final TestTree tree =
                tree(
                        "ended",
                        "i=0; while [ $i -lt "
                                + ENDED
                                + " ]; do (setsid true &); i=$((i+1)); done; echo 1 >> "
                                + book);
        final long counter = tree.pid("counter");
        final long root = tree.rootPid();
        awaitBook(book, 1);
        Waiting.until("root has no zombies", () -> zombies(root) == 0);
        assertEquals(root, tree.rootPid());
        assertEquals(1, tree.epoch("breeder"));
        assertUntouched(tree, counter);
    }

    /** Requires that the bystander is the same incarnation, and works. */
    private static void assertUntouched(final TestTree tree, final long counter) {
        assertEquals(counter, tree.pid("counter"));
        assertEquals(1, tree.epoch("counter"));
        tree.awaitProgress("counter", tree.progress("counter") + SOME);
    }

    private static TestTree tree(final String name, final Path book, final List<String> started) {
        return tree(name, String.join("\n", started).replace("BOOK", book.toString()) + "\nwait");
    }

    private static TestTree tree(final String name, final String script) {
        final Path file = AREA.files().resolve(name + "-script");
        try {
            Files.writeString(file, script + "\n");
        } catch (final IOException refused) {
            throw new UncheckedIOException(refused);
        }
        return new TestTree(
                        AREA,
                        new TestManifest(name)
                                .daemon("counter", CounterDaemon.class)
                                .daemon(
                                        "breeder",
                                        ScriptDaemon.class,
                                        "'settings': {'script': '" + file + "'}",
                                        "'restart': {'limit': 100, 'backoff': '1 ms .. 5 ms'}"))
                .up();
    }

    private static List<Long> awaitBook(final Path book, final int lines) throws IOException {
        Waiting.until(
                lines + " have written their pid",
                () -> Files.exists(book) && Files.readAllLines(book).size() >= lines);
        return Files.readAllLines(book).stream().map(Long::valueOf).toList();
    }

    private static long zombies(final long parent) {
        final AtomicLong count = new AtomicLong();
        OperatingSystem.current()
                .processTree()
                .processes(
                        process -> {
                            if (process.parent() == parent && !process.alive()) {
                                count.incrementAndGet();
                            }
                        });
        return count.get();
    }
}
