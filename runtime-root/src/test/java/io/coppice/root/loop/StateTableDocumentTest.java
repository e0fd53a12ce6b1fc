package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.StandbyState;
import io.coppice.pool.board.TreeState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Renders {@link Supervision} and {@link StandbySupervision} as the tables of the document, so that
 * the tables there are the code's. Where one is not, the failure shows the text to paste.
 */
class StateTableDocumentTest {
    private static final Path DOCUMENT =
            Path.of(System.getProperty("basedir", "."), "..", "docs", "state-tables.md");

    private static final String NOTHING = "-";

    @Test
    void theTableInTheDocumentIsTheOneInTheCode() throws IOException {
        assertShown("Supervision", ofDaemons());
        assertShown("StandbySupervision", ofStandbys());
    }

    @Test
    void everyEventAndEveryActionIsExplained() throws IOException {
        assertExplained("Daemon: what root does", DaemonEvent.values(), DaemonAction.values());
        assertExplained("Standby", StandbyEvent.values(), StandbyAction.values());
    }

    @Test
    void everySharedOrdinalIsTheOneInTheDocument() throws IOException {
        final String document = Files.readString(DOCUMENT);
        for (final Enum<?>[] constants :
                new Enum<?>[][] {
                    DaemonState.values(),
                    StandbyState.values(),
                    TreeState.values(),
                    ExitClass.values()
                }) {
            for (final Enum<?> constant : constants) {
                final String row = "\n| " + constant.ordinal() + " | " + constant.name() + " |";
                assertTrue(document.contains(row), row);
            }
        }
    }

    private static String ofDaemons() {
        return render(
                DaemonState.values(),
                DaemonEvent.values(),
                (state, event) -> word(Supervision.action(state, event)));
    }

    private static String ofStandbys() {
        return render(
                StandbyState.values(),
                StandbyEvent.values(),
                (state, event) -> word(StandbySupervision.action(state, event)));
    }

    private static <S extends Enum<S>, E extends Enum<E>> String render(
            final S[] states, final E[] events, final BiFunction<S, E, String> cell) {
        final StringBuilder table = new StringBuilder();
        line(table, "event", Stream.of(states).map(Enum::name));
        table.append("|---".repeat(1 + states.length)).append("|\n");
        for (final E event : events) {
            line(table, event.name(), Stream.of(states).map(state -> cell.apply(state, event)));
        }
        return table.toString();
    }

    private static void line(
            final StringBuilder table, final String first, final Stream<String> others) {
        table.append(
                Stream.concat(Stream.of(first), others)
                        .collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    private static String word(final Enum<?> action) {
        return "IGNORE".equals(action.name())
                ? NOTHING
                : action.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static void assertShown(final String code, final String table) throws IOException {
        final String document = Files.readString(DOCUMENT);
        final String beginMark = "<!-- generated from " + code + ": begin -->\n";
        final int begin = document.indexOf(beginMark);
        final int end = document.indexOf("<!-- generated from " + code + ": end -->\n");
        assertTrue(begin >= 0 && end > begin, "the document has lost the markers of " + code);
        assertEquals(
                table,
                document.substring(begin + beginMark.length(), end),
                "paste between the markers of docs/state-tables.md:\n" + table);
    }

    private static void assertExplained(
            final String section, final Enum<?>[] events, final Enum<?>[] actions)
            throws IOException {
        final List<String> cells = firstCells(section);
        for (final Enum<?> event : events) {
            // Once as a row of the table, once with what it means.
            assertEquals(2, count(cells, event.name()), event.name());
        }
        for (final Enum<?> action : actions) {
            if (!NOTHING.equals(word(action))) {
                assertEquals(1, count(cells, word(action)), word(action));
            }
        }
    }

    /** Returns what stands in the first column of a section's tables, names one by one. */
    private static List<String> firstCells(final String section) throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .dropWhile(line -> !line.equals("## " + section))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| "))
                .map(line -> line.split("\\|", -1)[1])
                .flatMap(cell -> Arrays.stream(cell.split(",", -1)))
                .map(String::strip)
                .toList();
    }

    private static long count(final List<String> cells, final String name) {
        return cells.stream().filter(name::equals).count();
    }
}
