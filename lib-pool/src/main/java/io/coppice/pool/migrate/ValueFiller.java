package io.coppice.pool.migrate;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.cell.Cell;
import io.coppice.pool.cell.CellKind;
import io.coppice.pool.cell.Counter;
import org.agrona.concurrent.UnsafeBuffer;

/** Has a new cell or counter hold what the old one does. */
final class ValueFiller {
    private static final long JOURNAL_BYTES = 4096;

    private ValueFiller() {}

    static void fill(final MigrationSite site, final Structure body) {
        final Structure there = site.oldBody();
        if (site.newKind() == StructureKind.COUNTER) {
            Counter.attach(site.name(), site.arena(), body.offset(), body.bytes())
                    .set(
                            Counter.attach(site.name(), site.arena(), there.offset(), there.bytes())
                                    .get());
            return;
        }
        final Cell old =
                Cell.attach(
                        site.name(), site.journal(), site.arena(), there.offset(), there.bytes());
        try (FillJournal room = new FillJournal(site, JOURNAL_BYTES)) {
            final Cell fresh =
                    Cell.attach(
                            site.name(), room.journal(), site.arena(), body.offset(), body.bytes());
            if (old.kind() != fresh.kind()) {
                throw new ArenaException(
                        site.name()
                                + ": was a "
                                + old.kind()
                                + " and is a "
                                + fresh.kind()
                                + ": startEmpty(), then set it in open()");
            }
            room.journal().begin();
            copy(site, old, fresh);
            room.journal().commit();
        }
    }

    private static void copy(final MigrationSite site, final Cell old, final Cell fresh) {
        if (old.kind() == CellKind.LONG) {
            fresh.setLong(old.getLong());
        } else if (old.kind() == CellKind.DOUBLE) {
            fresh.setDouble(old.getDouble());
        } else {
            final UnsafeBuffer text = new UnsafeBuffer(new byte[old.capacity()]);
            final int length = old.getText(text, 0);
            if (length > fresh.capacity()) {
                throw new ArenaException(
                        site.name()
                                + ": its text of "
                                + length
                                + " bytes would be cut to "
                                + fresh.capacity()
                                + "; make the cell larger, or startEmpty()");
            }
            fresh.setText(text, 0, length);
        }
    }
}
