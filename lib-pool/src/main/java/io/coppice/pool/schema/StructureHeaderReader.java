package io.coppice.pool.schema;

import io.coppice.pool.ArenaException;
import io.coppice.pool.DamagedArenaException;
import io.coppice.pool.Memory;

/**
 * Reads a header that may be anything. A word that leads somewhere is loaded once, then judged,
 * since another process may be storing there.
 */
final class StructureHeaderReader {
    private final String name;
    private final Memory arena;
    private final long offset;
    private final long bytes;

    private StructureHeaderReader(
            final String name, final Memory arena, final long offset, final long bytes) {
        this.name = name;
        this.arena = arena;
        this.offset = offset;
        this.bytes = bytes;
    }

    static StructureHeader read(
            final String name, final Memory arena, final long offset, final long bytes) {
        final StructureHeaderReader reader = new StructureHeaderReader(name, arena, offset, bytes);
        reader.requireHeader();
        return reader.header();
    }

    /** Returns the hash of the words that the checksum covers. */
    static long checksum(final Memory arena, final long offset) {
        long hash = Fnv1a.BASIS;
        for (long at = StructureHeaderLayout.BODY_OFFSET;
                at < StructureHeaderLayout.CHECKSUM;
                at += Long.BYTES) {
            hash = Fnv1a.add(hash, arena.getLong(offset + at));
        }
        return hash;
    }

    private void requireHeader() {
        if (offset < 0 || bytes < 0 || offset > arena.bytes() - bytes) {
            throw damaged(bytes + " bytes are not within the arena's " + arena.bytes());
        }
        if (offset % StructureHeaderLayout.ALIGNMENT != 0) {
            throw damaged("is not aligned to " + StructureHeaderLayout.ALIGNMENT);
        }
        if (!StructureHeader.isPresent(arena, offset, bytes)) {
            throw damaged("there is none");
        }
        final long magic = arena.getLongAcquire(offset + StructureHeaderLayout.MAGIC_AND_VERSION);
        final int version = (int) (magic >>> Integer.SIZE);
        if (version != StructureHeaderLayout.FORMAT_VERSION) {
            throw new ArenaException(
                    where()
                            + "is of format "
                            + version
                            + ", this program knows "
                            + StructureHeaderLayout.FORMAT_VERSION);
        }
        if (word(StructureHeaderLayout.CHECKSUM) != checksum(arena, offset)) {
            throw damaged("is damaged, its checksum is wrong");
        }
    }

    private StructureHeader header() {
        final int keyBytes = schemaBytes("key", StructureHeaderLayout.KEY_SCHEMA_BYTES);
        final int recordBytes = schemaBytes("record", StructureHeaderLayout.RECORD_SCHEMA_BYTES);
        final int recordOffset = StructureHeaderLayout.recordSchemaOffset(keyBytes);
        final long bodyOffset = StructureHeaderLayout.bodyOffset(keyBytes, recordBytes);
        requirePlace(
                "key schema",
                arena.getInt(offset + StructureHeaderLayout.KEY_SCHEMA_OFFSET),
                keyBytes == 0 ? 0 : StructureHeaderLayout.FIXED_BYTES);
        requirePlace(
                "record schema",
                arena.getInt(offset + StructureHeaderLayout.RECORD_SCHEMA_OFFSET),
                recordBytes == 0 ? 0 : recordOffset);
        requirePlace("body", word(StructureHeaderLayout.BODY_OFFSET), bodyOffset);
        final long bodyBytes = word(StructureHeaderLayout.BODY_BYTES);
        if (bodyBytes <= 0 || bodyBytes != bytes - bodyOffset) {
            throw damaged(
                    "a body of "
                            + bodyBytes
                            + " bytes at "
                            + bodyOffset
                            + " is not the rest of the structure's "
                            + bytes);
        }
        final long capacity = word(StructureHeaderLayout.CAPACITY);
        if (capacity < 0) {
            throw damaged("a capacity of " + capacity);
        }
        final StructureHeader header =
                StructureHeader.of(
                        schema("key", StructureHeaderLayout.FIXED_BYTES, keyBytes),
                        schema("record", recordOffset, recordBytes),
                        bodyBytes,
                        capacity);
        if (word(StructureHeaderLayout.FINGERPRINT) != header.fingerprint()) {
            throw damaged("the fingerprint is not that of its schemas");
        }
        return header;
    }

    private int schemaBytes(final String what, final int word) {
        final int schemaBytes = arena.getInt(offset + word);
        if (schemaBytes < 0 || schemaBytes > RecordSchemaLayout.ENCODED_BYTES_MAX) {
            throw damaged("a " + what + " schema of " + schemaBytes + " bytes");
        }
        return schemaBytes;
    }

    private void requirePlace(final String what, final long place, final long expected) {
        if (place != expected) {
            throw damaged("the " + what + " is said to be at " + place + ", not " + expected);
        }
    }

    /** Only once the body is known to end with the structure, and so the schemas to lie in it. */
    private RecordSchema schema(final String what, final int place, final int schemaBytes) {
        if (schemaBytes == 0) {
            return null;
        }
        final byte[] encoded = new byte[schemaBytes];
        arena.getBytes(offset + place, encoded, 0, schemaBytes);
        try {
            return RecordSchemaCodec.decode(encoded);
        } catch (final ArenaException damaged) {
            throw new ArenaException(where() + what + " " + damaged.getMessage(), damaged);
        }
    }

    private long word(final int word) {
        return arena.getLong(offset + word);
    }

    private DamagedArenaException damaged(final String what) {
        return new DamagedArenaException(where() + what);
    }

    private String where() {
        return name + ": header at offset " + offset + ": ";
    }
}
