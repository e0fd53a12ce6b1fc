package io.coppice.root.manifest;

/** Where a daemon's arena lies. */
public enum Storage {
    /** In the run directory, in memory: gone with the machine. */
    MEMORY("memory"),

    /** In a file on disk, which outlives the machine where that went down in order. */
    DISK("disk");

    private final String key;

    Storage(final String key) {
        this.key = key;
    }

    @Override
    public String toString() {
        return key;
    }
}
