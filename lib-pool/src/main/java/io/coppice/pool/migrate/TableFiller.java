package io.coppice.pool.migrate;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.Structure;
import io.coppice.pool.table.Table;

/** Fills a new table from an old one, record by record. */
final class TableFiller {
    /** An insert saves a few words, names a copy and defers a head, whatever the sizes. */
    private static final long JOURNAL_BYTES = 64 * 1024;

    private final MigrationSite site;
    private final Structure body;
    private final RecordMigration each;

    TableFiller(final MigrationSite site, final Structure body, final RecordMigration each) {
        this.site = site;
        this.body = body;
        this.each = each;
    }

    void fill() throws Exception {
        // The daemon's journal, in which nothing is under way: this writer sees what is committed.
        final Structure there = site.oldBody();
        final Table old =
                Table.attach(
                        site.name(), site.journal(), site.arena(), there.offset(), there.bytes());
        try (FillJournal room = new FillJournal(site, JOURNAL_BYTES)) {
            final Table fresh =
                    Table.attach(
                            site.name(), room.journal(), site.arena(), body.offset(), body.bytes());
            SortedTableFiller.requireSameKeys(site, old.keyBytesMax(), fresh.keyBytesMax());
            if (each == null) {
                SortedTableFiller.requireRoom(site, old.size(), fresh.capacity());
            }
            copy(old, fresh, room.journal());
        }
    }

    private void copy(final Table old, final Table fresh, final Journal journal) throws Exception {
        final RecordConverter record =
                new RecordConverter(
                        site, old.keyBytesMax(), old.valueBytes(), fresh.valueBytes(), each);
        for (long from = old.next(Table.NONE); from != Table.NONE; from = old.next(from)) {
            final int length = key(old, from, record);
            old.getBytes(from, 0, record.before, 0, old.valueBytes());
            try {
                if (record.convert(length)) {
                    journal.begin();
                    insert(fresh, record, length);
                    journal.commit();
                }
            } catch (final ArenaException told) {
                throw told;
            } catch (final Exception cause) {
                throw record.failed(length, cause);
            }
        }
    }

    private static int key(final Table old, final long from, final RecordConverter record) {
        if (old.keyBytesMax() == 0) {
            record.key.putLong(0, old.longKey(from));
            return Long.BYTES;
        }
        return old.key(from, record.key, 0);
    }

    private static void insert(final Table fresh, final RecordConverter record, final int length) {
        final long to =
                fresh.keyBytesMax() == 0
                        ? fresh.insert(record.key.getLong(0))
                        : fresh.insert(record.key, 0, length);
        fresh.putBytes(to, 0, record.after, 0, fresh.valueBytes());
    }
}
