package io.coppice.ring;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.DamagedArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.board.Bells;
import io.coppice.pool.plan.DaemonPlan;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

/**
 * The reading end of a ring in another daemon's arena, which is mapped read-only. The position is
 * kept in a cursor line of the reader's own arena and is part of its transactions. For the daemon's
 * own thread; allocates only while it looks for the ring.
 */
public final class RingReader {
    private final Memory own;
    private final Journal journal;
    private final Bells bells;
    private final Path writerFile;
    private final int writerSlot;
    private final String structureName;
    private final String name;
    private final long cursor;

    private Memory writer;
    private DirectBuffer records;
    private long ring;
    private long generation;
    private long capacityBytes;
    private long position;

    private RingReader(
            final Arena arena,
            final long cursor,
            final DaemonPlan writer,
            final String ring,
            final Path runDirectory,
            final Bells bells) {
        this.own = arena.memory();
        this.journal = arena.journal();
        this.bells = bells;
        this.writerFile = runDirectory.resolve(writer.arenaFile());
        this.writerSlot = writer.slot();
        this.structureName = RingLayout.structureName(ring);
        this.name = writer.name() + "/" + ring;
        this.cursor = cursor;
    }

    /**
     * Opens the reading end, whether or not the writer has laid out its ring yet. Only while the
     * arena is open.
     *
     * @throws ArenaException where this daemon reads too many rings
     */
    public static RingReader open(
            final Arena arena,
            final DaemonPlan writer,
            final String ring,
            final Path runDirectory,
            final Bells bells) {
        if (!arena.isOpen()) {
            throw new ArenaException(
                    "ring \"" + writer.name() + "/" + ring + "\": readers are opened in open()");
        }
        final long key = RingLayout.cursorKey(writer.name(), ring);
        final Memory memory = arena.memory();
        for (int i = 0; i < ArenaLayout.CURSORS; i++) {
            final long line = ArenaLayout.cursor(i);
            final long there = memory.getLong(line + ArenaLayout.CURSOR_KEY);
            if (there == 0) {
                memory.putLongRelease(line + ArenaLayout.CURSOR_KEY, key);
            }
            if (there == 0 || there == key) {
                return new RingReader(arena, line, writer, ring, runDirectory, bells);
            }
        }
        throw new ArenaException(
                "ring \""
                        + writer.name()
                        + "/"
                        + ring
                        + "\": more than "
                        + ArenaLayout.CURSORS
                        + " rings to read");
    }

    /**
     * Hands messages to a handler, all in one transaction.
     *
     * @param limit of messages; what they change must fit the journal
     * @return how many there were
     */
    public int poll(final MessageHandler handler, final int limit) {
        if (!isAttached() && !attach()) {
            return 0;
        }
        final long tail = writer.getLongAcquire(ring + RingLayout.TAIL);
        if (tail == position) {
            return 0;
        }
        journal.begin();
        try {
            final int count = read(handler, limit, tail);
            journal.commit();
            if (own.getLong(cursor + ArenaLayout.CURSOR_POSITION) != position) {
                position = own.getLong(cursor + ArenaLayout.CURSOR_POSITION);
                // Either the writer sees the position or this sees that it waits; a release store
                // alone may come later.
                VarHandle.fullFence();
                if (writer.getLongVolatile(ring + RingLayout.WRITER_WAITS) != 0) {
                    bells.ring(writerSlot);
                }
            }
            return count;
        } finally {
            if (journal.isActive()) {
                journal.rollback();
            }
        }
    }

    /** Returns how many published bytes wait to be read; 0 while the ring is not there yet. */
    public long backlogBytes() {
        return isAttached() ? writer.getLongAcquire(ring + RingLayout.TAIL) - position : 0;
    }

    private int read(final MessageHandler handler, final int limit, final long tail) {
        long at = position;
        int count = 0;
        while (at < tail && count < limit) {
            final long place = at & capacityBytes - 1;
            final long record = ring + RingLayout.RECORDS + place;
            final int length = writer.getInt(record + RingLayout.RECORD_LENGTH);
            final int type = writer.getInt(record + RingLayout.RECORD_TYPE);
            final boolean sane = length >= 0 && length <= RingLayout.payloadBytesMax(capacityBytes);
            if (!sane
                    || place + RingLayout.recordBytes(length) > capacityBytes
                    || at + RingLayout.recordBytes(length) > tail) {
                throw new ArenaException(
                        "ring \""
                                + name
                                + "\": the record at position "
                                + at
                                + " claims "
                                + length
                                + " bytes");
            }
            if (type != RingLayout.PADDING_TYPE) {
                handler.onMessage(
                        type, records, (int) place + RingLayout.RECORD_HEADER_BYTES, length);
                count++;
            }
            at += RingLayout.recordBytes(length);
        }
        if (writer.getLongAcquire(ring + RingLayout.GENERATION) != generation) {
            writer = null;
            throw new ArenaException("ring \"" + name + "\": was laid out anew while it was read");
        }
        journal.deferLong(cursor + ArenaLayout.CURSOR_POSITION, at);
        return count;
    }

    /**
     * Looks whether the writer lays its ring out anew, as it does after a reset, or in another
     * file, as it does where root has set its arena aside.
     */
    private boolean isAttached() {
        if (writer != null && isSetAside(writer)) {
            writer = null;
        }
        return writer != null && writer.getLongAcquire(ring + RingLayout.GENERATION) == generation;
    }

    private static boolean isSetAside(final Memory arena) {
        return arena.getLongAcquire(ArenaLayout.SET_ASIDE) != 0;
    }

    private boolean attach() {
        if (!MappedFile.exists(writerFile)) {
            return false;
        }
        final Memory memory = writer == null ? MappedFile.readOnly(writerFile) : writer;
        final Structure place = isSetAside(memory) ? null : find(memory);
        if (place == null || place.kind() != StructureKind.RING) {
            return false;
        }
        final long ringGeneration = memory.getLongAcquire(place.offset() + RingLayout.GENERATION);
        final long capacity = memory.getLong(place.offset() + RingLayout.CAPACITY);
        final boolean whole =
                ringGeneration != 0
                        && capacity >= RingWriter.MIN_CAPACITY_BYTES
                        && capacity <= place.bytes() - RingLayout.RECORDS
                        && capacity <= RingWriter.MAX_CAPACITY_BYTES
                        && BitUtil.isPowerOfTwo(capacity);
        // The directory may have been written while it was read.
        if (!whole || !place.equals(find(memory))) {
            return false;
        }
        writer = memory;
        ring = place.offset();
        generation = ringGeneration;
        capacityBytes = capacity;
        records = memory.reader(ring + RingLayout.RECORDS, (int) capacity);
        if (own.getLong(cursor + ArenaLayout.CURSOR_GENERATION) != generation) {
            start(memory.getLongVolatile(ring + RingLayout.ANNOUNCED_GATE));
        }
        // Not only at the beginning: an incarnation that began may have died before it looked
        // again.
        VarHandle.fullFence();
        final long moved = memory.getLongVolatile(ring + RingLayout.ANNOUNCED_GATE);
        if (moved > own.getLong(cursor + ArenaLayout.CURSOR_POSITION)) {
            start(moved);
        }
        position = own.getLong(cursor + ArenaLayout.CURSOR_POSITION);
        return true;
    }

    /** A writer whose directory is damaged has no ring until it is mended or set aside. */
    private Structure find(final Memory memory) {
        try {
            return ArenaDirectory.find(memory, structureName);
        } catch (final DamagedArenaException damaged) {
            return null;
        }
    }

    /**
     * Begins at the oldest record that the writer keeps. Both words change together; the writer
     * looks at the generation first.
     */
    private void start(final long oldest) {
        journal.begin();
        journal.putLong(cursor + ArenaLayout.CURSOR_POSITION, oldest);
        journal.deferLong(cursor + ArenaLayout.CURSOR_GENERATION, generation);
        journal.commit();
    }
}
