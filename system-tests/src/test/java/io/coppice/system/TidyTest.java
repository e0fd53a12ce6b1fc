package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** House rules that need no compiler: files stay small, and name no place on anyone's machine. */
final class TidyTest {
    private static final int LINES_MAX = 500;

    /** Folders whose files are data and may hold anything. Extend only with a reason beside it. */
    private static final List<String> MAY_HOLD_ANYTHING = List.of("examples/catalog/documents/");

    /** A home or workspace folder; the look-behind spares paths like {@code io/coppice/root/}. */
    private static final Pattern SOMEONES_FOLDER =
            Pattern.compile("(?<![\\w.})$*-])/(?:home|Users|root|work|workspace)/[\\w.]");

    private static final Path HOME = Path.of(System.getProperty("coppice.home"));

    private static List<Path> files;

    @BeforeAll
    static void listFiles() throws IOException, InterruptedException {
        files = TrackedFiles.list(HOME);
    }

    @Test
    void seesTheProject() {
        assertTrue(files.contains(Path.of("pom.xml")), files::toString);
        assertTrue(files.contains(Path.of("bin/coppice")), files::toString);
        assertTrue(
                files.stream().noneMatch(file -> file.toString().contains("target/")),
                files::toString);
    }

    @Test
    void noSourceFileIsLong() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : files) {
            if (file.toString().endsWith(".java") || file.startsWith("bin")) {
                int lines = text(file).split("\n", -1).length - 1;
                if (lines > LINES_MAX) {
                    tooLong.add(file + ": " + lines + " lines; split it by idea");
                }
            }
        }
        assertEquals("", String.join("\n", tooLong));
    }

    @Test
    void noFileNamesAFolderOfSomeonesMachine() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            if (MAY_HOLD_ANYTHING.stream().noneMatch(file.toString()::startsWith)) {
                Matcher matcher = SOMEONES_FOLDER.matcher(text(file));
                if (matcher.find()) {
                    found.add(file + ": names \"" + matcher.group() + "...\"");
                }
            }
        }
        assertEquals("", String.join("\n", found));
    }

    @ParameterizedTest
    @ValueSource(strings = {"home", "Users", "root", "work"})
    void recognisesAFolderOfSomeonesMachine(String folder) {
        assertTrue(SOMEONES_FOLDER.matcher("cd \"/" + folder + "/ann\"").find());
        assertFalse(SOMEONES_FOLDER.matcher("io/coppice/" + folder + "/Loop.java").find());
    }

    private static String text(Path file) throws IOException {
        // One char per byte: what is looked for is ASCII, and not every file need be UTF-8.
        return Files.readString(HOME.resolve(file), StandardCharsets.ISO_8859_1);
    }
}
