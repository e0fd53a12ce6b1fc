package io.coppice.root.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Class paths that lead nowhere, and classes that are not in them. */
final class ClassPathErrorsTest {
    private static final String CURE = "; build it, or correct the path";

    @TempDir Path temp;
    private ManifestFixture fixture;

    @BeforeEach
    void makeFixture() {
        fixture = new ManifestFixture(temp);
    }

    @Test
    void rejectsEmptyClassPath() {
        assertEquals(
                List.of("m.json: $.classpath: is empty; list the jars of the daemons"),
                fixture.errors(withClasspath("")));
    }

    @Test
    void rejectsEveryEntryThatIsOfNoUse() throws IOException {
        Files.createFile(fixture.folder().resolve("empty.jar"));
        Files.createDirectory(fixture.folder().resolve("empty"));
        Files.writeString(fixture.folder().resolve("text.jar"), "no zip file");
        Files.createDirectory(fixture.folder().resolve("a:b"));
        assertEquals(
                List.of(
                        "m.json: $.classpath[0]: \"x/none.jar\" does not exist (x/none.jar)" + CURE,
                        "m.json: $.classpath[1]: \"empty.jar\" is empty (empty.jar)" + CURE,
                        "m.json: $.classpath[2]: \"empty\" is empty (empty)" + CURE,
                        "m.json: $.classpath[3]: \"text.jar\" is neither a jar nor a folder"
                                + " (text.jar)"
                                + CURE,
                        "m.json: $.classpath[4]: \"a:b\" has a \":\" in it (a:b); rename it",
                        "m.json: $.classpath[5]: \"empty/*\" matches no jar (empty)" + CURE,
                        "m.json: $.classpath[6]: \"none/*\" matches nothing: the folder does not"
                                + " exist (none)"
                                + CURE,
                        "m.json: $.classpath[7]: \"\" names nothing; write a path, or remove it",
                        "m.json: $.classpath[8]: \"a\\u0000b\" is not a path; write a path without"
                                + " control characters, with * only after the last slash",
                        "m.json: $.classpath[9]: \"*/lib.jar\" is not a path; write a path without"
                                + " control characters, with * only after the last slash",
                        "m.json: $.classpath[10]: 5 is not a string; write one such as \"lib/*\""),
                fixture.errors(
                        withClasspath(
                                "'x/none.jar', 'empty.jar', 'empty', 'text.jar', 'a:b', 'empty/*',"
                                        + " 'none/*', '', 'a\\u0000b', '*/lib.jar', 5")));
    }

    @Test
    void rejectsUnreadableEntry() throws IOException {
        final Path jar = ManifestParserTest.jar(fixture.folder().resolve("a.jar"));
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("-wx------"));
        Assumptions.assumeFalse(Files.isReadable(jar), "a superuser may read everything");
        assertEquals(
                List.of(
                        "m.json: $.classpath[0]: \"a.jar\" cannot be read"
                                + " (a.jar); make it and its folders readable"),
                fixture.errors(withClasspath("'a.jar'")));
    }

    @Test
    void rejectsJarThatBreaksOffAfterItsFirstBytes() throws IOException {
        Files.writeString(fixture.folder().resolve("a.jar"), "PK\u0003\u0004 and no more");
        assertEquals(
                List.of("m.json: $.classpath: a.jar is not a readable jar; build it again"),
                fixture.errors(withClasspath("'a.jar', '" + ManifestFixture.TEST_CLASSES + "'")));
    }

    @Test
    void rejectsClassThatIsNotInTheClassPath() {
        assertEquals(
                List.of(
                        "m.json: $.daemons.scan.main: class \"org.nowhere.Xyzzy\" is not in the"
                                + " classpath; correct it, or add its jar to the classpath"),
                fixture.errors(withMain("org.nowhere.Xyzzy")));
    }

    @Test
    void suggestsClassInOtherLetters() {
        assertClassSuggested("io.coppice.root.manifest.fixture.exampledaemon");
    }

    @Test
    void suggestsClassOfOtherPackage() {
        assertClassSuggested("com.example.daemons.ExampleDaemon");
    }

    @Test
    void suggestsClassWithTypingMistake() {
        assertClassSuggested("io.coppice.root.manifest.fixture.ExampelDaemon");
    }

    @Test
    void suggestsClassFoundInAJar() throws IOException {
        ManifestParserTest.jar(
                fixture.folder().resolve("a.jar"),
                ManifestFixture.DAEMON.replace('.', '/') + ".class");
        assertEquals(
                List.of(
                        "m.json: $.daemons.scan.main: class \"x.ExampleDaemon\" is not in the"
                                + " classpath; did you mean \""
                                + ManifestFixture.DAEMON
                                + "\"?"),
                fixture.errors(
                        withClasspath("'a.jar'")
                                .replace(ManifestFixture.DAEMON, "x.ExampleDaemon")));
    }

    @Test
    void rejectsMissingClassOfTransaction() {
        assertEquals(
                List.of(
                        "m.json: $.daemons.scan.transactions.extract.class: class"
                                + " \"x.ExampleTransaction\" is not in the classpath; did you mean \""
                                + ManifestFixture.TRANSACTION
                                + "\"?"),
                fixture.errors(
                        ManifestFixture.extract("'queue': 1")
                                .replace(ManifestFixture.TRANSACTION, "x.ExampleTransaction")));
    }

    @Test
    void rejectsWhatIsNoClassName() {
        assertEquals(
                List.of(
                        "m.json: $.daemons.scan.main: \"com/example/Main\" is not a class name;"
                                + " write it with its package, such as \"com.example.Main\""),
                fixture.errors(withMain("com/example/Main")));
    }

    private void assertClassSuggested(final String wrong) {
        assertEquals(
                List.of(
                        "m.json: $.daemons.scan.main: class \""
                                + Quoted.bareCut(wrong)
                                + "\" is not in the classpath; did you mean \""
                                + ManifestFixture.DAEMON
                                + "\"?"),
                fixture.errors(withMain(wrong)));
    }

    private static String withMain(final String main) {
        return ManifestFixture.scan("").replace(ManifestFixture.DAEMON, main);
    }

    private static String withClasspath(final String entries) {
        return ManifestFixture.scan("").replace("'" + ManifestFixture.TEST_CLASSES + "'", entries);
    }
}
