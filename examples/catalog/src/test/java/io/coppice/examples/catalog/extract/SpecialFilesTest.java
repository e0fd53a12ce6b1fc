package io.coppice.examples.catalog.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What git cannot carry: names that lead to no document, and names that are hard to write. */
@Timeout(60)
class SpecialFilesTest {
    private static DocumentExtractor extractor;

    @TempDir private Path folder;

    @BeforeAll
    static void makeExtractor() {
        extractor = new DocumentExtractor();
    }

    @Test
    void refusesAFifoWithoutOpeningIt() throws Exception {
        assertRefused("a FIFO", fifo());
    }

    @Test
    void refusesALinkToAFifo() throws Exception {
        assertRefused("symbolic link to a FIFO", link("link", fifo()));
    }

    @Test
    void refusesADevice() {
        assertRefused("a character device", Path.of("/dev/null"));
    }

    @Test
    void refusesADirectory() {
        assertRefused("a directory", folder);
    }

    @Test
    void doesNotFollowALinkToADirectory() throws IOException {
        assertRefused("symbolic link to a directory is not followed", link("link", folder));
    }

    @Test
    void refusesADanglingLink() throws IOException {
        assertRefused("dangling symbolic link", link("link", folder.resolve("nothing")));
    }

    @Test
    void refusesALoopOfLinks() throws IOException {
        Path one = link("one", folder.resolve("two"));
        link("two", one);
        assertRefused("symbolic link cannot be resolved", one);
    }

    @Test
    void readsThroughALinkToAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("file.txt"), "hello");
        Path link = link("link.txt", link("another", file));
        assertEquals(extractor.extract(file), extractor.extract(link));
    }

    @Test
    void saysThatAFileHasVanished() {
        assertDescribed("NoSuchFileException: no such file", folder.resolve("vanished.txt"));
    }

    @Test
    void saysThatAFileMayNotBeRead() throws Exception {
        Path file = Files.writeString(folder.resolve("secret.txt"), "hello");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        String expected = "AccessDeniedException: permission denied";
        if (!Files.isReadable(file)) {
            assertDescribed(expected, file);
            return;
        }
        // The superuser reads everything, so a child without that privilege has to try.
        Path setpriv = Path.of("/usr/bin/setpriv");
        assumeTrue(Files.isExecutable(setpriv), "needs setpriv to give up the right to read all");
        Child child =
                Child.start(
                        folder,
                        List.of(
                                setpriv.toString(),
                                "--bounding-set=-dac_override,-dac_read_search"),
                        file);
        assertEquals(0, child.exitCode(Duration.ofSeconds(50)));
        assertEquals(expected, child.lastLine());
    }

    @Test
    void readsAFileWithANewlineInItsName() throws Exception {
        Path file = Files.writeString(folder.resolve("new\nline.txt"), "hello");
        assertEquals(5, extractor.extract(file).textLength());
    }

    @Test
    void readsAFileWhoseNameIsNotUtf8() throws Exception {
        Path file = Path.of(URI.create(folder.toUri() + "caf%E9%FF.txt"));
        Files.writeString(file, "hello");
        assertEquals("text/plain", extractor.extract(file).mediaType());
    }

    @Test
    void readsAnOfficeDocumentWhoseNameIsNotUtf8AsUnderAnyOtherName() throws Exception {
        byte[] docx = TinyOffice.docx("title", "author", "text");
        Path plain = Files.write(folder.resolve("plain.docx"), docx);
        Path strange = Path.of(URI.create(folder.toUri() + "caf%E9%FF.docx"));
        Files.write(strange, docx);
        assertEquals(extractor.extract(plain), extractor.extract(strange));
    }

    private Path fifo() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        return fifo;
    }

    private Path link(String name, Path target) throws IOException {
        return Files.createSymbolicLink(folder.resolve(name), target);
    }

    private static void assertRefused(String why, Path file) {
        assertThrows(NotADocumentException.class, () -> extractor.extract(file));
        assertDescribed("NotADocumentException: " + why, file);
    }

    private static void assertDescribed(String description, Path file) {
        Exception failure = assertThrows(Exception.class, () -> extractor.extract(file));
        assertEquals(description, DocumentExtractor.describe(failure));
        assertTrue(description.indexOf('/') < 0, "a path in " + description);
    }
}
