package io.coppice.pool.plan;

/** When a daemon that ended by itself is started again. The ordinal is part of the plan's form. */
public enum RestartPolicy {
    /** Whatever its exit. */
    ALWAYS("always"),

    /** Unless it finished, that is, ended with exit code 0. */
    ON_FAILURE("on-failure"),

    /** Never. */
    NEVER("never");

    private final String key;

    RestartPolicy(final String key) {
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
