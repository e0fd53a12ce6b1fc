package io.coppice.pool;

/**
 * What a directory entry describes. The ordinal is part of the arena's format: new kinds come last.
 */
public enum StructureKind {
    /** The undo journal of the daemon. */
    JOURNAL,
    /** A pool of transaction workers. */
    POOL,
    /** Bytes whose meaning only the daemon knows. */
    REGION,
    /** A ring of messages. */
    RING,
    /** The latest log lines. */
    LOG_LINES,
    /** A hash table of records. */
    TABLE
}
