package io.coppice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The service that other supervisors keep running: as small as a program can be, so that what is
 * measured is theirs. A C program where there is a compiler, which says itself when it began; else
 * a shell script, of which the bench says when it heard from it.
 *
 * <p>It writes a line {@code PID NS} or {@code PID} into a fifo, then a line feed to descriptor 3
 * where that is wanted (s6 takes that for readiness), and waits for ever.
 */
final class PeerService {
    private static final String C =
            """
            #include <fcntl.h>
            #include <stdio.h>
            #include <string.h>
            #include <sys/wait.h>
            #include <time.h>
            #include <unistd.h>

            static void supervise(char **argv) {
                char *command[] = {argv[0], argv[1], "plain", NULL};
                for (;;) {
                    pid_t pid = fork();
                    if (pid == 0) {
                        execv(command[0], command);
                        _exit(127);
                    }
                    if (pid < 0 || waitpid(pid, NULL, 0) < 0) {
                        _exit(1);
                    }
                }
            }

            int main(int argc, char **argv) {
                struct timespec now;
                clock_gettime(CLOCK_MONOTONIC, &now);
                if (argc != 3) {
                    return 64;
                }
                if (strcmp(argv[2], "supervise") == 0) {
                    supervise(argv);
                }
                char line[64];
                int length = snprintf(line, sizeof line, "%ld %lld\\n", (long) getpid(),
                                      now.tv_sec * 1000000000LL + now.tv_nsec);
                int fifo = open(argv[1], O_WRONLY | O_CLOEXEC);
                if (fifo < 0 || write(fifo, line, length) != length) {
                    return 1;
                }
                if (strcmp(argv[2], "ready") == 0 && write(3, "\\n", 1) != 1) {
                    return 1;
                }
                for (;;) {
                    pause();
                }
            }
            """;

    private static final String SHELL =
            """
            #!/bin/sh
            if [ "$2" = supervise ]; then
                while :; do "$0" "$1" plain; done
            fi
            echo $$ >"$1"
            if [ "$2" = ready ]; then echo >&3; fi
            exec sleep 2147483
            """;

    private final Path program;
    private final boolean isCompiled;

    private PeerService(final Path program, final boolean isCompiled) {
        this.program = program;
        this.isCompiled = isCompiled;
    }

    static PeerService in(final Scratch scratch) throws IOException {
        final Path compiled = CProgram.compile(scratch, "service", C);
        return compiled == null
                ? new PeerService(script(scratch.file("service.sh"), SHELL), false)
                : new PeerService(compiled, true);
    }

    /** Writes a file that can be run. */
    static Path script(final Path file, final String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    /** Returns what kind of program it is, for people. */
    String kind() {
        return isCompiled ? "a C program" : "a shell script, since there is no cc";
    }

    /**
     * Returns the command line.
     *
     * @param how {@code plain}; {@code ready}, which says so on descriptor 3; {@code supervise},
     *     which starts itself again and again
     */
    List<String> command(final Path fifo, final String how) {
        return List.of(program.toString(), fifo.toString(), how);
    }
}
