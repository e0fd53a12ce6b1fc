package io.coppice.pool.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A small record log in an arena of its own; a record is told by its number and length. */
final class LogFixture implements AutoCloseable {
    static final String NAME = "audit";
    static final int JOURNAL_BYTES = 4096;

    final TestArena arena;
    final long bytes;
    final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);

    LogFixture(final long capacityBytes) {
        bytes = RecordLog.bytes(capacityBytes);
        arena = new TestArena(JOURNAL_BYTES + bytes);
        RecordLog.layOut(NAME, journal(), arena.memory(), JOURNAL_BYTES, capacityBytes);
    }

    Journal journal() {
        final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
        journal.recover();
        return journal;
    }

    RecordLog attach(final Journal journal) {
        return RecordLog.attach(NAME, journal, arena.memory(), JOURNAL_BYTES, bytes);
    }

    RecordLogReader reader() {
        return RecordLogReader.attach(NAME, arena.memory(), JOURNAL_BYTES, bytes);
    }

    /** Appends a record whose bytes follow from its number; returns that. */
    long append(final RecordLog log, final int length) {
        fill(buffer, log.nextSequence(), length);
        return log.append(buffer, 0, length);
    }

    private static void fill(final UnsafeBuffer to, final long number, final int length) {
        for (int i = 0; i < length; i++) {
            to.putByte(i, (byte) (number * 31 + i));
        }
    }

    /** Returns "number:length" of all records, after checking their bytes and the invariants. */
    List<String> contents(final String where) {
        assertEquals(List.of(), invariants(), where);
        final List<String> found = new ArrayList<>();
        final RecordLogReader reader = reader();
        int length = reader.read(buffer, 0);
        while (length != RecordLogReader.NOTHING) {
            requireBytes(reader.sequence(), length, where);
            found.add(reader.sequence() + ":" + length);
            length = reader.read(buffer, 0);
        }
        return found;
    }

    void requireBytes(final long number, final int length, final String where) {
        for (int i = 0; i < length; i++) {
            assertEquals((byte) (number * 31 + i), buffer.getByte(i), where);
        }
    }

    List<String> invariants() {
        return RecordLogInvariants.check(arena.memory(), JOURNAL_BYTES, bytes);
    }

    Memory memory() {
        return arena.memory();
    }

    @Override
    public void close() {
        arena.close();
    }
}
