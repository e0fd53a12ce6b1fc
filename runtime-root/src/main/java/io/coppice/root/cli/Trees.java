package io.coppice.root.cli;

import io.coppice.pool.plan.DaemonPlan;
import io.coppice.root.loop.RunDirectory;
import io.coppice.root.manifest.Nearest;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the trees and daemons that commands name. */
final class Trees {
    private Trees() {}

    /** Returns every tree of this user that has a board, living or not. */
    static List<TreeView> all() {
        final Path base = RunDirectory.base();
        final List<TreeView> views = new ArrayList<>();
        for (final String name : RunDirectory.trees(base)) {
            TreeView.open(RunDirectory.of(base, name)).ifPresent(views::add);
        }
        return views;
    }

    /** Returns the tree of a name; without a name the only one that runs. */
    static TreeView find(final String name) {
        final List<TreeView> views = all();
        if (name == null) {
            final List<TreeView> living = views.stream().filter(TreeView::isRootAlive).toList();
            if (living.size() == 1) {
                return living.get(0);
            }
            throw new CommandFailure(
                    living.isEmpty() ? ExitStatus.NO_SUCH_TREE : ExitStatus.USAGE,
                    living.isEmpty()
                            ? "no tree runs below "
                                    + RunDirectory.base()
                                    + "; start one with \"coppice run MANIFEST\""
                            : "several trees run, name one: " + names(living));
        }
        for (final TreeView view : views) {
            if (view.name().equals(name)) {
                return view;
            }
        }
        throw missing(name, RunDirectory.base(), views.stream().map(TreeView::name).toList());
    }

    /** Returns the refusal of a name that no tree has. */
    static CommandFailure missing(final String name, final Path base, final List<String> trees) {
        return isHidden(name, base)
                ? new CommandFailure(
                        ExitStatus.OS_REFUSED,
                        "tree \""
                                + name
                                + "\" is another user's: this one may not look into "
                                + base.resolve(name)
                                + "; ask as the user who runs it")
                : new CommandFailure(
                        ExitStatus.NO_SUCH_TREE,
                        "there is no tree \""
                                + name
                                + "\" below "
                                + base
                                + "; "
                                + nearest(name, trees));
    }

    /** Returns whether there is a folder of that name that is closed to this user. */
    private static boolean isHidden(final String name, final Path base) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(base)) {
            for (final Path entry : entries) {
                if (entry.getFileName().toString().equals(name)) {
                    return Files.isDirectory(entry) && !Files.isExecutable(entry);
                }
            }
        } catch (final IOException | DirectoryIteratorException unreadable) {
            return false;
        }
        return false;
    }

    /** Returns the tree of a name whose root lives. */
    static TreeView findLiving(final String name) {
        final TreeView view = find(name);
        if (!view.isRootAlive()) {
            throw new CommandFailure(
                    ExitStatus.NO_SUCH_TREE,
                    "tree \""
                            + view.name()
                            + "\" does not run; start it with \"coppice run MANIFEST\"");
        }
        return view;
    }

    /** Splits {@code TREE/DAEMON}. */
    static String[] split(final String name) {
        final int slash = name.indexOf('/');
        if (slash <= 0 || slash == name.length() - 1) {
            throw new CommandFailure(
                    ExitStatus.USAGE, "\"" + name + "\" is not TREE/DAEMON, as in catalog/scan");
        }
        return new String[] {name.substring(0, slash), name.substring(slash + 1)};
    }

    /** Returns the daemon of a name. */
    static DaemonPlan daemon(final TreeView view, final String name) {
        final DaemonPlan daemon = view.plan().daemon(name);
        if (daemon == null) {
            final List<String> names =
                    view.plan().daemons().stream().map(DaemonPlan::name).toList();
            throw new CommandFailure(
                    ExitStatus.NO_SUCH_TREE,
                    "tree \""
                            + view.name()
                            + "\" has no daemon \""
                            + name
                            + "\"; "
                            + nearest(name, names));
        }
        return daemon;
    }

    private static String nearest(final String name, final List<String> names) {
        if (names.isEmpty()) {
            return "there is none at all";
        }
        return Nearest.of(name, names)
                .map(near -> "did you mean \"" + near + "\"?")
                .orElse("there is " + String.join(", ", names));
    }

    private static String names(final List<TreeView> views) {
        return String.join(", ", views.stream().map(TreeView::name).toList());
    }
}
