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
    TABLE,
    /** Records in the order of their keys. */
    SORTED_TABLE,
    /** The newest records of a log. */
    RECORD_LOG,
    /** One value. */
    CELL,
    /** A number that many processes add to. */
    COUNTER,
    /** Blocks of one size. */
    BLOCK_POOL,
    /** A lock that one process holds at a time. */
    LOCK,
    /** A lock that many hold to read, or one to write. */
    READ_WRITE_LOCK,
    /** Blocks that hold documents. */
    DOCUMENTS,
    /** A queue of messages, each for one of its readers. */
    PIPE,
    /** Requests to or of another daemon that have no outcome yet. */
    REQUESTS
}
