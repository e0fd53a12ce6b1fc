package io.coppice.pool.plan;

/** What a restarted daemon finds in its arena. The ordinal is part of the plan's form. */
public enum OnCrash {
    /** The state of the last commit. */
    RESUME("resume"),

    /** Zeroes: the structures are laid out anew. */
    RESET("reset"),

    /** What the daemon's own {@code recover(...)} decides after looking at the state. */
    ASK("ask");

    private final String key;

    OnCrash(final String key) {
        this.key = key;
    }

    /** Returns the word that stands for this choice in a manifest. */
    public String key() {
        return key;
    }

    @Override
    public String toString() {
        return key;
    }
}
