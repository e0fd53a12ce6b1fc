package io.coppice.examples.catalog.extract;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;
import org.apache.commons.io.TaggedIOException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.sax.TaggedSAXException;
import org.xml.sax.SAXException;

/**
 * Makes one line of a failure, leaving out what changes from run to run or from machine to machine: folders, names of
 * temporary files, identity hash codes.
 */
final class FailureDescription {
    /** The longest description in UTF-16 units. */
    static final int CHARS_MAX = 500;

    private static final int CAUSES_MAX = 20;
    private static final Pattern TEMPORARY_FILE =
            Pattern.compile("(?:/[^\\s/:]+)*/?apache-tika-[\\w.-]+");
    private static final Pattern FOLDERS = Pattern.compile("(?<![\\w:/])/(?:[^\\s/:'\"<>]+/)+");
    private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{1,8}\\b");

    private FailureDescription() {}

    static String of(Throwable failure) {
        Throwable cause = informative(failure);
        String name = cause.getClass().getSimpleName();
        String message = message(cause);
        if (message == null || message.isBlank()) {
            return name;
        }
        return Text.cut(name + ": " + stable(message), CHARS_MAX);
    }

    /** Follows the wrappings of Tika, which name a parser, to what the parser said. */
    private static Throwable informative(Throwable failure) {
        Throwable current = failure;
        for (int i = 0; i < CAUSES_MAX; i++) {
            Throwable cause = current.getCause();
            if (!isWrapper(current) || cause == null || cause == current) {
                return current;
            }
            current = cause;
        }
        return current;
    }

    private static boolean isWrapper(Throwable failure) {
        return failure instanceof TikaException
                || failure instanceof TaggedSAXException
                || failure instanceof TaggedIOException
                || failure.getClass() == SAXException.class;
    }

    private static String message(Throwable failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof FileSystemException e) {
            return e.getReason();
        }
        return failure.getMessage();
    }

    private static String stable(String message) {
        String text = TEMPORARY_FILE.matcher(message.strip()).replaceAll("temporary file");
        text = FOLDERS.matcher(text).replaceAll("");
        return IDENTITY.matcher(text).replaceAll("");
    }
}
