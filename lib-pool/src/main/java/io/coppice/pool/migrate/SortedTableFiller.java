package io.coppice.pool.migrate;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Structure;
import io.coppice.pool.tree.Cursor;
import io.coppice.pool.tree.SortedTable;
import io.coppice.pool.tree.SortedTableReader;

/** Fills a new sorted table from an old one, in the order of the keys. */
final class SortedTableFiller {
    private static final long JOURNAL_BYTES = 64 * 1024;

    private final MigrationSite site;
    private final Structure body;
    private final RecordMigration each;

    SortedTableFiller(final MigrationSite site, final Structure body, final RecordMigration each) {
        this.site = site;
        this.body = body;
        this.each = each;
    }

    void fill() throws Exception {
        final Structure there = site.oldBody();
        final SortedTableReader old =
                SortedTableReader.attach(site.name(), site.arena(), there.offset(), there.bytes());
        try (FillJournal room = new FillJournal(site, journalBytes())) {
            final SortedTable fresh =
                    SortedTable.attach(
                            site.name(), room.journal(), site.arena(), body.offset(), body.bytes());
            requireSameKeys(site, old.keyBytesMax(), fresh.keyBytesMax());
            if (each == null) {
                requireRoom(site, old.size(), fresh.capacity());
            }
            final RecordConverter record =
                    new RecordConverter(
                            site, old.keyBytesMax(), old.valueBytes(), fresh.valueBytes(), each);
            final Cursor cursor = old.cursor();
            while (cursor.next()) {
                final int length = cursor.key(record.key, 0);
                cursor.value(record.before, 0);
                try {
                    if (record.convert(length)) {
                        room.journal().begin();
                        insert(fresh, record, length);
                        room.journal().commit();
                    }
                } catch (final ArenaException told) {
                    throw told;
                } catch (final Exception cause) {
                    throw record.failed(length, cause);
                }
            }
        }
    }

    /** An insert saves up to two nodes a level. */
    private long journalBytes() {
        final SortedTable empty =
                SortedTable.attach(
                        site.name(), site.journal(), site.arena(), body.offset(), body.bytes());
        final int levels = Long.SIZE - Long.numberOfLeadingZeros(empty.capacity());
        return JOURNAL_BYTES + 2L * levels * empty.nodeBytes();
    }

    private static void insert(
            final SortedTable fresh, final RecordConverter record, final int length) {
        if (fresh.keyBytesMax() == 0) {
            fresh.insert(record.key.getLong(0), record.after, 0);
        } else {
            fresh.insert(record.key, 0, length, record.after, 0);
        }
    }

    static void requireSameKeys(
            final MigrationSite site, final int oldBytesMax, final int newBytesMax) {
        if (oldBytesMax == 0 != (newBytesMax == 0)) {
            throw new ArenaException(
                    site.name()
                            + ": its keys were "
                            + (oldBytesMax == 0 ? "numbers and are bytes" : "bytes and are numbers")
                            + ": startEmpty(), or keep it and add one under another name");
        }
    }

    /** Says so before anything is copied. */
    static void requireRoom(final MigrationSite site, final long size, final long capacity) {
        if (size > capacity) {
            throw new ArenaException(
                    site.name()
                            + ": holds "
                            + size
                            + " records, the new one has room for "
                            + capacity
                            + "; raise \""
                            + site.name()
                            + "\" under \"capacities\" in the manifest");
        }
    }
}
