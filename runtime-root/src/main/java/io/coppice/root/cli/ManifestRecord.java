package io.coppice.root.cli;

import io.coppice.root.loop.RunDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Which manifest a tree runs, and with which values of {@code --set}: a file of its run directory,
 * for the next reload. Texts that end with a zero byte, since a path may have lines.
 *
 * @param manifest absolute path
 * @param overrides in their order
 */
record ManifestRecord(Path manifest, List<String> overrides) {
    private static final String FILE = "manifest";
    private static final String END = "\0";

    /** Puts the record in place of an earlier one, whole. */
    void write(final RunDirectory directory) throws IOException {
        final List<String> texts = new ArrayList<>();
        texts.add(manifest.toAbsolutePath().toString());
        texts.addAll(overrides);
        final Path file = directory.path().resolve(FILE);
        final Path draft = file.resolveSibling(FILE + "-" + ProcessHandle.current().pid());
        Files.writeString(draft, String.join(END, texts) + END, StandardCharsets.UTF_8);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Returns the record of a tree, or null where there is none. */
    static ManifestRecord read(final RunDirectory directory) throws IOException {
        try {
            final String text =
                    Files.readString(directory.path().resolve(FILE), StandardCharsets.UTF_8);
            // The last of them is what comes after the last end: nothing.
            final List<String> texts = List.of(text.split(END, -1));
            return new ManifestRecord(
                    Path.of(texts.get(0)), List.copyOf(texts.subList(1, texts.size() - 1)));
        } catch (final NoSuchFileException none) {
            return null;
        }
    }
}
