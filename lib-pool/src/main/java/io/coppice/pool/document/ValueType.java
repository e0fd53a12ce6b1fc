package io.coppice.pool.document;

/** What a value of a document is. The ordinals are in the arena: add at the end only. */
public enum ValueType {
    /** There is no value. */
    ABSENT,
    /** The value that says that there is none. */
    NULL,
    /** True or false. */
    BOOLEAN,
    /** A 64-bit number. */
    LONG,
    /** A 64-bit floating-point number. */
    DOUBLE,
    /** UTF-8. */
    TEXT,
    /** Bytes of any kind. */
    BYTES,
    /** Values by place, from 0. */
    ARRAY,
    /** Values by key, in the order in which the keys were first put. */
    TABLE
}
