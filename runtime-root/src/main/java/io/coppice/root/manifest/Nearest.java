package io.coppice.root.manifest;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what an operator probably meant: the candidate with the fewest edits, if they are few. */
public final class Nearest {
    /** A typed name longer than this is no typing mistake, and comparing it would cost time. */
    private static final int CHARS_MAX = 300;

    private static final int EDITS_PER_CHARS = 3;

    private Nearest() {}

    /**
     * The candidate nearest to the text, if at most a third of the text (and at least one
     * character) differs.
     */
    public static Optional<String> of(final String text, final Collection<String> candidates) {
        if (text.length() > CHARS_MAX) {
            return Optional.empty();
        }
        String best = null;
        int bestEdits = Math.max(1, text.length() / EDITS_PER_CHARS) + 1;
        for (final String candidate : candidates) {
            if (Math.abs(candidate.length() - text.length()) < bestEdits) {
                final int edits = edits(text, candidate);
                if (edits < bestEdits) {
                    best = candidate;
                    bestEdits = edits;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** A cure that suggests the nearest candidate or, if none is near, names all of them. */
    static String cure(
            final String text, final Collection<String> candidates, final String otherwise) {
        return of(text, candidates)
                .map(nearest -> "did you mean " + Quoted.text(nearest) + "?")
                .orElse(otherwise);
    }

    /**
     * Insertions, deletions, replacements and swaps of neighbours; upper and lower case count as
     * equal.
     */
    static int edits(final String left, final String right) {
        final String a = left.toLowerCase(Locale.ROOT);
        final String b = right.toLowerCase(Locale.ROOT);
        final int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                edits[i][j] = i == 0 || j == 0 ? i + j : fewest(edits, a, b, i, j);
            }
        }
        return edits[a.length()][b.length()];
    }

    private static int fewest(
            final int[][] edits, final String a, final String b, final int i, final int j) {
        final boolean equal = a.charAt(i - 1) == b.charAt(j - 1);
        int fewest = edits[i - 1][j - 1] + (equal ? 0 : 1);
        fewest = Math.min(fewest, edits[i - 1][j] + 1);
        fewest = Math.min(fewest, edits[i][j - 1] + 1);
        if (i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1)) {
            fewest = Math.min(fewest, edits[i - 2][j - 2] + 1);
        }
        return fewest;
    }
}
