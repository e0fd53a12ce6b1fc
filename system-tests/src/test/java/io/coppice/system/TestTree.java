package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.StandbyState;
import io.coppice.pool.board.TreeState;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.task.PoolLayout;
import io.coppice.pool.task.WorkerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A tree under test: started and asked by the command line, looked at through its board. */
final class TestTree {
    private final CoppiceCli cli;
    private final String name;
    private final Path manifest;
    private final Path folder;
    private final Map<String, Memory> arenas = new HashMap<>();
    private Board board;
    private Object boardKey;

    TestTree(final TestArea area, final TestManifest manifest) {
        this(area.cli(), area.runFolder(), manifest.tree(), manifest.write(area.files()));
    }

    TestTree(
            final CoppiceCli cli,
            final Path runFolder,
            final String name,
            final Path manifestFile) {
        this.cli = cli;
        this.name = name;
        this.manifest = manifestFile;
        this.folder = runFolder.resolve(name);
    }

    CoppiceCli cli() {
        return cli;
    }

    Path folder() {
        return folder;
    }

    /** Starts {@code coppice run} with options. */
    CoppiceCli.Running start(final String... options) {
        final List<String> arguments = new ArrayList<>(List.of("run", manifest.toString()));
        arguments.addAll(List.of(options));
        return cli.start(arguments.toArray(String[]::new));
    }

    /** Starts the tree and returns when every daemon is ready. */
    TestTree up(final String... options) {
        final List<String> arguments = new ArrayList<>(List.of("--detach"));
        arguments.addAll(List.of(options));
        final CoppiceCli.Result result = start(arguments.toArray(String[]::new)).await();
        assertEquals(0, result.exitCode(), result::toString);
        return this;
    }

    /** Stops the tree and returns when root has ended. */
    void stop() {
        final CoppiceCli.Result result = cli.run("stop", name);
        assertEquals(0, result.exitCode(), result::toString);
    }

    /** Returns the board, the newest where a root has made a new one. */
    Board board() {
        try {
            final Path file = folder.resolve(Board.FILE);
            final Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            if (!key.equals(boardKey)) {
                board = Board.open(folder);
                boardKey = key;
            }
            return board;
        } catch (final IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /** Returns whether there is a board that can be read. */
    boolean hasBoard() {
        try {
            return board() != null;
        } catch (final UncheckedIOException | IllegalArgumentException notYet) {
            return false;
        } catch (final io.coppice.pool.ArenaException notWhole) {
            return false;
        }
    }

    TreeState treeState() {
        return board().treeState();
    }

    long rootPid() {
        return board().rootPid();
    }

    DaemonPlan plan(final String daemon) {
        return board().plan().daemon(daemon);
    }

    DaemonState state(final String daemon) {
        return board().state(plan(daemon).slot());
    }

    long word(final String daemon, final BoardWord word) {
        return board().word(plan(daemon).slot(), word);
    }

    long pid(final String daemon) {
        return word(daemon, BoardWord.PID);
    }

    long epoch(final String daemon) {
        return word(daemon, BoardWord.EPOCH);
    }

    long restarts(final String daemon) {
        return word(daemon, BoardWord.RESTARTS);
    }

    ExitClass lastExit(final String daemon) {
        return ExitClass.of(word(daemon, BoardWord.EXIT_CLASS));
    }

    /** Returns what the daemon shows as its progress; a counter shows its count. */
    long progress(final String daemon) {
        return arena(daemon).getLong(ArenaLayout.PROGRESS_DONE);
    }

    WorkerState worker(final String daemon, final String pool, final int number) {
        return WorkerState.of(arena(daemon).getLongAcquire(slot(daemon, pool, number)));
    }

    long workerPid(final String daemon, final String pool, final int number) {
        return arena(daemon).getLong(slot(daemon, pool, number) + PoolLayout.SLOT_PID);
    }

    /** Returns what the daemon's processes have printed. */
    String log(final String daemon) {
        try {
            return Files.readString(
                    folder.resolve("log").resolve(daemon + ".log"), StandardCharsets.UTF_8);
        } catch (final IOException missing) {
            return "";
        }
    }

    /** Kills the daemon as the kernel's out-of-memory killer would. */
    void killDaemon(final String daemon) {
        kill(pid(daemon));
    }

    /** Sends SIGKILL. */
    static void kill(final long pid) {
        if (pid <= 1 || !OperatingSystem.current().signal(pid, Signals.KILL)) {
            throw new AssertionError("there is no process " + pid + " to kill");
        }
    }

    void awaitState(final String daemon, final DaemonState state) {
        Waiting.until(daemon + " is " + state, () -> hasBoard() && state(daemon) == state);
    }

    /** Waits until a daemon's incarnation of this number, or a later one, is ready. */
    void awaitReady(final String daemon, final long epoch) {
        Waiting.until(
                daemon + " is ready in epoch " + epoch,
                () -> hasBoard() && epoch(daemon) >= epoch && state(daemon) == DaemonState.READY);
    }

    /** Waits until a daemon is ready and its standby warm; returns the standby's pid. */
    long awaitWarmStandby(final String daemon) {
        Waiting.until(
                daemon + " has a warm standby",
                () ->
                        hasBoard()
                                && state(daemon) == DaemonState.READY
                                && StandbyState.of(word(daemon, BoardWord.STANDBY_STATE))
                                        == StandbyState.WARM);
        return word(daemon, BoardWord.STANDBY_PID);
    }

    void awaitProgress(final String daemon, final long least) {
        Waiting.until(daemon + " has done " + least, () -> progress(daemon) >= least);
    }

    void awaitDeath(final long pid) {
        Waiting.until("process " + pid + " is gone", () -> !isAlive(pid));
    }

    /** Returns whether a process lives; one that has ended and was not reaped yet does not. */
    static boolean isAlive(final long pid) {
        try {
            final String stat =
                    Files.readString(
                            Path.of("/proc", Long.toString(pid), "stat"),
                            StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (final IOException goneOrNoProc) {
            return !Files.isDirectory(Path.of("/proc/self"))
                    && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
    }

    private long slot(final String daemon, final String pool, final int number) {
        final DaemonPlan plan = plan(daemon);
        final var poolPlan =
                plan.pools().stream().filter(each -> each.name().equals(pool)).findFirst();
        return ArenaPlan.pool(plan, pool).offset()
                + PoolLayout.of(poolPlan.orElseThrow()).slot(number)
                + PoolLayout.SLOT_STATE;
    }

    private Memory arena(final String daemon) {
        return arenas.computeIfAbsent(
                daemon, each -> MappedFile.readOnly(folder.resolve(plan(each).arenaFile())));
    }
}
