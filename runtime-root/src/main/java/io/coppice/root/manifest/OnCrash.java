package io.coppice.root.manifest;

/** What a restarted daemon finds in its arena (design, section 3). */
public enum OnCrash {
    /** The state of the last commit. */
    RESUME("resume"),

    /** Zeroes. */
    RESET("reset"),

    /** The daemon's own {@code recover} decides after looking at the state. */
    ASK("ask");

    private final String key;

    OnCrash(final String key) {
        this.key = key;
    }

    /** The word that stands for this choice in a manifest. */
    public String key() {
        return key;
    }

    @Override
    public String toString() {
        return key;
    }
}
