package io.coppice.root.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that hold no manifest at all. */
final class ManifestFileErrorsTest {
    @TempDir Path temp;
    private ManifestFixture fixture;

    @BeforeEach
    void makeFixture() {
        fixture = new ManifestFixture(temp);
    }

    @Test
    void rejectsMissingFile() {
        assertEquals(
                List.of(
                        "m.json: the file does not exist; correct the path; conf/catalog.json is"
                                + " an example"),
                fixture.errorsOf(fixture.file()));
    }

    @Test
    void rejectsFolder() {
        assertEquals(
                List.of(".: is a folder; name the manifest file in it"),
                fixture.errorsOf(fixture.folder()));
    }

    @Test
    void rejectsDeviceWithoutReadingIt() {
        assertEquals(
                List.of("/dev/zero: is not a regular file; copy the manifest into a file"),
                fixture.errorsOf(Path.of("/dev/zero")));
    }

    @Test
    void rejectsFileWithoutPermission() throws IOException {
        final Path file = fixture.write("{}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-wx------"));
        Assumptions.assumeFalse(Files.isReadable(file), "a superuser may read everything");
        assertEquals(
                List.of(
                        "m.json: the file cannot be read: permission denied; make it readable for "
                                + System.getProperty("user.name")),
                fixture.errorsOf(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n\t\n", "\ufeff", "\ufeff\n"})
    void rejectsEmptyFile(final String text) {
        assertEquals(
                List.of(
                        "m.json: the file is empty; write a manifest; conf/catalog.json is an"
                                + " example"),
                fixture.errors(text));
    }

    @Test
    void rejectsHugeFile() {
        assertEquals(
                List.of("m.json: the file is larger than 1 MiB; check that it is a manifest"),
                fixture.errors(" ".repeat(ManifestLimits.FILE_BYTES_MAX) + "{}"));
    }

    @Test
    void rejectsOtherEncodings() {
        final Path file = fixture.write("{}".getBytes(StandardCharsets.UTF_16));
        assertEquals(
                List.of("m.json: the file is not UTF-8 text; save it as UTF-8"),
                fixture.errorsOf(file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'tree': 5,}|1|12|Unexpected character ('}' (code 125)): was expecting"
                        + " double-quote to start field name",
                "{\\n  // note\\n}|2|3|Unexpected character ('/' (code 47)): maybe a"
                        + " (non-standard) comment?",
                "{'tree': nul}|1|10|Unrecognized token 'nul': was expecting (JSON String, Number,"
                        + " Array, Object or token 'null', 'true' or 'false')",
                "{'tree': 'a\\nb'}|1|12|Illegal unquoted character ((CTRL-CHAR, code 10)): has to"
                        + " be escaped using backslash to be included in string value",
                "{'tree': NaN}|1|13|Non-standard token 'NaN'"
            })
    void rejectsWhatIsNotJsonWithLineAndColumn(
            final String json, final int line, final int column, final String problem) {
        assertEquals(
                List.of(
                        "m.json: line "
                                + line
                                + ", column "
                                + column
                                + ": not JSON: "
                                + problem
                                + "; correct it there or just before"),
                fixture.errors(json.replace("\\n", "\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{'tree'", "{'tree': 'x", "[1, "})
    void rejectsTextThatEndsTooEarly(final String json) {
        assertEquals(
                List.of(
                        "m.json: line 1, column "
                                + (json.length() + 1)
                                + ": not JSON: the text ends too early; close every brace, bracket"
                                + " and quote"),
                fixture.errors(json));
    }

    @Test
    void rejectsTrailingText() {
        assertEquals(
                List.of(
                        "m.json: line 2, column 1: text after the end of the manifest; remove it,"
                                + " or a closing bracket too many before it"),
                fixture.errors("{}\n{}"));
    }

    @Test
    void rejectsRootThatIsNoObject() {
        assertEquals(
                List.of("m.json: $: an array is not an object; write { \"tree\": ... }"),
                fixture.errors("[]"));
    }

    @Test
    void rejectsDeepNestingBeforeTheStackEnds() {
        assertEquals(
                List.of(
                        "m.json: line 1, column 33: nested deeper than 32 levels; a manifest needs"
                                + " six: remove the rest"),
                fixture.errors("[".repeat(500_000)));
        assertEquals(
                List.of(
                        "m.json: line 1, column 161: nested deeper than 32 levels; a manifest"
                                + " needs six: remove the rest"),
                fixture.errors("{'a':".repeat(100_000)));
    }
}
