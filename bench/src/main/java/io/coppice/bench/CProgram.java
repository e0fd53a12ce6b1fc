package io.coppice.bench;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Programs in C that are compiled where the bench runs. */
final class CProgram {
    private static final String COMPILER = "cc";
    private static final long COMPILE_S = 60;

    private CProgram() {}

    /**
     * Compiles one.
     *
     * @param name of the program's file, which is unique in the scratch folder
     * @param source all of it, for GNU C with POSIX threads
     * @return the program, or null where there is no compiler, or it takes too long or refuses
     */
    static Path compile(final Scratch scratch, final String name, final String source)
            throws IOException {
        if (OnPath.find(COMPILER) == null) {
            return null;
        }
        final Path program = scratch.file(name);
        final Path file = scratch.file(name + ".c");
        Files.writeString(file, source);
        final Process compiler =
                scratch.start(
                        new ProcessBuilder(
                                        COMPILER,
                                        "-O2",
                                        "-pthread",
                                        "-o",
                                        program.toString(),
                                        file.toString())
                                .redirectInput(Redirect.from(new File("/dev/null")))
                                .redirectErrorStream(true)
                                .redirectOutput(scratch.file(name + ".out").toFile()));
        try {
            return compiler.waitFor(COMPILE_S, TimeUnit.SECONDS) && compiler.exitValue() == 0
                    ? program
                    : null;
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
