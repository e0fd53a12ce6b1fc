package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.task.WorkerState;
import io.coppice.system.daemons.EchoTransaction;
import io.coppice.system.daemons.PoolDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of tasks whose worker returns, throws, dies or hangs. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class PoolIT {
    private static final String ENDS_ITSELF =
            "'significant': true, 'restart': {'policy': 'on-failure'}";
    private static final String NO_HASTE = "'deadline': '2 min', 'queueDeadline': '5 min'";
    private static final String FULL = "the queue was full";
    private static final String ROOM = "the queue had room";

    @RegisterExtension static final TestArea AREA = new TestArea();

    @Test
    void everyEndHasItsOutcomeAttemptsExitAndDetail() throws IOException {
        final List<String> results =
                results(
                        "ends",
                        "ok:hello,fail:just this,throw:no good,kill,halt:42,segv,exhaust,nonsense",
                        NO_HASTE + ", 'attempts': 2, 'heap': '32 MiB'");
        assertEquals(
                List.of(
                        "ok:hello -> OK attempts 1 exit 0 hello",
                        "fail:just this -> FAILED attempts 1 exit 0 just this",
                        "throw:no good -> FAILED attempts 1 exit 0"
                                + " java.lang.IllegalStateException: no good",
                        "kill -> CRASHED attempts 2 exit 137 ",
                        "halt:42 -> CRASHED attempts 2 exit 42 ",
                        "segv -> CRASHED attempts 2 exit 134 ",
                        "exhaust -> OUT_OF_MEMORY attempts 2 exit 3 ",
                        "nonsense -> FAILED attempts 1 exit 0"
                                + " java.lang.IllegalArgumentException: unknown command nonsense",
                        ROOM),
                // The only worker takes them in turn, but a second attempt comes last.
                inOrderOf(results, "ok fail throw kill halt segv exhaust nonsense"));
    }

    @Test
    void aTaskThatHangsIsKilledAtItsDeadlineInEveryAttempt() throws IOException {
        assertEquals(
                List.of("hang -> TIMED_OUT attempts 2 exit 137 ", ROOM),
                results("hangs", "hang", "'deadline': '1 s', 'attempts': 2"));
    }

    @Test
    void chronicleBytesReadTheRequestAndWriteTheReplyInPlace() throws IOException {
        assertEquals(
                List.of("bytes:häuser und bäume -> OK attempts 1 exit 0 häuser und bäume", ROOM),
                results("bytes", "bytes:häuser und bäume", NO_HASTE));
    }

    @Test
    void twoWorkersRunAtTheSameTime() throws IOException {
        assertEquals(
                List.of(
                        "meet:2 -> OK attempts 1 exit 0 met",
                        "meet:2 -> OK attempts 1 exit 0 met",
                        ROOM),
                results("meeting", "meet:2,meet:2", NO_HASTE + ", 'workers': '2..2'"));
    }

    @Test
    void aFullQueueSaysSoAndLosesNothing() throws IOException {
        assertEquals(
                List.of(
                        "ok:1 -> OK attempts 1 exit 0 1",
                        "ok:2 -> OK attempts 1 exit 0 2",
                        "ok:3 -> OK attempts 1 exit 0 3",
                        "ok:4 -> OK attempts 1 exit 0 4",
                        FULL),
                results("full", "ok:1,ok:2,ok:3,ok:4", NO_HASTE + ", 'queue': 2"));
    }

    @Test
    void aWorkerIsReplacedAfterAsManyTasksAsReuseSays() throws IOException {
        final List<String> pids =
                results("reused", "pid,pid,pid,pid,pid", NO_HASTE + ", 'reuse': 2").stream()
                        .filter(line -> line.startsWith("pid -> OK attempts 1 exit 0 "))
                        .map(line -> line.substring(line.lastIndexOf(' ')))
                        .toList();
        assertEquals(5, pids.size(), pids::toString);
        assertEquals(3, pids.stream().distinct().count(), pids::toString);
        assertEquals(pids.get(0), pids.get(1));
        assertEquals(pids.get(2), pids.get(3));
    }

    @Test
    void whatADyingTransactionWroteIsRolledBackAndWhatACommitWroteStands() throws IOException {
        final List<String> marks =
                results("marks", "mark:1,mark-kill:2,mark-throw:3,mark:4,mark:5", NO_HASTE).stream()
                        .filter(line -> line.startsWith("mark ") || line.contains("CRASHED"))
                        .toList();
        assertEquals(
                List.of(
                        "mark-kill:2 -> CRASHED attempts 2 exit 137 ",
                        "mark 1 stands",
                        "mark 4 stands",
                        "mark 5 stands"),
                marks);
    }

    @Test
    void theDeathOfTheDaemonIsNoAttemptOfItsTask() throws IOException {
        final TestTree tree = tree("interrupted", "wait", NO_HASTE + ", 'attempts': 1");
        final CoppiceCli.Running console = tree.start();
        final int deaths = 3;
        for (int death = 1; death <= deaths; death++) {
            final int begun = death;
            Waiting.until(
                    "the task was begun " + death + " times",
                    () -> arrivals("interrupted") == begun);
            tree.killDaemon("pool");
        }
        Waiting.until("the task was begun again", () -> arrivals("interrupted") == deaths + 1);
        Files.createFile(folder("interrupted").resolve("go"));
        final CoppiceCli.Result result = console.await();
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals("wait -> OK attempts 1 exit 0 went", result.stdout().get(0));
        assertTrue(
                result.stdout().get(2).contains("3 died and were replaced: pool 3"),
                result::toString);
    }

    @Test
    void aResultMayPrecedeADeath() throws IOException {
        final TestTree tree = tree("precedes", "wait", NO_HASTE + ", 'attempts': 1");
        final CoppiceCli.Running console = tree.start();
        Waiting.until("the task was begun", () -> arrivals("precedes") == 1);
        final long daemon = tree.pid("pool");
        final OperatingSystem os = OperatingSystem.current();
        // A daemon that stands still takes no results, so the worker can commit and die unseen.
        os.signal(daemon, Signals.STOP);
        Files.createFile(folder("precedes").resolve("go"));
        Waiting.until(
                "the worker has committed",
                () -> tree.worker("pool", "work", 0) == WorkerState.COMMITTED);
        final long worker = tree.workerPid("pool", "work", 0);
        TestTree.kill(worker);
        tree.awaitDeath(worker);
        os.signal(daemon, Signals.CONT);
        final CoppiceCli.Result result = console.await();
        assertEquals(0, result.exitCode(), result::toString);
        assertTrue(
                result.stdout().get(0).matches("wait -> OK attempts 1 exit (0|137) went"),
                result::toString);
    }

    private static List<String> results(final String name, final String tasks, final String pool)
            throws IOException {
        final CoppiceCli.Result result = tree(name, tasks, pool).start().await();
        assertEquals(0, result.exitCode(), result::toString);
        final List<String> lines = result.stdout();
        assertTrue(lines.get(lines.size() - 1).startsWith("processes "), result::toString);
        return lines.subList(0, lines.size() - 1);
    }

    private static TestTree tree(final String name, final String tasks, final String pool)
            throws IOException {
        Files.createDirectory(folder(name));
        return new TestTree(
                AREA,
                new TestManifest(name)
                        .daemon(
                                "pool",
                                PoolDaemon.class,
                                ENDS_ITSELF,
                                "'watchdog': {'dumpAfter': '4 min', 'killAfter': '5 min'}",
                                "'settings': {'tasks': '"
                                        + tasks
                                        + "', 'folder': '"
                                        + folder(name)
                                        + "'}",
                                "'transactions': {'work': {'class': '"
                                        + EchoTransaction.class.getName()
                                        + "', "
                                        + pool
                                        + "}}"));
    }

    private static List<String> inOrderOf(final List<String> lines, final String commands) {
        final List<String> order = List.of(commands.split(" ", -1));
        return lines.stream()
                .sorted((one, other) -> Integer.compare(place(one, order), place(other, order)))
                .toList();
    }

    private static int place(final String line, final List<String> order) {
        final int place = order.indexOf(line.split("[ :]", 2)[0]);
        return place < 0 ? order.size() : place;
    }

    private static int arrivals(final String name) throws IOException {
        try (Stream<Path> files = Files.list(folder(name))) {
            return (int)
                    files.filter(file -> file.getFileName().toString().startsWith("at-")).count();
        }
    }

    private static Path folder(final String name) {
        return AREA.files().resolve(name);
    }
}
