package io.coppice.system;

import static io.coppice.system.HostileDaemonTree.HOSTILE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.os.ProcessTree;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.TreeState;
import io.coppice.system.daemons.ScriptDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Daemons that start processes faster than one can look. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class StormIT {
    private static final String OFTEN = "'restart': {'limit': 100, 'backoff': '1 ms .. 5 ms'}";

    /** Processes that a storm has started before anything is done about it. */
    private static final int MANY = 100;

    private static final int LOOKS = 20;

    @RegisterExtension static final TestArea AREA = new TestArea();

    /** A storm ends by itself where this file is there, so that a broken test leaves none. */
    private Path end;

    @BeforeEach
    void assumeLinux() throws IOException {
        assumeTrue("linux".equals(OperatingSystem.current().name()), "Linux");
        end = AREA.files().resolve("end");
        Files.deleteIfExists(end);
    }

    @AfterEach
    void endStorms() throws IOException {
        if (end != null && !Files.exists(end)) {
            Files.createFile(end);
        }
    }

    @Test
    void aForkStormEndsWithItsDaemonAndNobodyElseDoes() throws IOException {
        final Path count = AREA.files().resolve("bush-count");
        final HostileDaemonTree hostile = storm("bush", bush(count), "'stopTimeout': '5 s'").up();
        final TestTree tree = hostile.tree();
        awaitMany(count, MANY);

        tree.killDaemon(HOSTILE);

        Waiting.until("the first storm is over", () -> living(tree, 1) == 0);
        tree.awaitReady(HOSTILE, 2);
        hostile.requireUntouchedAndStop();
        assertEquals(TreeState.STOPPED, tree.treeState());
        requireCalm(count);
    }

    @Test
    void aProcessThatRunsAwayFromItsKillerIsCaught() throws IOException {
        final Path count = AREA.files().resolve("hop-count");
        final HostileDaemonTree hostile = storm("hop", chain("hop", count)).up();
        final TestTree tree = hostile.tree();
        awaitMany(count, MANY);

        tree.killDaemon(HOSTILE);

        Waiting.until("the first chain is over", () -> living(tree, 1) == 0);
        tree.awaitReady(HOSTILE, 2);
        hostile.requireUntouchedAndStop();
        requireCalm(count);
    }

    @Test
    void aProcessThatRunsAwayWithoutARootIsCaughtByTheNext() throws IOException {
        final Path count = AREA.files().resolve("lost-count");
        final TestTree tree = storm("lost", chain("lost", count)).up().tree();
        awaitMany(count, MANY);
        final long root = tree.rootPid();
        TestTree.kill(root);
        tree.awaitDeath(root);
        tree.killDaemon(HOSTILE);

        tree.up();

        tree.awaitReady(HOSTILE, 2);
        assertEquals(0, living(tree, 1), "the first chain is over before root's first turn");
        tree.stop();
        assertEquals(TreeState.STOPPED, tree.treeState());
        requireCalm(count);
    }

    @Test
    void stopEndsAStormWhoseDaemonNeverCloses() throws IOException {
        final Path count = AREA.files().resolve("deaf-count");
        final HostileDaemonTree hostile =
                storm("deaf", bush(count), "'stopTimeout': '1 s'", "never").up();
        final TestTree tree = hostile.tree();
        awaitMany(count, MANY);
        hostile.requireUntouched();

        tree.stop();

        assertEquals(TreeState.STOPPED, tree.treeState());
        assertEquals(ExitClass.SIGNAL, tree.lastExit(HOSTILE));
        assertEquals(ExitClass.FINISHED, tree.lastExit(HostileDaemonTree.HEALTHY));
        assertEquals(List.of(), AREA.processes());
        requireCalm(count);
    }

    /** Four loops, each in a session of its own, whose children lose their parent at once. */
    private String bush(final Path count) {
        return "for each in 1 2 3 4; do setsid sh -c 'while [ ! -e "
                + end
                + " ]; do echo x >> "
                + count
                + "; (setsid sleep 0.2 &); sleep 0.2 & sleep 0.005; done' & done\n"
                + "wait\n";
    }

    /** A process that starts the next one, in a session of its own, and ends. */
    private String chain(final String name, final Path count) {
        return "[ -e "
                + end
                + " ] && exit\necho x >> "
                + count
                + "\nsetsid sh "
                + AREA.files().resolve(name + ".sh")
                + " &\n";
    }

    private static HostileDaemonTree storm(
            final String name, final String script, final String... more) {
        final String closes = more.length > 1 ? more[1] : "always";
        return new HostileDaemonTree(
                AREA,
                name,
                ScriptDaemon.class,
                "'settings': {'script': '"
                        + HostileDaemonTree.script(AREA, name, script)
                        + "', 'closes': '"
                        + closes
                        + "'}",
                OFTEN,
                more.length > 0 ? more[0] : "'stopTimeout': '5 s'");
    }

    private static void awaitMany(final Path count, final int many) {
        Waiting.until(
                "the storm is under way",
                () -> Files.exists(count) && Files.size(count) >= 2L * many);
    }

    /** Requires that nothing is started any more, which takes more than one look to tell. */
    private static void requireCalm(final Path count) throws IOException {
        final long size = Files.size(count);
        for (int i = 0; i < LOOKS; i++) {
            assertEquals(List.of(), AREA.processes());
        }
        assertEquals(size, Files.size(count));
    }

    /** Returns how many processes live that an incarnation has started. */
    private static long living(final TestTree tree, final long epoch) {
        final ProcessTree processes = OperatingSystem.current().processTree();
        final String mark = tree.folder() + "#" + tree.plan(HOSTILE).slot() + "." + epoch;
        final AtomicLong count = new AtomicLong();
        processes.processes(
                process -> {
                    if (process.alive()
                            && mark.equals(processes.variable(process.pid(), "COPPICE_KIN"))) {
                        count.incrementAndGet();
                    }
                });
        return count.get();
    }
}
