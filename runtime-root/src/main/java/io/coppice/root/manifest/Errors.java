package io.coppice.root.manifest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects mistakes while a manifest is read, and hands them out in the order of the file. Used by
 * one thread.
 */
final class Errors {
    private final List<Entry> entries = new ArrayList<>();

    void add(final Node at, final String problem, final String cure) {
        add(at.origin(), problem, cure);
    }

    void add(final Node.Origin at, final String problem, final String cure) {
        entries.add(
                new Entry(at.order(), new ManifestError(at.source(), at.path(), problem, cure)));
    }

    int count() {
        return entries.size();
    }

    /** Throws if there is any mistake. */
    void throwIfAny() throws ManifestException {
        if (!entries.isEmpty()) {
            // The sort is stable: mistakes about one value stay in the order in which they were
            // found.
            entries.sort(Comparator.comparingInt(Entry::order));
            throw new ManifestException(entries.stream().map(Entry::error).toList());
        }
    }

    private record Entry(int order, ManifestError error) {}
}
