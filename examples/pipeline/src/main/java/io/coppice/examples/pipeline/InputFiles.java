package io.coppice.examples.pipeline;

import io.coppice.daemon.DoNotRestartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The regular files of a folder, in the order of their names. They must stay as they are until all
 * is read: a position means something only in the files it was taken in.
 */
final class InputFiles {
    private static final int FILES_MAX = 10_000;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final List<Path> files;
    private final long bytes;
    private final long fingerprint;

    private InputFiles(final List<Path> files, final long bytes, final long fingerprint) {
        this.files = files;
        this.bytes = bytes;
        this.fingerprint = fingerprint;
    }

    /**
     * Lists a folder, without those in it.
     *
     * @throws DoNotRestartException where it is none, or has no files, or too many
     */
    static InputFiles of(final Path folder) {
        final List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (final Path entry : entries) {
                if (Files.isRegularFile(entry)) {
                    files.add(entry);
                }
            }
            if (files.isEmpty() || files.size() > FILES_MAX) {
                throw new DoNotRestartException(
                        folder
                                + ": has "
                                + files.size()
                                + " files, and 1 to "
                                + FILES_MAX
                                + " can be read; name another folder in the setting \"input\"");
            }
            files.sort(null);
            long bytes = 0;
            long hash = FNV_OFFSET;
            for (final Path file : files) {
                final String entry = file.getFileName() + "\0" + Files.size(file) + "\0";
                for (final byte each : entry.getBytes(StandardCharsets.UTF_8)) {
                    hash = (hash ^ each & 0xff) * FNV_PRIME;
                }
                bytes += Files.size(file);
            }
            return new InputFiles(List.copyOf(files), bytes, hash == 0 ? 1 : hash);
        } catch (final IOException refused) {
            throw new DoNotRestartException(
                    folder
                            + ": cannot be read ("
                            + refused
                            + "); name a folder of text files in the setting \"input\"");
        }
    }

    int count() {
        return files.size();
    }

    Path file(final int index) {
        return files.get(index);
    }

    /** Returns how long all of them are together. */
    long bytes() {
        return bytes;
    }

    /** Returns a number that others have only by chance: of all names and sizes, never 0. */
    long fingerprint() {
        return fingerprint;
    }
}
