package io.coppice.examples.catalog.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.apache.tika.exception.TikaException;
import org.junit.jupiter.api.Test;

class FailureDescriptionTest {
    @Test
    void namesTheClassAloneWhereThereIsNoMessage() {
        assertEquals("StackOverflowError", FailureDescription.of(new StackOverflowError()));
    }

    @Test
    void followsTheWrappingsOfTikaToWhatTheParserSaid() {
        Exception parser = new IllegalStateException("bad header", new IOException("deeper"));
        Exception wrapped = new TikaException("Unexpected RuntimeException from X@1f2e3d", parser);
        assertEquals("IllegalStateException: bad header", FailureDescription.of(wrapped));
    }

    @Test
    void leavesOutFoldersAndTemporaryNamesAndHashCodes() {
        Exception failure =
                new IOException(
                        "/srv/papers/a.zip: apache-tika-83764.tmp of Parser@4f2410ac is bad");
        assertEquals(
                "IOException: a.zip: temporary file of Parser is bad",
                FailureDescription.of(failure));
    }

    @Test
    void neverNamesTheFileOfAFileSystemFailure() {
        assertEquals(
                "NoSuchFileException: no such file",
                FailureDescription.of(new NoSuchFileException("/srv/papers/my papers/a.txt")));
        assertEquals(
                "FileSystemException: Input/output error",
                FailureDescription.of(
                        new FileSystemException("/srv/papers/a.txt", null, "Input/output error")));
    }

    @Test
    void cutsBetweenCharactersAndNotWithinOne() {
        String tree = "\ud83c\udf33";
        String cut = FailureDescription.of(new IOException(tree.repeat(400)));
        assertEquals("IOException: " + tree.repeat(243), cut);
        assertEquals(
                "IOException: x" + tree.repeat(243),
                FailureDescription.of(new IOException("x" + tree.repeat(400))));
    }
}
