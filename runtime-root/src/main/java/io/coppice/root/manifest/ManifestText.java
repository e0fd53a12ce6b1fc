package io.coppice.root.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads a manifest file into text, or says in one line why that cannot be done. */
final class ManifestText {
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private ManifestText() {}

    /**
     * The file's text without a byte order mark, which some editors write and which means nothing.
     */
    static String read(final Path file, final String source) throws ManifestException {
        if (Files.notExists(file)) {
            throw refuse(
                    source,
                    "the file does not exist",
                    "correct the path; conf/catalog.json is an example");
        }
        if (Files.isDirectory(file)) {
            throw refuse(source, "is a folder", "name the manifest file in it");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw refuse(source, "is not a regular file", "copy the manifest into a file");
        }
        final byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(ManifestLimits.FILE_BYTES_MAX + 1);
        } catch (final AccessDeniedException denied) {
            throw refuse(
                    source,
                    "the file cannot be read: permission denied",
                    "make it readable for " + Quoted.bare(System.getProperty("user.name")));
        } catch (final IOException failed) {
            throw refuse(
                    source,
                    "the file cannot be read: "
                            + Quoted.bareCut(String.valueOf(failed.getMessage())),
                    "check the disk and the path");
        }
        if (bytes.length > ManifestLimits.FILE_BYTES_MAX) {
            throw refuse(
                    source,
                    "the file is larger than " + Sizes.format(ManifestLimits.FILE_BYTES_MAX),
                    "check that it is a manifest");
        }
        return decode(bytes, source);
    }

    private static String decode(final byte[] bytes, final String source) throws ManifestException {
        final String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (final CharacterCodingException malformed) {
            throw refuse(source, "the file is not UTF-8 text", "save it as UTF-8");
        }
        final String json =
                !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        if (json.isBlank()) {
            throw refuse(
                    source,
                    "the file is empty",
                    "write a manifest; conf/catalog.json is an example");
        }
        return json;
    }

    private static ManifestException refuse(
            final String source, final String problem, final String cure) {
        return new ManifestException(List.of(new ManifestError(source, "", problem, cure)));
    }
}
