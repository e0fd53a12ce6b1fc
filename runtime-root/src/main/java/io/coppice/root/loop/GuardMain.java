package io.coppice.root.loop;

import io.coppice.os.OperatingSystem;
import io.coppice.os.SignalHandler;
import io.coppice.os.Signals;
import io.coppice.pool.ArenaException;
import io.coppice.pool.board.Board;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The process above root: starts it, and starts it again when it ends otherwise than in order, at
 * once the first time, then after delays that double. It knows nothing of the tree but root's pid
 * on the board, and maps nothing that a child writes. Where it is killed itself the tree goes on
 * without it.
 *
 * <p>It is no subreaper: daemons whose root died are reaped by init, and the next root has the
 * kernel's word of their deaths without being their parent.
 */
public final class GuardMain {
    /** Delay before the second start in a row, in nanoseconds. */
    private static final long DELAY_NS_MIN = 100_000_000L;

    private static final long DELAY_NS_MAX = 5_000_000_000L;

    /** A root that lived this long begins the delays anew, in nanoseconds. */
    private static final long STABLE_NS = 10_000_000_000L;

    private static final long LOOK_MS = 20;

    /**
     * Length of a turn on a processor that the start of a root asks for, in nanoseconds: the
     * shortest there is. A JVM that starts is busy on all of them, and a daemon that has slept
     * until a request came is let on when the turn of whoever runs is over. Root asks for the usual
     * one once it serves.
     */
    private static final long SLICE_NS = 100_000L;

    private final RunDirectory directory;
    private final byte[] plan;
    private final List<String> rootCommand;
    private volatile boolean stopping;
    private volatile boolean ended;

    private GuardMain(
            final RunDirectory directory, final byte[] plan, final List<String> rootCommand) {
        this.directory = directory;
        this.plan = plan;
        this.rootCommand = rootCommand;
    }

    /**
     * Runs a guard; its exit code is that of the last root.
     *
     * @param args folder of the tree, file of the plan, then root's command line
     */
    public static void main(final String[] args) {
        int status = RootMain.EXIT_BUG;
        try {
            OperatingSystem.current().newSession();
            final Path planFile = Path.of(args[1]);
            final byte[] plan = Files.readAllBytes(planFile);
            Files.delete(planFile);
            final GuardMain guard =
                    new GuardMain(
                            RunDirectory.at(Path.of(args[0])),
                            plan,
                            List.of(args).subList(2, args.length));
            guard.stopInOrderOnSignals();
            // What this thread starts has the same.
            OperatingSystem.current().schedulingSlice(SLICE_NS);
            Notifier.ofEnvironment(System.getenv(), ProcessHandle.current().pid())
                    .introduce(System.nanoTime());
            status = guard.run();
        } catch (final Throwable failure) {
            failure.printStackTrace();
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }

    private int run() {
        long delayNs = 0;
        boolean again = false;
        while (true) {
            final long startedNs = System.nanoTime();
            Process root = null;
            try {
                root = start(again);
            } catch (final IOException refused) {
                System.err.println("guard: root cannot be started: " + refused.getMessage());
            }
            if (root != null) {
                again |= follow(root);
                final int status = root.exitValue();
                if (isFinal(status, again)) {
                    ended = true;
                    return status;
                }
                System.err.println(
                        "guard: root (pid " + root.pid() + ") ended with " + how(status));
            }
            final boolean meant = root != null && wasMeant(root.pid());
            delayNs = meant || System.nanoTime() - startedNs >= STABLE_NS ? 0 : delayNs;
            LockSupport.parkNanos(delayNs);
            delayNs = Math.min(DELAY_NS_MAX, Math.max(DELAY_NS_MIN, 2 * delayNs));
        }
    }

    private Process start(final boolean again) throws IOException {
        final Path draft =
                directory.path().resolve(RunDirectory.PLAN + "-" + ProcessHandle.current().pid());
        Files.write(draft, plan);
        final List<String> command = new ArrayList<>(rootCommand);
        command.add(directory.path().toString());
        command.add(draft.toString());
        command.add(RootMain.GUARDED);
        if (again) {
            command.add(RootMain.GO_ON);
        }
        return new ProcessBuilder(command)
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectOutput(Redirect.INHERIT)
                .redirectErrorStream(true)
                .start();
    }

    /** Waits for the end of a root; returns whether it has shown itself on the board. */
    private boolean follow(final Process root) {
        long asked = 0;
        long epoch = 0;
        while (!awaitEnd(root)) {
            if (epoch == 0 || stopping) {
                epoch = Math.max(epoch, shownEpoch(root.pid()));
            }
            // Before it is on the board it has no way yet to end in order. Once more where a reload
            // has begun it anew: it may have forgotten what it was asked for just before.
            if (stopping
                    && epoch != asked
                    && OperatingSystem.current().signal(root.pid(), Signals.TERM)) {
                asked = epoch;
            }
        }
        return epoch != 0 || shownEpoch(root.pid()) != 0;
    }

    private static boolean awaitEnd(final Process root) {
        try {
            return root.waitFor(LOOK_MS, TimeUnit.MILLISECONDS);
        } catch (final InterruptedException stray) {
            // Nobody interrupts a guard, and it has nothing else to do.
            return false;
        }
    }

    /** Returns the pid of the guard above this root, 0 where it is gone already. */
    static long pid() {
        final OperatingSystem os = OperatingSystem.current();
        final long parent = os.parentPid();
        return os.commandLine(parent).contains(GuardMain.class.getName()) ? parent : 0;
    }

    /** Returns whether chaos has killed a root, which says nothing against the next one. */
    private boolean wasMeant(final long pid) {
        try {
            final Board board = Board.open(directory.path());
            return board.rootPid() == pid && board.wasKilledByRoot(pid, board.rootStartTime());
        } catch (final ArenaException | IllegalArgumentException notThere) {
            return false;
        }
    }

    /** Returns the number of a root that has shown itself on the board, 0 where it has not. */
    private long shownEpoch(final long pid) {
        try {
            final Board board = Board.open(directory.path());
            return board.rootPid() == pid ? board.rootEpoch() : 0;
        } catch (final ArenaException | IllegalArgumentException notYet) {
            return 0;
        }
    }

    /**
     * An end in order is final, and so is a refusal of the first root; what has run once is run
     * again.
     */
    private static boolean isFinal(final int status, final boolean hasRun) {
        return status == RootMain.EXIT_DONE
                || status == RootMain.EXIT_ALREADY_RUNNING
                || !hasRun && Signals.ofExitStatus(status) == 0;
    }

    private static String how(final int status) {
        final int signal = Signals.ofExitStatus(status);
        return (signal == 0 ? "exit code " + status : Signals.name(signal))
                + " and is started again";
    }

    private void stopInOrderOnSignals() {
        // To the JVM it means the end, and to a guard that a terminal is gone: nothing.
        SignalHandler.on("HUP", () -> {});
        final Thread guard = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    stopping = !ended;
                                    try {
                                        guard.join();
                                    } catch (final InterruptedException impatient) {
                                        Thread.currentThread().interrupt();
                                    }
                                },
                                "stop"));
    }
}
