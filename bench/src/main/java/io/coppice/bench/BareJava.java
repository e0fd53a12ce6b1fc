package io.coppice.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The floor under every start: a JVM, tuned for a quick start, that does nothing and ends. */
final class BareJava {
    /** What its row is called. */
    static final String SUBJECT = "bare java";

    private static final String CLASS_FILE = "Nothing.class";

    private final Scratch scratch;
    private final List<String> command;

    private BareJava(final Scratch scratch, final Path classes) {
        this.scratch = scratch;
        this.command =
                List.of(
                        Commands.java(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        classes.toString(),
                        Nothing.class.getName());
    }

    /** Puts its one class into a folder of its own, since a long class path costs time as well. */
    static BareJava in(final Scratch scratch) throws IOException {
        final Path classes = scratch.file("nothing");
        final Path file =
                classes.resolve(Nothing.class.getPackageName().replace('.', '/'))
                        .resolve(CLASS_FILE);
        Files.createDirectories(file.getParent());
        try (InputStream from = BareJava.class.getResourceAsStream(CLASS_FILE)) {
            Files.copy(from, file);
        }
        return new BareJava(scratch, classes);
    }

    /** Returns nanoseconds from before the start until the end was seen. */
    long time() throws IOException {
        return Commands.time(scratch, new ProcessBuilder(command), scratch.file("bare-java.out"));
    }
}
