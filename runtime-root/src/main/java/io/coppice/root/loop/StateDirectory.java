package io.coppice.root.loop;

import io.coppice.pool.plan.DaemonPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where arenas on disk lie: {@code $COPPICE_STATE/TREE}, else in the place that the XDG Base
 * Directory Specification has for state, {@code ~/.local/state/coppice/TREE}.
 */
public final class StateDirectory {
    /** Environment variable that names the base. */
    public static final String BASE_VARIABLE = "COPPICE_STATE";

    private static final String XDG_VARIABLE = "XDG_STATE_HOME";

    private StateDirectory() {}

    /** Returns the base for this user, there or not. */
    public static Path base() {
        final String configured = System.getenv(BASE_VARIABLE);
        if (configured != null && !configured.isEmpty()) {
            return Path.of(configured).toAbsolutePath().normalize();
        }
        final String xdg = System.getenv(XDG_VARIABLE);
        // A relative path there is to be ignored, says the specification.
        final Path state =
                xdg != null && xdg.startsWith("/")
                        ? Path.of(xdg)
                        : Path.of(System.getProperty("user.home"), ".local", "state");
        return state.resolve("coppice").toAbsolutePath().normalize();
    }

    /** Returns the folder of a tree, there or not. */
    public static Path of(final String tree) {
        return base().resolve(tree);
    }

    /** Returns the names of the trees that have arenas on disk. */
    public static List<String> trees() {
        final List<String> names = new ArrayList<>();
        if (Files.isDirectory(base())) {
            try (DirectoryStream<Path> folders =
                    Files.newDirectoryStream(base(), folder -> isUsed(folder))) {
                folders.forEach(folder -> names.add(folder.getFileName().toString()));
            } catch (final IOException refused) {
                throw new UncheckedIOException(base() + ": " + refused.getMessage(), refused);
            }
        }
        return names;
    }

    private static boolean isUsed(final Path folder) throws IOException {
        return !arenas(folder).isEmpty() || !QuarantinedArenas.in(folder).isEmpty();
    }

    /** Returns the arenas in a tree's folder; none where it does not exist. */
    public static List<Path> arenas(final Path folder) throws IOException {
        final List<Path> arenas = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(folder, "*" + DaemonPlan.ARENA_SUFFIX)) {
                files.forEach(arenas::add);
            }
        }
        return arenas;
    }
}
