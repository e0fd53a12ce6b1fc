package io.coppice.ring;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.DamagedArenaException;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A ring as a reader sees it: in another daemon's arena, mapped read-only. Nothing there is trusted
 * before it was checked. Allocates only while it looks for the ring.
 */
final class MappedRing {
    private final Path file;
    private final String structureName;
    private Memory arena;
    private DirectBuffer records;
    private long base;
    private long generation;
    private long capacityBytes;
    private RingMode mode;
    private String difference;

    MappedRing(final Path file, final String structureName) {
        this.file = file;
        this.structureName = structureName;
    }

    /**
     * Looks whether the writer lays its ring out anew, as it does after a reset, or in another
     * file, as it does where root has set its arena aside.
     */
    boolean isAttached() {
        if (arena != null && isSetAside(arena)) {
            arena = null;
        }
        return arena != null && isSame();
    }

    /** Returns whether it is still the ring that was attached to. */
    boolean isSame() {
        return arena.getLongAcquire(base + RingLayout.GENERATION) == generation;
    }

    void detach() {
        arena = null;
    }

    /**
     * Returns what of the ring this program cannot read, as of the last {@link #attach}, or null.
     */
    String difference() {
        return difference;
    }

    /** Looks for the ring; false where it is not there yet, or cannot be read. */
    boolean attach() {
        difference = null;
        if (!MappedFile.exists(file)) {
            return false;
        }
        final Memory memory = arena == null ? MappedFile.readOnly(file) : arena;
        final Structure place = isSetAside(memory) ? null : find(memory);
        if (place == null || place.kind() != StructureKind.RING) {
            return false;
        }
        final long ringGeneration = memory.getLongAcquire(place.offset() + RingLayout.GENERATION);
        final long capacity = memory.getLong(place.offset() + RingLayout.CAPACITY);
        final RingMode ringMode = RingMode.of(memory.getLong(place.offset() + RingLayout.MODE));
        final boolean whole =
                ringGeneration != 0
                        && ringMode != null
                        && capacity >= RingWriter.MIN_CAPACITY_BYTES
                        && capacity <= place.bytes() - RingLayout.RECORDS
                        && capacity <= RingWriter.MAX_CAPACITY_BYTES
                        && BitUtil.isPowerOfTwo(capacity);
        if (ringGeneration != 0) {
            difference =
                    RingLayout.difference(
                            memory.getLong(place.offset() + RingLayout.LAYOUT_VERSION));
            if (difference != null) {
                return false;
            }
        }
        // The directory may have been written while it was read.
        if (!whole || !place.equals(find(memory))) {
            return false;
        }
        arena = memory;
        base = place.offset();
        generation = ringGeneration;
        capacityBytes = capacity;
        mode = ringMode;
        records = memory.reader(base + RingLayout.RECORDS, (int) capacity);
        return true;
    }

    long generation() {
        return generation;
    }

    RingMode mode() {
        return mode;
    }

    DirectBuffer records() {
        return records;
    }

    long tail() {
        return arena.getLongAcquire(base + RingLayout.TAIL);
    }

    long tailNumber() {
        return arena.getLongAcquire(base + RingLayout.TAIL_NUMBER);
    }

    /** Returns the gate, a multiple of 8 whatever is there, since it is followed. */
    long gate() {
        return arena.getLongAcquire(base + RingLayout.GATE) & -RingLayout.ALIGNMENT;
    }

    long announcedGate() {
        return arena.getLongVolatile(base + RingLayout.ANNOUNCED_GATE);
    }

    boolean isWriterWaiting() {
        return arena.getLongVolatile(base + RingLayout.WRITER_WAITS) != 0;
    }

    long cutOffs() {
        return arena.getLongAcquire(base + RingLayout.CUT_OFFS);
    }

    /** Returns whether a record was not overwritten before everything that was read of it. */
    boolean isKept(final long position) {
        VarHandle.loadLoadFence();
        return arena.getLongAcquire(base + RingLayout.GATE) <= position && isSame();
    }

    int length(final long position) {
        return arena.getInt(record(position) + RingLayout.RECORD_LENGTH);
    }

    int type(final long position) {
        return arena.getInt(record(position) + RingLayout.RECORD_TYPE);
    }

    /** Returns the number of a record that is no padding. */
    long number(final long position) {
        return arena.getLong(record(position) + RingLayout.RECORD_NUMBER);
    }

    long recordBytes(final int type, final int length, final long position, final long tail) {
        return RingLayout.recordBytes(type, length, position, tail, capacityBytes);
    }

    /** Returns where a record's payload begins in {@link #records}. */
    int payloadIndex(final long position) {
        return (int) (position & capacityBytes - 1) + RingLayout.RECORD_HEADER_BYTES;
    }

    int partType(final long position) {
        return arena.getInt(payload(position) + RingLayout.PART_TYPE);
    }

    int partIndex(final long position) {
        return arena.getInt(payload(position) + RingLayout.PART_INDEX);
    }

    int partMessageBytes(final long position) {
        return arena.getInt(payload(position) + RingLayout.PART_MESSAGE_BYTES);
    }

    int chainBytesMax() {
        return RingLayout.chainBytesMax(capacityBytes);
    }

    int blockMessageType(final long position) {
        return arena.getInt(payload(position) + RingLayout.BLOCK_MESSAGE_TYPE);
    }

    int blockMessageBytes(final long position) {
        return arena.getInt(payload(position) + RingLayout.BLOCK_MESSAGE_BYTES);
    }

    long blockOffset(final long position) {
        return arena.getLong(payload(position) + RingLayout.BLOCK_OFFSET);
    }

    /** Has a buffer look at a part of the writer's arena; false where that is not inside of it. */
    boolean wrap(final UnsafeBuffer buffer, final long offset, final int length) {
        if (length < 0 || offset < 0 || offset > arena.bytes() - length) {
            return false;
        }
        buffer.wrap(arena.address() + offset, length);
        return true;
    }

    private long payload(final long position) {
        return record(position) + RingLayout.RECORD_HEADER_BYTES;
    }

    private long record(final long position) {
        return base + RingLayout.RECORDS + (position & capacityBytes - 1);
    }

    private static boolean isSetAside(final Memory memory) {
        return memory.getLongAcquire(ArenaLayout.SET_ASIDE) != 0;
    }

    /** A writer whose directory is damaged has no ring until it is mended or set aside. */
    private Structure find(final Memory memory) {
        try {
            return ArenaDirectory.find(memory, structureName);
        } catch (final DamagedArenaException damaged) {
            return null;
        }
    }
}
