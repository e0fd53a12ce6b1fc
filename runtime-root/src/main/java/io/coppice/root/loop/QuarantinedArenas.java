package io.coppice.root.loop;

import io.coppice.pool.plan.DaemonPlan;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The names of arenas that were set aside: {@code NAME.arena.quarantined}, then the same with
 * {@code .2} and {@code .3}, beside the arena. More are not kept, since each takes as much room as
 * the arena; nothing but {@code coppice clean} and people remove one.
 */
public final class QuarantinedArenas {
    /** How many of one daemon are kept. */
    public static final int MOST = 3;

    private static final String SUFFIX = ".quarantined";

    private QuarantinedArenas() {}

    /** Returns those of a daemon, the oldest first; absolute paths. */
    public static List<Path> of(final DaemonPlan daemon, final Path runDirectory) {
        final Path arena =
                (daemon.isOnDisk() ? Path.of(daemon.stateFolder()) : runDirectory)
                        .resolve(daemon.arenaFile());
        final List<Path> there = new ArrayList<>();
        for (int number = 1; number <= MOST; number++) {
            if (Files.exists(name(arena, number))) {
                there.add(name(arena, number));
            }
        }
        return there;
    }

    /** Returns those in a folder, sorted; none where it does not exist. */
    public static List<Path> in(final Path folder) throws IOException {
        final List<Path> there = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(
                            folder, "*.arena{" + SUFFIX + "," + SUFFIX + ".[23]}")) {
                files.forEach(there::add);
            }
        }
        Collections.sort(there);
        return there;
    }

    /** Returns the first name that is free, or null where as many are kept as may be. */
    static Path freeName(final Path arena) {
        for (int number = 1; number <= MOST; number++) {
            if (!Files.exists(name(arena, number))) {
                return name(arena, number);
            }
        }
        return null;
    }

    private static Path name(final Path arena, final int number) {
        return arena.resolveSibling(
                arena.getFileName() + SUFFIX + (number == 1 ? "" : "." + number));
    }
}
