package io.coppice.examples.catalog.extract;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/**
 * Decides whether a name may be opened at all.
 *
 * <p>Opening a FIFO waits for a writer and opening a device may do anything, so the kind of a file is looked up first and
 * nothing but a regular file is opened.
 */
final class RegularFile {
    private static final int MODE_KIND_MASK = 0170000;
    private static final Map<Integer, String> KINDS =
            Map.of(
                    0010000, "a FIFO",
                    0020000, "a character device",
                    0060000, "a block device",
                    0140000, "a socket");

    private RegularFile() {}

    /**
     * Returns when the name leads to a regular file, directly or through symbolic links.
     *
     * @throws NotADocumentException if it leads to anything else or to nothing
     * @throws IOException if the kind of the file cannot be looked up
     */
    static void require(Path file) throws IOException {
        BasicFileAttributes own = attributes(file, LinkOption.NOFOLLOW_LINKS);
        boolean link = own.isSymbolicLink();
        BasicFileAttributes target = link ? throughLink(file) : own;
        if (target.isRegularFile()) {
            return;
        }
        if (target.isDirectory()) {
            throw new NotADocumentException(
                    link ? "symbolic link to a directory is not followed" : "a directory");
        }
        throw new NotADocumentException((link ? "symbolic link to " : "") + kind(file));
    }

    private static BasicFileAttributes throughLink(Path file) throws IOException {
        try {
            return attributes(file);
        } catch (NoSuchFileException e) {
            throw new NotADocumentException("dangling symbolic link");
        } catch (FileSystemException e) {
            if (e.getReason() != null && e.getClass() == FileSystemException.class) {
                // The JDK has no type of its own for ELOOP, and its text depends on the locale.
                throw new NotADocumentException("symbolic link cannot be resolved");
            }
            throw e;
        }
    }

    private static BasicFileAttributes attributes(Path file, LinkOption... options)
            throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, options);
    }

    private static String kind(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return "not a regular file";
        }
        int mode = (Integer) Files.getAttribute(file, "unix:mode");
        return KINDS.getOrDefault(mode & MODE_KIND_MASK, "not a regular file");
    }
}
