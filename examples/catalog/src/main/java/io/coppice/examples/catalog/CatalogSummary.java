package io.coppice.examples.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.agrona.DirectBuffer;

/** What a run came to, for people. */
final class CatalogSummary {
    /** How many media types are listed by name. */
    static final int TYPES_LISTED_MAX = 15;

    private static final double BYTES_PER_MEGABYTE = 1_000_000.0;
    private static final double MS_PER_SECOND = 1_000.0;

    /** One row of a table. */
    private record Row(String name, long documents, long bytes) {}

    private CatalogSummary() {}

    /** Returns the text; each line ends with a line feed and none with a space. */
    static String of(
            final DirectBuffer state,
            final MediaTypeTable mediaTypes,
            final long recordsMax,
            final String file) {
        final long documents = state.getLong(CatalogLayout.DOCUMENTS);
        final long bytes = state.getLong(CatalogLayout.BYTES);
        final long elapsedMs =
                state.getLong(CatalogLayout.ENDED_MS) - state.getLong(CatalogLayout.STARTED_MS);
        final double seconds = Math.max(1, elapsedMs) / MS_PER_SECOND;
        final StringBuilder text = new StringBuilder();
        if (state.getLong(CatalogLayout.RUN_ID) == CatalogBook.UNKNOWN_RUN) {
            text.append("INCOMPLETE: the catalogue lost its state during the run; run it again\n");
        }
        text.append(
                String.format(
                        Locale.ROOT,
                        "%,d files, %,d bytes read in %.1f s (%,.1f files/s, %,.1f MB/s)\n",
                        documents,
                        bytes,
                        seconds,
                        documents / seconds,
                        bytes / BYTES_PER_MEGABYTE / seconds));
        appendOutcomes(text.append('\n'), state);
        appendTypes(text, rows(state, mediaTypes));
        text.append('\n');
        if (documents > recordsMax) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%,d files have a line but no record: raise capacities.documents (%d)\n",
                            documents - recordsMax,
                            recordsMax));
        }
        return text.append("catalogue: ").append(file).append('\n').toString();
    }

    private static void appendOutcomes(final StringBuilder text, final DirectBuffer state) {
        for (final DocumentOutcome outcome : DocumentOutcome.ALL) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "  %-13s %,11d\n",
                            outcome.label(),
                            state.getLong(CatalogLayout.outcome(outcome))));
        }
    }

    private static List<Row> rows(final DirectBuffer state, final MediaTypeTable mediaTypes) {
        final List<Row> all = new ArrayList<>();
        IntStream.range(0, mediaTypes.size())
                .mapToObj(
                        i ->
                                new Row(
                                        mediaTypes.name(i),
                                        mediaTypes.documents(i),
                                        mediaTypes.bytes(i)))
                .sorted(
                        Comparator.comparingLong(Row::documents)
                                .reversed()
                                .thenComparing(Row::name))
                .forEach(all::add);
        final List<Row> listed =
                new ArrayList<>(all.subList(0, Math.min(all.size(), TYPES_LISTED_MAX)));
        long documents = state.getLong(CatalogLayout.OTHER_DOCUMENTS);
        long bytes = state.getLong(CatalogLayout.OTHER_BYTES);
        for (final Row row : all.subList(listed.size(), all.size())) {
            documents += row.documents();
            bytes += row.bytes();
        }
        if (documents > 0) {
            listed.add(new Row("other", documents, bytes));
        }
        return listed;
    }

    private static void appendTypes(final StringBuilder text, final List<Row> rows) {
        final int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
        if (!rows.isEmpty()) {
            text.append('\n');
        }
        for (final Row row : rows) {
            text.append("  ").append(row.name()).append(" ".repeat(width - row.name().length()));
            text.append(
                    String.format(
                            Locale.ROOT, " %,11d %,17d bytes\n", row.documents(), row.bytes()));
        }
    }
}
