package io.coppice.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Makes a folder of small documents, always the same ones. */
final class DocumentFolder {
    private static final long SEED = 7;
    private static final int CHARS_MIN = 1024;
    private static final int CHARS_MAX = 16 * 1024;
    private static final int FILES_PER_FOLDER = 100;
    private static final List<String> WORDS =
            List.of(
                    "the",
                    "tree",
                    "of",
                    "a",
                    "process",
                    "which",
                    "may",
                    "die",
                    "and",
                    "its",
                    "root",
                    "remembers",
                    "what",
                    "was",
                    "kept",
                    "in",
                    "memory",
                    "until",
                    "another",
                    "one",
                    "begins",
                    "to",
                    "serve",
                    "again",
                    "from",
                    "where",
                    "it",
                    "stopped",
                    "with",
                    "no",
                    "harm",
                    "done",
                    "because",
                    "every",
                    "branch",
                    "grows",
                    "back",
                    "over",
                    "time");

    private enum Kind {
        TXT,
        HTML,
        XML,
        JSON
    }

    private DocumentFolder() {}

    /** Fills a new folder. */
    static void make(final Path folder, final int files) throws IOException {
        final SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < files; i++) {
            final Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            final Path below = folder.resolve("folder-" + i / FILES_PER_FOLDER);
            Files.createDirectories(below);
            final String name = "document-" + i;
            Files.writeString(
                    below.resolve(name + "." + extension(kind)),
                    document(kind, name, random),
                    StandardCharsets.UTF_8);
        }
    }

    private static String extension(final Kind kind) {
        switch (kind) {
            case TXT:
                return "txt";
            case HTML:
                return "html";
            case XML:
                return "xml";
            case JSON:
                return "json";
        }
        throw new AssertionError(kind);
    }

    private static String document(
            final Kind kind, final String title, final SplittableRandom random) {
        final int chars = random.nextInt(CHARS_MIN, CHARS_MAX + 1);
        final StringBuilder text = new StringBuilder(chars + CHARS_MIN);
        text.append(head(kind, title));
        while (text.length() < chars) {
            text.append(before(kind));
            sentence(text, random);
            text.append(after(kind));
        }
        return text.append(tail(kind)).toString();
    }

    private static void sentence(final StringBuilder text, final SplittableRandom random) {
        final int words = random.nextInt(8, 20);
        for (int i = 0; i < words; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
        }
        text.append('.');
    }

    private static String head(final Kind kind, final String title) {
        switch (kind) {
            case TXT:
                return "";
            case HTML:
                return "<!DOCTYPE html>\n<html><head><title>" + title + "</title></head><body>\n";
            case XML:
                return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<document>\n";
            case JSON:
                return "{\"title\": \"" + title + "\", \"text\": [\n";
        }
        throw new AssertionError(kind);
    }

    private static String before(final Kind kind) {
        switch (kind) {
            case TXT:
                return "";
            case HTML:
            case XML:
                return "<p>";
            case JSON:
                return "\"";
        }
        throw new AssertionError(kind);
    }

    private static String after(final Kind kind) {
        switch (kind) {
            case TXT:
                return "\n";
            case HTML:
            case XML:
                return "</p>\n";
            case JSON:
                return "\",\n";
        }
        throw new AssertionError(kind);
    }

    private static String tail(final Kind kind) {
        switch (kind) {
            case TXT:
                return "";
            case HTML:
                return "</body></html>\n";
            case XML:
                return "</document>\n";
            case JSON:
                return "\"\"]}\n";
        }
        throw new AssertionError(kind);
    }
}
