package io.coppice.root.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Where the ahead-of-time caches of the JDK lie that let child processes start faster. A cache is
 * named after everything it depends on (the JDK, the options, the jars with their sizes and times),
 * so a changed jar asks for another file and an old one is never used. A tree runs as well without
 * any.
 */
final class StartCaches {
    /**
     * Environment variable: {@code off} neither makes nor uses caches; anything else is the folder
     * for them.
     */
    static final String VARIABLE = "COPPICE_AOT";

    private static final int KEY_DIGITS = 16;

    private final Path folder;

    StartCaches() {
        final String configured = System.getenv(VARIABLE);
        final String home = System.getProperty(Coppice.HOME_PROPERTY);
        if ("off".equals(configured) || configured == null && home == null) {
            this.folder = null;
        } else {
            this.folder = configured == null ? Path.of(home, "target", "aot") : Path.of(configured);
        }
    }

    boolean isOff() {
        return folder == null;
    }

    Path folder() {
        return folder;
    }

    /** Returns the file for a kind of process; it need not be there. */
    Path file(final String kind, final List<String> options, final List<Path> classpath) {
        return folder.resolve(kind + "-" + key(options, classpath) + ".aot");
    }

    /**
     * Returns the file that {@code bin/coppice} uses for the command line itself, whatever it was
     * made for: the shell that starts it has no time to look at jars, and the JVM passes over a
     * cache of others.
     */
    Path commandLineFile() {
        return folder.resolve("cli.aot");
    }

    /** Returns the option that uses a cache, or none where it is not there. */
    static List<String> use(final Path cache) {
        return cache != null && Files.isReadable(cache)
                ? List.of("-XX:AOTCache=" + cache)
                : List.of();
    }

    private static String key(final List<String> options, final List<Path> classpath) {
        final MessageDigest digest = sha256();
        update(digest, System.getProperty("java.home") + System.getProperty("java.vm.version"));
        for (final String option : options) {
            update(digest, option);
        }
        for (final Path jar : classpath) {
            update(digest, jar + "|" + stamp(jar));
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, KEY_DIGITS);
    }

    private static String stamp(final Path jar) {
        try {
            return Files.size(jar) + "|" + Files.getLastModifiedTime(jar).toMillis();
        } catch (final IOException unreadable) {
            return "unreadable";
        }
    }

    private static void update(final MessageDigest digest, final String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}
