package io.coppice.pool.cell;

/** What a cell holds; the ordinal plus one is what the cell says about itself. */
public enum CellKind {
    /** A 64-bit number. */
    LONG,
    /** A floating-point number. */
    DOUBLE,
    /** Bytes up to a length, by convention UTF-8. */
    TEXT
}
