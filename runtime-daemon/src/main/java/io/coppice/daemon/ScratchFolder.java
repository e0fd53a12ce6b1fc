package io.coppice.daemon;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A worker's folder for temporary files. Libraries leave files there when their process is killed,
 * so the folder is emptied before the next worker gets it.
 */
final class ScratchFolder {
    private ScratchFolder() {}

    /** Returns the folder, there and empty. */
    static Path emptied(final Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            Files.walkFileTree(folder, new Remover(folder));
        }
        return Files.createDirectories(folder);
    }

    /** Removes all but the folder itself; links are removed, never followed. */
    private static final class Remover extends SimpleFileVisitor<Path> {
        private final Path kept;

        Remover(final Path kept) {
            this.kept = kept;
        }

        @Override
        public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes)
                throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(final Path folder, final IOException unread)
                throws IOException {
            if (!folder.equals(kept)) {
                Files.deleteIfExists(folder);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
