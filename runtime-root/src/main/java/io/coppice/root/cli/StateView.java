package io.coppice.root.cli;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.schema.StructureHeader;
import java.util.function.Consumer;

/** What the {@code state} commands show of one structure, with nothing but the arena. */
interface StateView {
    /**
     * Returns the view of a structure.
     *
     * @throws io.coppice.pool.ArenaException where it is damaged
     */
    static StateView of(final StateTarget target, final Structure structure) {
        final Memory arena = target.arena();
        final Structure body = ArenaDirectory.findBody(arena, structure.name());
        final StructureHeader header = ArenaDirectory.header(arena, structure.name());
        final RecordSchema schema = header == null ? null : header.recordSchema();
        final String name = target.label() + "/" + structure.name();
        return switch (structure.kind()) {
            case TABLE -> new StateTableView(name, arena, body, schema);
            case SORTED_TABLE -> new StateSortedView(name, arena, body, schema);
            case RECORD_LOG -> new StateLogView(name, arena, body, schema);
            case CELL -> StateValueView.ofCell(name, arena, body);
            case COUNTER -> StateValueView.ofCounter(name, arena, body);
            case LOCK -> StateValueView.ofLock(name, arena, body);
            case READ_WRITE_LOCK -> StateValueView.ofReadWriteLock(name, arena, body);
            case BLOCK_POOL -> new StateBlocksView(name, arena, body);
            case DOCUMENTS -> new StateDocumentsView(name, arena, body);
            case PIPE -> new StatePipeView(name, arena, body);
            case JOURNAL, POOL, REGION, RING, LOG_LINES, REQUESTS -> new StateBytesView(name, body);
        };
    }

    /** Returns how much it holds, how much it ever held and how much it can, for people. */
    Fill fill();

    /** Returns whether there is more than one thing in it, each with a key. */
    boolean isKeyed();

    /**
     * Returns what a key names, as a line of text or as a JSON object.
     *
     * @param key null where it is not keyed
     * @throws CommandFailure where there is nothing of that key
     */
    String get(String key, boolean json);

    /** Shows everything in it, each as a JSON object. */
    void forEachJson(Consumer<String> lines);

    /**
     * How full a structure is; "-" where that means nothing.
     *
     * @param holds now
     * @param atMost ever
     * @param capacity at most
     */
    record Fill(String holds, String atMost, String capacity) {
        static final Fill NONE = new Fill("-", "-", "-");

        static Fill of(final long holds, final long atMost, final long capacity) {
            return new Fill(Long.toString(holds), Long.toString(atMost), Long.toString(capacity));
        }
    }
}
