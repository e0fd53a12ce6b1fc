package io.coppice.pool.migrate;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Structure;
import io.coppice.pool.log.RecordLog;
import io.coppice.pool.log.RecordLogReader;
import io.coppice.pool.schema.RecordSchema;
import java.lang.foreign.Arena;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Fills a new log with the records of an old one, oldest first, so that the newest remain where not
 * all fit. They keep their numbers, so readers find where they were.
 */
final class RecordLogFiller {
    private static final long JOURNAL_BYTES = 4096;
    private static final long ALIGNMENT = 64;

    private final MigrationSite site;
    private final Structure body;
    private final RecordConverter record;

    RecordLogFiller(final MigrationSite site, final Structure body, final RecordMigration each) {
        this.site = site;
        this.body = body;
        final RecordSchema from = RecordConverter.schema(site.oldHeader());
        final RecordSchema to = RecordConverter.schema(site.newHeader());
        if (each != null && (from == null || to == null)) {
            throw new ArenaException(
                    site.name() + ": its records have no schema: copyByName() copies them");
        }
        record =
                from == null || to == null
                        ? null
                        : new RecordConverter(site, 0, from.bytes(), to.bytes(), each);
    }

    void fill() throws Exception {
        final Structure there = site.oldBody();
        final RecordLogReader old =
                RecordLogReader.attach(site.name(), site.arena(), there.offset(), there.bytes());
        try (FillJournal room = new FillJournal(site, JOURNAL_BYTES);
                Arena lifetime = Arena.ofConfined()) {
            final RecordLog fresh =
                    RecordLog.attach(
                            site.name(), room.journal(), site.arena(), body.offset(), body.bytes());
            final RecordLog writer =
                    RecordLog.attach(
                            site.name(),
                            site.journal(),
                            site.arena(),
                            there.offset(),
                            there.bytes());
            fresh.beginAt(writer.nextSequence() - writer.size());
            final int longest = (int) Math.min(Integer.MAX_VALUE, old.capacity());
            final UnsafeBuffer bytes =
                    new UnsafeBuffer(lifetime.allocate(longest, ALIGNMENT).address(), longest);
            for (int length = old.read(bytes, 0);
                    length != RecordLogReader.NOTHING;
                    length = old.read(bytes, 0)) {
                room.journal().begin();
                append(fresh, bytes, length, old.sequence());
                room.journal().commit();
            }
        }
    }

    private void append(
            final RecordLog fresh, final UnsafeBuffer bytes, final int length, final long sequence)
            throws Exception {
        if (RecordLog.bytesOf(length) > fresh.capacity()) {
            throw new ArenaException(
                    site.name()
                            + ": record "
                            + sequence
                            + " of "
                            + length
                            + " bytes does not fit into a log of "
                            + fresh.capacity()
                            + "; raise \""
                            + site.name()
                            + "\" under \"capacities\" in the manifest");
        }
        if (record == null) {
            fresh.append(bytes, 0, length);
            return;
        }
        record.key.putLong(0, sequence);
        if (length != record.before.capacity()) {
            throw new ArenaException(
                    site.name()
                            + ": record "
                            + sequence
                            + " has "
                            + length
                            + " bytes, its schema says "
                            + record.before.capacity());
        }
        record.before.putBytes(0, bytes, 0, length);
        final boolean kept;
        try {
            kept = record.convert(Long.BYTES);
        } catch (final Exception cause) {
            throw record.failed(Long.BYTES, cause);
        }
        if (!kept) {
            throw new ArenaException(
                    site.name()
                            + ": record "
                            + sequence
                            + " cannot be left out: the numbers of a log have no gaps");
        }
        fresh.append(record.after, 0, record.after.capacity());
    }
}
