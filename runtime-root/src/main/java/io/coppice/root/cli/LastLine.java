package io.coppice.root.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What a process said last. */
final class LastLine {
    private static final int TAIL_BYTES = 8192;

    private LastLine() {}

    /** Returns the last line of a log that is no stack frame; or where to look. */
    static String of(final Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            final byte[] tail = new byte[(int) Math.min(TAIL_BYTES, file.length())];
            file.seek(file.length() - tail.length);
            file.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8)
                    .lines()
                    .filter(
                            line ->
                                    !line.isBlank()
                                            && !line.startsWith("\t")
                                            && !line.startsWith("Caused by"))
                    .reduce((earlier, later) -> later)
                    .orElse("nothing");
        } catch (final IOException unreadable) {
            return "(its log cannot be read: " + unreadable.getMessage() + ")";
        }
    }
}
