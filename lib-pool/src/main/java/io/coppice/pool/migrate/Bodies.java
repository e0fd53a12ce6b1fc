package io.coppice.pool.migrate;

import io.coppice.pool.BodyLayout;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.cell.Cell;
import io.coppice.pool.cell.CellKind;
import io.coppice.pool.cell.Counter;
import io.coppice.pool.log.RecordLog;
import io.coppice.pool.table.Table;
import io.coppice.pool.tree.SortedTable;

/** How the bodies of the structures of this library are laid out. For any thread. */
public final class Bodies {
    private Bodies() {}

    /** Returns the layout of a table; see {@link Table#layOut}. */
    public static BodyLayout table(
            final String name,
            final Journal journal,
            final long capacity,
            final int keyBytesMax,
            final int valueBytes) {
        return new TableBody(name, journal, capacity, keyBytesMax, valueBytes);
    }

    /** Returns the layout of a sorted table; see {@link SortedTable#layOut}. */
    public static BodyLayout sortedTable(
            final String name,
            final Journal journal,
            final long capacity,
            final int keyBytesMax,
            final int valueBytes) {
        return new SortedTableBody(name, journal, capacity, keyBytesMax, valueBytes);
    }

    /** Returns the layout of a log; see {@link RecordLog#layOut}. */
    public static BodyLayout log(
            final String name, final Journal journal, final long capacityBytes) {
        return new LogBody(name, journal, capacityBytes);
    }

    /**
     * Returns the layout of a cell.
     *
     * @param textBytesMax of a text, else 0
     */
    public static BodyLayout cell(
            final String name, final Journal journal, final CellKind kind, final int textBytesMax) {
        return new CellBody(name, journal, kind, textBytesMax);
    }

    /** Returns the layout of a counter; see {@link Counter#layOut}. */
    public static BodyLayout counter(final String name, final int typeId, final String label) {
        return new CounterBody(name, typeId, label);
    }

    private record TableBody(
            String name, Journal journal, long capacity, int keyBytesMax, int valueBytes)
            implements BodyLayout {
        @Override
        public void layOut(final Memory arena, final long offset) {
            Table.layOut(name, journal, arena, offset, capacity, keyBytesMax, valueBytes);
        }

        @Override
        public String difference(final Memory arena, final Structure body) {
            final Table there = Table.attach(name, journal, arena, body.offset(), body.bytes());
            return ofKeys(there.keyBytesMax(), keyBytesMax);
        }
    }

    private record SortedTableBody(
            String name, Journal journal, long capacity, int keyBytesMax, int valueBytes)
            implements BodyLayout {
        @Override
        public void layOut(final Memory arena, final long offset) {
            SortedTable.layOut(name, journal, arena, offset, capacity, keyBytesMax, valueBytes);
        }

        @Override
        public String difference(final Memory arena, final Structure body) {
            final SortedTable there =
                    SortedTable.attach(name, journal, arena, body.offset(), body.bytes());
            return ofKeys(there.keyBytesMax(), keyBytesMax);
        }
    }

    private record LogBody(String name, Journal journal, long capacityBytes) implements BodyLayout {
        @Override
        public void layOut(final Memory arena, final long offset) {
            RecordLog.layOut(name, journal, arena, offset, capacityBytes);
        }
    }

    private record CellBody(String name, Journal journal, CellKind kind, int textBytesMax)
            implements BodyLayout {
        @Override
        public void layOut(final Memory arena, final long offset) {
            switch (kind) {
                case LONG -> Cell.layOutLong(name, journal, arena, offset);
                case DOUBLE -> Cell.layOutDouble(name, journal, arena, offset);
                case TEXT -> Cell.layOutText(name, journal, arena, offset, textBytesMax);
            }
        }

        @Override
        public String difference(final Memory arena, final Structure body) {
            final Cell there = Cell.attach(name, journal, arena, body.offset(), body.bytes());
            if (there.kind() != kind) {
                return "was a " + there.kind() + ", is a " + kind;
            }
            return there.capacity() == textBytesMax
                    ? null
                    : "text had room for " + there.capacity() + " bytes, has for " + textBytesMax;
        }
    }

    private record CounterBody(String name, int typeId, String label) implements BodyLayout {
        @Override
        public void layOut(final Memory arena, final long offset) {
            Counter.layOut(name, arena, offset, typeId, label);
        }
    }

    /** The size may be the same, since keys are padded. */
    private static String ofKeys(final int before, final int now) {
        if (before == now) {
            return null;
        }
        return "keys"
                + (before < now ? " grew" : " shrank")
                + " from at most "
                + before
                + " to "
                + now
                + " bytes";
    }
}
