package io.coppice.root.manifest;

/** What a daemon does when root dies (design, section 6). */
public enum OnRootLoss {
    /** It goes on and waits for a new root to adopt it. */
    CONTINUE("continue"),

    /** It ends. */
    STOP("stop");

    private final String key;

    OnRootLoss(final String key) {
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
