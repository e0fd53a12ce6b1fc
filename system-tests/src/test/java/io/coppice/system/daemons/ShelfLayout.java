package io.coppice.system.daemons;

import io.coppice.pool.schema.RecordSchema;

/** What the daemon and the transactions of the shelf agree on. */
final class ShelfLayout {
    /** How many tasks there are, numbered from 1. */
    static final int TASKS = 300;

    static final int BLOCK_BYTES = 128;
    static final int DOCUMENT_BLOCK_BYTES = 512;
    static final int LEDGER_ENTRIES = 16;
    static final int KEY_BYTES_MAX = 16;
    static final int NOTE_BYTES_MAX = 32;

    static final RecordSchema ITEM =
            RecordSchema.builder("item").longField("square").longField("block").build();
    static final RecordSchema NAME =
            RecordSchema.builder("name").longField("number").text("says", 16).build();

    private ShelfLayout() {}
}
