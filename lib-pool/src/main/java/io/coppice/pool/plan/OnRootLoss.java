package io.coppice.pool.plan;

/** What a daemon does when root dies. The ordinal is part of the plan's form. */
public enum OnRootLoss {
    /** Goes on serving. */
    CONTINUE("continue"),

    /** Ends. */
    STOP("stop");

    private final String key;

    OnRootLoss(final String key) {
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
