package io.coppice.pool.schema;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;

/**
 * Reads headers that may be anything. What is looked at twice is copied out first, since another
 * process may be storing there.
 */
final class StructureHeaderReader {
    private StructureHeaderReader() {}

    static StructureHeader read(
            final String name, final Memory arena, final long offset, final long bytes) {
        final String who = name + ": header at offset " + offset + ": ";
        if (offset < 0 || bytes < 0 || offset > arena.bytes() - bytes) {
            throw new ArenaException(
                    who + bytes + " bytes are not within the arena's " + arena.bytes());
        }
        if (offset % StructureHeaderLayout.ALIGNMENT != 0) {
            throw new ArenaException(who + "is not aligned to " + StructureHeaderLayout.ALIGNMENT);
        }
        if (!StructureHeader.isPresent(arena, offset, bytes)) {
            throw new ArenaException(who + "there is none");
        }
        final int version =
                (int)
                        (arena.getLongAcquire(offset + StructureHeaderLayout.MAGIC_AND_VERSION)
                                >>> Integer.SIZE);
        if (version != StructureHeaderLayout.FORMAT_VERSION) {
            throw new ArenaException(
                    who
                            + "is of format "
                            + version
                            + ", this program knows "
                            + StructureHeaderLayout.FORMAT_VERSION);
        }
        if (arena.getLong(offset + StructureHeaderLayout.CHECKSUM) != checksum(arena, offset)) {
            throw new ArenaException(who + "is damaged, its checksum is wrong");
        }
        return readWords(who, arena, offset, bytes);
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

    private static StructureHeader readWords(
            final String who, final Memory arena, final long offset, final long bytes) {
        final int keyBytes = arena.getInt(offset + StructureHeaderLayout.KEY_SCHEMA_BYTES);
        final int recordBytes = arena.getInt(offset + StructureHeaderLayout.RECORD_SCHEMA_BYTES);
        requireSize(who, "key", keyBytes);
        requireSize(who, "record", recordBytes);
        final int recordOffset = StructureHeaderLayout.recordSchemaOffset(keyBytes);
        requirePlace(
                who,
                "key schema",
                arena.getInt(offset + StructureHeaderLayout.KEY_SCHEMA_OFFSET),
                keyBytes == 0 ? 0 : StructureHeaderLayout.FIXED_BYTES);
        requirePlace(
                who,
                "record schema",
                arena.getInt(offset + StructureHeaderLayout.RECORD_SCHEMA_OFFSET),
                recordBytes == 0 ? 0 : recordOffset);
        final long bodyOffset = StructureHeaderLayout.bodyOffset(keyBytes, recordBytes);
        requirePlace(
                who, "body", arena.getLong(offset + StructureHeaderLayout.BODY_OFFSET), bodyOffset);
        final long bodyBytes = arena.getLong(offset + StructureHeaderLayout.BODY_BYTES);
        if (bodyBytes <= 0 || bodyOffset >= bytes || bodyBytes != bytes - bodyOffset) {
            throw new ArenaException(
                    who
                            + "a body of "
                            + bodyBytes
                            + " bytes at "
                            + bodyOffset
                            + " is not the rest of the structure's "
                            + bytes);
        }
        final long capacity = arena.getLong(offset + StructureHeaderLayout.CAPACITY);
        if (capacity < 0) {
            throw new ArenaException(who + "a capacity of " + capacity);
        }
        final long keyPlace = offset + StructureHeaderLayout.FIXED_BYTES;
        final StructureHeader header =
                StructureHeader.of(
                        schema(who + "key ", arena, keyPlace, keyBytes),
                        schema(who + "record ", arena, offset + recordOffset, recordBytes),
                        bodyBytes,
                        capacity);
        if (arena.getLong(offset + StructureHeaderLayout.FINGERPRINT) != header.fingerprint()) {
            throw new ArenaException(who + "the fingerprint is not that of its schemas");
        }
        return header;
    }

    private static RecordSchema schema(
            final String who, final Memory arena, final long offset, final int bytes) {
        if (bytes == 0) {
            return null;
        }
        final byte[] encoded = new byte[bytes];
        arena.getBytes(offset, encoded, 0, bytes);
        try {
            return RecordSchemaCodec.decode(encoded);
        } catch (final ArenaException damaged) {
            throw new ArenaException(who + damaged.getMessage(), damaged);
        }
    }

    private static void requireSize(final String who, final String what, final int bytes) {
        if (bytes < 0 || bytes > RecordSchemaLayout.ENCODED_BYTES_MAX) {
            throw new ArenaException(who + "a " + what + " schema of " + bytes + " bytes");
        }
    }

    private static void requirePlace(
            final String who, final String what, final long place, final long expected) {
        if (place != expected) {
            throw new ArenaException(
                    who + "the " + what + " is said to be at " + place + ", not " + expected);
        }
    }
}
