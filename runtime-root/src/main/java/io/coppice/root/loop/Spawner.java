package io.coppice.root.loop;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts the processes of daemons, always from root's one thread: a parent-death signal is tied to
 * the thread that spawned. Their stdin is empty, and their stdout and stderr are files, so that
 * nothing a child does can block root. Tests put processes of their own in its place.
 */
class Spawner {
    /** Folder of the logs in the run directory. */
    static final String LOG_FOLDER = "log";

    /** A log that has grown beyond this is begun anew with the next incarnation. */
    private static final long LOG_BYTES_MAX = 1 << 20;

    private final Path runDirectory;

    Spawner(final Path runDirectory) {
        this.runDirectory = runDirectory;
    }

    /**
     * Starts an incarnation of a daemon.
     *
     * @throws IOException where the system cannot start a process now
     */
    Process spawn(final DaemonSlot daemon) throws IOException {
        final List<String> command = new ArrayList<>(daemon.plan().command());
        command.add(runDirectory.toString());
        command.add(Integer.toString(daemon.slot()));
        command.add(Long.toString(daemon.epoch()));
        command.add(Long.toString(ProcessHandle.current().pid()));
        final File log =
                runDirectory.resolve(LOG_FOLDER).resolve(daemon.plan().name() + ".log").toFile();
        if (!Files.isRegularFile(log.toPath(), LinkOption.NOFOLLOW_LINKS)) {
            // A child may have put a fifo there, on which root would wait, or a link to elsewhere.
            Files.deleteIfExists(log.toPath());
        }
        return new ProcessBuilder(command)
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectOutput(
                        log.length() > LOG_BYTES_MAX ? Redirect.to(log) : Redirect.appendTo(log))
                .redirectErrorStream(true)
                .start();
    }
}
