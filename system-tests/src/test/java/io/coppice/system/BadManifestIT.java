package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.system.daemons.CounterDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator reads who made a mistake in a manifest, from both commands that read one. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class BadManifestIT {
    @RegisterExtension static final TestArea AREA = new TestArea();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    '2 MiB'              | '2 MB'                  | $.daemons.counter.memory: | write it as "2 MiB"
                    '2 MiB'              | '9000 TiB'              | $.daemons.counter.memory: | ;
                    '2 MiB'              | '1 KiB'                 | $.daemons.counter.memory: | write "1 MiB" to
                    '2 MiB'              | 2                       | $.daemons.counter.memory: | ;
                    'memory'             | 'memroy'                | $.daemons.counter.memroy: | did you mean "memory"?
                    'main'               | 'mian'                  | $.daemons.counter: "main" is missing | add "main"
                    CounterDaemon        | CuonterDaemon           | $.daemons.counter.main:   | did you mean
                    'counter':           | 'count/er':             | $.daemons["count/er"]:    | use 1 to 31 of
                    'heap'               | 'after': ['counter'], 'heap' | $.daemons.counter.after | ;
                    'heap'               | 'after': ['contre'], 'heap'  | $.daemons.counter.after[0]: | ;
                    'heap'               | 'readers': ['nobody'], 'heap' | $.daemons.counter.readers[0]: | ;
                    'heap'               | 'startTimeout': '5 secs', 'heap' | $.daemons.counter.startTimeout: | ;
                    'heap'               | 'memory': '2 MiB', 'heap' | $.daemons.counter.memory: | ;
                    lib/*                | bil/*                   | $.classpath[1]:           | ;
                    """)
    void oneLineWithPathAndCure(
            final String good, final String bad, final String path, final String cure)
            throws IOException {
        final String text = new TestManifest("bad").daemon("counter", CounterDaemon.class).text();
        final String wrong = text.replace(quoted(good), quoted(bad));
        assertFalse(wrong.equals(text), "nothing was made wrong");
        final List<String> lines = refused(wrong);
        final long aboutIt = lines.stream().filter(line -> line.contains(path)).count();
        assertEquals(1, aboutIt, lines::toString);
        final String line =
                lines.stream().filter(each -> each.contains(path)).findFirst().orElseThrow();
        assertTrue(line.contains(cure), line);
    }

    @Test
    void allMistakesOfAFileAreToldAtOnceInItsOrder() throws IOException {
        final List<String> lines =
                refused(
                        quoted(
                                "{'daemons': {'scan': {'memory': '64 MB', 'hepa': '8 MiB',"
                                        + " 'standby': 2}}, 'tree': 'A', 'classpath': ['none']}"));
        final List<String> paths = lines.stream().map(line -> line.split(": ", 3)[1]).toList();
        assertEquals(
                List.of(
                        "$.daemons.scan",
                        "$.daemons.scan.memory",
                        "$.daemons.scan.hepa",
                        "$.daemons.scan.standby",
                        "$.tree",
                        "$.classpath[0]"),
                paths,
                lines::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{'tree': 'a',}", "\u0000", "{} {}"})
    void whatIsNoManifestAtAllIsOneLine(final String text) throws IOException {
        final List<String> lines = refused(quoted(text));
        assertTrue(text.equals("{} {}") || lines.size() == 1, lines::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "run"})
    void aMissingFileAndAFolderAreOneLine(final String command) {
        for (final Path file : List.of(AREA.files().resolve("nowhere.json"), AREA.files())) {
            final CoppiceCli.Result result = AREA.cli().run(command, file.toString());
            assertEquals(78, result.exitCode(), result::toString);
            assertEquals(1, result.stderr().size(), result::toString);
            assertTrue(result.stderr().get(0).startsWith(file + ": "), result::toString);
        }
    }

    @Test
    void anOverrideThatIsWrongIsOneLine() {
        final Path manifest =
                new TestManifest("overridden")
                        .daemon("counter", CounterDaemon.class)
                        .write(AREA.files());
        for (final String override : List.of("contre.heap=9 MiB", "counter.heap=9 MB", "x")) {
            final CoppiceCli.Result result =
                    AREA.cli().run("check", manifest.toString(), "--set", override);
            assertEquals(78, result.exitCode(), result::toString);
            assertEquals(1, result.stderr().size(), result::toString);
        }
    }

    /** Returns the lines, which both commands say alike. */
    private static List<String> refused(final String text) throws IOException {
        final Path file = Files.writeString(AREA.files().resolve("bad.json"), text);
        final CoppiceCli.Result check = AREA.cli().run("check", file.toString());
        final CoppiceCli.Result run = AREA.cli().run("run", file.toString());
        assertEquals(78, check.exitCode(), check::toString);
        assertEquals(78, run.exitCode(), run::toString);
        assertEquals(check.stderr(), run.stderr());
        assertEquals(List.of(), check.stdout());
        assertFalse(check.stderr().isEmpty());
        for (final String line : check.stderr()) {
            assertTrue(line.startsWith(file + ": ") && line.contains("; "), line);
        }
        assertEquals(List.of(), AREA.processes());
        return check.stderr();
    }

    private static String quoted(final String text) {
        return text.replace('\'', '"');
    }
}
