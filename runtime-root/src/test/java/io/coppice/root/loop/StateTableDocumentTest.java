package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.TreeState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Renders {@link Supervision} as the table of the document, so that the table there is the code's.
 * Where it is not, the failure shows the text to paste.
 */
class StateTableDocumentTest {
    private static final Path DOCUMENT =
            Path.of(System.getProperty("basedir", "."), "..", "docs", "state-tables.md");

    private static final String BEGIN = "<!-- generated from Supervision: begin -->\n";
    private static final String END = "<!-- generated from Supervision: end -->\n";

    @Test
    void theTableInTheDocumentIsTheOneInTheCode() throws IOException {
        final String document = Files.readString(DOCUMENT);
        final int begin = document.indexOf(BEGIN);
        final int end = document.indexOf(END);
        assertTrue(begin >= 0 && end > begin, "the document has lost its markers");

        assertEquals(
                render(),
                document.substring(begin + BEGIN.length(), end),
                "paste between the markers of docs/state-tables.md:\n" + render());
    }

    @Test
    void everyEventAndEveryActionIsExplained() throws IOException {
        final List<String> cells = firstCells();
        for (final DaemonEvent event : DaemonEvent.values()) {
            // Once as a row of the table, once with what it means.
            assertEquals(2, count(cells, event.name()), event.name());
        }
        for (final DaemonAction action : DaemonAction.values()) {
            if (action != DaemonAction.IGNORE) {
                assertEquals(1, count(cells, word(action)), word(action));
            }
        }
    }

    @Test
    void everySharedOrdinalIsTheOneInTheDocument() throws IOException {
        final String document = Files.readString(DOCUMENT);
        for (final Enum<?>[] constants :
                new Enum<?>[][] {DaemonState.values(), TreeState.values(), ExitClass.values()}) {
            for (final Enum<?> constant : constants) {
                final String row = "\n| " + constant.ordinal() + " | " + constant.name() + " |";
                assertTrue(document.contains(row), row);
            }
        }
    }

    private static String render() {
        final StringBuilder table = new StringBuilder();
        line(table, "event", Stream.of(DaemonState.values()).map(Enum::name));
        table.append("|---".repeat(1 + DaemonState.values().length)).append("|\n");
        for (final DaemonEvent event : DaemonEvent.values()) {
            line(
                    table,
                    event.name(),
                    Stream.of(DaemonState.values())
                            .map(state -> word(Supervision.action(state, event))));
        }
        return table.toString();
    }

    private static void line(
            final StringBuilder table, final String first, final Stream<String> others) {
        table.append(
                Stream.concat(Stream.of(first), others)
                        .collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    private static String word(final DaemonAction action) {
        return action == DaemonAction.IGNORE
                ? "-"
                : action.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Returns what stands in the first column of the document's tables, names one by one. */
    private static List<String> firstCells() throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
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
