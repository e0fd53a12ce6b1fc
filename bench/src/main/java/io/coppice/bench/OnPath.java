package io.coppice.bench;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks for programs. */
final class OnPath {
    private static final String SYSTEM = "/usr/sbin" + File.pathSeparator + "/sbin";

    private OnPath() {}

    /** Returns the file of a program, null where there is none; also where only root looks. */
    static Path find(final String program) {
        final String path = System.getenv("PATH");
        final String all = (path == null ? "" : path) + File.pathSeparator + SYSTEM;
        for (final String folder : all.split(File.pathSeparator, -1)) {
            final Path file = Path.of(folder.isEmpty() ? "." : folder).resolve(program);
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                return file;
            }
        }
        return null;
    }
}
