package io.coppice.root.loop;

import static io.coppice.root.loop.LoopTree.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.Errno;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.Death;
import io.coppice.pool.board.ExitClass;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What root does where the system starts no process. */
class SpawnFailureTest {
    private static final String AGAIN =
            "Cannot run program \"java\": Exec failed, error: 11 (Resource temporarily unavailable)";

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();
    private Throwable refusal;

    @Test
    void backsOffTwiceAsLongEachTimeUsesUpNoRestartAndGoesOnAsSoonAsItCan() {
        final LoopTree tree = tree();
        refusal = new IOException(AGAIN);
        long leastNs = SECOND_NS / 20 * 3 / 4;
        long mostNs = SECOND_NS / 20;
        tree.turn();
        for (int failure = 0; failure < 100; failure++) {
            assertEquals(DaemonState.BACKING_OFF, tree.state(1), "failure " + failure);
            final long waitNs = tree.daemons[0].untilDeadlineNs(tree.nowNs);
            assertTrue(waitNs >= leastNs && waitNs <= mostNs, failure + ": " + waitNs);
            leastNs = Math.min(2 * leastNs, 10 * SECOND_NS * 3 / 4);
            mostNs = Math.min(2 * mostNs, 10 * SECOND_NS);
            tree.turn(waitNs);
        }
        assertEquals(0, tree.board.reader().word(1, BoardWord.RESTARTS));
        assertEquals(Errno.EAGAIN.number(), tree.board.reader().word(1, BoardWord.EXIT_STATUS));
        final List<Death> deaths = tree.board.reader().deaths(1);
        assertEquals(1, deaths.size(), "only the first of them is history");
        assertEquals(ExitClass.SPAWN_FAILURE, deaths.get(0).exitClass());
        assertFalse(deaths.get(0).counts());

        refusal = null;
        tree.turn(10 * SECOND_NS);
        assertEquals(DaemonState.STARTING, tree.state(1));
        tree.sayReady(1);
        tree.turn();
        tree.die(1, 137);
        refusal = new IOException(AGAIN);
        tree.turn();
        assertTrue(
                tree.daemons[0].untilDeadlineNs(tree.nowNs) <= SECOND_NS / 20,
                "the delays begin anew");
    }

    @Test
    void noKindOfFailureEndsTheTurn() {
        for (final Throwable each :
                new Throwable[] {
                    new OutOfMemoryError("unable to create native thread"),
                    new InternalError("jspawnhelper"),
                    new UnsupportedOperationException(),
                    new IllegalStateException("x", new IOException("error=12, Cannot allocate"))
                }) {
            final LoopTree tree = tree();
            refusal = each;
            tree.turn();
            assertEquals(DaemonState.BACKING_OFF, tree.state(1), each.toString());
            assertEquals(
                    each.getCause() == null ? 0 : Errno.ENOMEM.number(),
                    tree.board.reader().word(1, BoardWord.EXIT_STATUS));
            assertTrue(tree.board.reader().heartbeat() > 0, "the turn went to its end");
        }
    }

    @Test
    void saysOnceWhichFileAndWhichErrorAndThatItIsOver() {
        final SpawnFailures failures = new SpawnFailures("scan", List.of("/jdk/bin/java", "-Xmx"));
        final String said =
                printed(
                        () -> {
                            for (int i = 0; i < 3; i++) {
                                failures.note(new IOException(AGAIN));
                            }
                            failures.note(
                                    new IOException(
                                            "error=2, No such file or directory\nPossible reasons:\n  - many"));
                            failures.end();
                            failures.end();
                        });
        assertEquals(
                "root: scan cannot be started (EAGAIN, try again): /jdk/bin/java: "
                        + AGAIN
                        + "; it is tried again after \"restart\".\"backoff\", until it can\n"
                        + "root: scan cannot be started (ENOENT, no such file or directory): "
                        + "/jdk/bin/java: error=2, No such file or directory"
                        + "; it is tried again after \"restart\".\"backoff\", until it can\n"
                        + "root: scan was started after 4 tries that failed\n",
                said);
    }

    @Test
    void namesTheHelperOfTheJdkWhereThatIsWhatIsMissing() throws IOException {
        final Path program = Files.createFile(folder.resolve("java"));
        assertTrue(program.toFile().setExecutable(true));
        final Path helper = folder.resolve("jspawnhelper");
        final SpawnFailures failures =
                new SpawnFailures("scan", List.of(program.toString()), helper);
        assertEquals(
                "root: scan cannot be started (no error number): "
                        + helper
                        + " is missing or cannot be run: x; it is tried again after"
                        + " \"restart\".\"backoff\", until it can\n",
                printed(() -> failures.note(new IOException("x"))));
        assertTrue(Files.createFile(helper).toFile().setExecutable(true));
        assertEquals(
                "root: scan cannot be started (no error number): "
                        + program
                        + ": x; it is tried again after \"restart\".\"backoff\", until it can\n",
                printed(() -> failures.note(new IOException("x"))));
    }

    @Test
    void theErrorNumberOfThisJdkIsFound() {
        final IOException refused =
                assertThrows(
                        IOException.class,
                        () -> new ProcessBuilder(folder.resolve("none").toString()).start());
        assertEquals(Errno.ENOENT.number(), SpawnFailures.errno(refused), refused.getMessage());
    }

    @Test
    void aLogThatNoDescriptorIsLeftForHasItsErrorNumber() {
        assertEquals(
                Errno.EMFILE.number(),
                SpawnFailures.errno(
                        new java.io.FileNotFoundException("a.log (Too many open files)")));
    }

    private LoopTree tree() {
        refusal = null;
        return new LoopTree(
                folder,
                os,
                os.waitPoint,
                () -> {
                    if (refusal instanceof IOException) {
                        throw (IOException) refusal;
                    }
                    if (refusal instanceof Error) {
                        throw (Error) refusal;
                    }
                    if (refusal != null) {
                        throw (RuntimeException) refusal;
                    }
                    return os.start();
                },
                0,
                0,
                LoopTree.daemon(1, true, List.of()));
    }

    private static String printed(final Runnable run) {
        final PrintStream before = System.err;
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            run.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
