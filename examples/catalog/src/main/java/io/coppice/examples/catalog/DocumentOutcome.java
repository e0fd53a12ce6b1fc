package io.coppice.examples.catalog;

import java.util.List;

/** How a file ended in the catalogue. The order is part of the messages and of the arena. */
enum DocumentOutcome {
    OK("ok"),
    FAILED("failed"),
    CRASHED("crashed"),
    TIMED_OUT("timed-out"),
    OUT_OF_MEMORY("out-of-memory");

    static final List<DocumentOutcome> ALL = List.of(values());

    private final String label;

    DocumentOutcome(final String label) {
        this.label = label;
    }

    /** Returns what the catalogue calls it. */
    String label() {
        return label;
    }
}
