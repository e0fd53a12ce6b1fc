package io.coppice.root.loop;

import io.coppice.os.OsException;
import java.nio.file.Path;
import java.util.List;

/**
 * The process of root.
 *
 * <ol>
 *   <li>It leaves the terminal's session and takes the lock that only one living root can hold.
 *   <li>It ends what an earlier root left alive and the plan has no place for.
 *   <li>It lays the arenas, the bells, the mailbox and the board, or goes on with those that are
 *       there.
 *   <li>It adopts the daemons that live.
 *   <li>It runs its loop until the tree has ended.
 * </ol>
 */
public final class RootMain {
    /** Exit code: everything ended as it should. */
    public static final int EXIT_DONE = 0;

    /** Exit code: a mistake of ours. */
    public static final int EXIT_BUG = 70;

    /** Exit code: the operating system refused something. */
    public static final int EXIT_OS = 71;

    /** Exit code: another root lives in this run directory. */
    public static final int EXIT_ALREADY_RUNNING = 75;

    /**
     * Argument: a tree that was being stopped when its root died is stopped. Without it, it is run.
     */
    public static final String GO_ON = "go-on";

    /** Argument: the parent is a guard, which starts root again when it is killed. */
    public static final String GUARDED = "guarded";

    private RootMain() {}

    /**
     * Runs root.
     *
     * @param args folder of the tree, file of the plan, {@link #GUARDED} where a guard starts it,
     *     and {@link #GO_ON} where it does so again
     */
    public static void main(final String[] args) {
        int status = EXIT_BUG;
        try {
            final List<String> options = List.of(args).subList(2, args.length);
            status =
                    new RootLife(
                                    RunDirectory.at(Path.of(args[0])),
                                    Path.of(args[1]),
                                    options.contains(GO_ON),
                                    options.contains(GUARDED) ? GuardMain.pid() : 0)
                            .run();
        } catch (final StartException | OsException refused) {
            System.err.println("coppice: " + refused.getMessage());
            status = EXIT_OS;
        } catch (final Throwable failure) {
            failure.printStackTrace();
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }
}
