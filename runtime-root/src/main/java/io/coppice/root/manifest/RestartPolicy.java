package io.coppice.root.manifest;

/** Which ends of a daemon are followed by a restart. */
public enum RestartPolicy {
    /** Every end. */
    ALWAYS("always"),

    /** Every end but exit code 0. */
    ON_FAILURE("on-failure"),

    /** None. */
    NEVER("never");

    private final String key;

    RestartPolicy(final String key) {
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
