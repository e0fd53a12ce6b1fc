package io.coppice.pool.plan;

/**
 * Which members of a group are started anew with one that died. The ordinal is part of the plan's
 * form.
 */
public enum GroupStrategy {
    /** None: the group is only a name. */
    SELF("self"),

    /** Those that stand behind it. */
    REST("rest"),

    /** All others. */
    ALL("all");

    private final String key;

    GroupStrategy(final String key) {
        this.key = key;
    }

    @Override
    public String toString() {
        return key;
    }
}
