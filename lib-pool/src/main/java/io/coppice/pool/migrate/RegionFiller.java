package io.coppice.pool.migrate;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.schema.RecordSchema;
import java.lang.foreign.Arena;
import org.agrona.concurrent.UnsafeBuffer;

/** Fills a new region: an array of records where the headers say so, else bytes. */
final class RegionFiller {
    private static final long ALIGNMENT = 64;

    private RegionFiller() {}

    static void fill(final MigrationSite site, final Structure body, final RecordMigration each)
            throws Exception {
        final RecordSchema from = RecordConverter.schema(site.oldHeader());
        final RecordSchema to = RecordConverter.schema(site.newHeader());
        if (from != null && to != null) {
            fillRecords(site, body, each, from.bytes(), to.bytes());
        } else if (each != null) {
            throw new ArenaException(
                    site.name() + ": its bytes are no records with a schema: use copyBytes(...)");
        } else {
            final long bytes = site.oldBody().bytes();
            if (bytes > body.bytes()) {
                throw new ArenaException(
                        site.name()
                                + ": "
                                + bytes
                                + " bytes would be cut to "
                                + body.bytes()
                                + "; say in copyBytes(...) what they become");
            }
            site.arena().putBytes(body.offset(), site.arena(), site.oldBody().offset(), bytes);
        }
    }

    private static void fillRecords(
            final MigrationSite site,
            final Structure body,
            final RecordMigration each,
            final int oldBytes,
            final int newBytes)
            throws Exception {
        final Memory arena = site.arena();
        final long there = site.oldBody().bytes() / oldBytes;
        final long room = body.bytes() / newBytes;
        if (there > room) {
            throw new ArenaException(
                    site.name() + ": has " + there + " records, the new one room for " + room);
        }
        final RecordConverter record = new RecordConverter(site, 0, oldBytes, newBytes, each);
        for (long index = 0; index < there; index++) {
            final long from = site.oldBody().offset() + index * oldBytes;
            arena.getBytes(from, record.before.byteArray(), 0, oldBytes);
            record.key.putLong(0, index);
            try {
                if (record.convert(Long.BYTES)) {
                    arena.putBytes(body.offset() + index * newBytes, record.after, 0, newBytes);
                }
            } catch (final Exception cause) {
                throw record.failed(Long.BYTES, cause);
            }
        }
    }

    static void fillBytes(
            final MigrationSite site, final Structure body, final BytesMigration bytes)
            throws Exception {
        if (Math.max(body.bytes(), site.oldBody().bytes()) > Integer.MAX_VALUE) {
            throw new ArenaException(site.name() + ": copyBytes is for regions below 2 GiB");
        }
        // Copies, so that nothing but Memory stores into the arena, and the old bytes stay.
        try (Arena lifetime = Arena.ofConfined()) {
            final UnsafeBuffer before = buffer(lifetime, site.oldBody().bytes());
            final UnsafeBuffer after = buffer(lifetime, body.bytes());
            before.putBytes(
                    0,
                    site.arena().reader(site.oldBody().offset(), before.capacity()),
                    0,
                    before.capacity());
            bytes.migrate(before, after);
            site.arena().putBytes(body.offset(), after, 0, after.capacity());
        }
    }

    private static UnsafeBuffer buffer(final Arena lifetime, final long bytes) {
        return new UnsafeBuffer(lifetime.allocate(bytes, ALIGNMENT).address(), (int) bytes);
    }
}
