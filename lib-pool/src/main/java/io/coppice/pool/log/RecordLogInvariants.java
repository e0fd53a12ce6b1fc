package io.coppice.pool.log;

import static io.coppice.pool.log.RecordLogLayout.CAPACITY_BYTES;
import static io.coppice.pool.log.RecordLogLayout.HEAD;
import static io.coppice.pool.log.RecordLogLayout.HIGH_WATER;
import static io.coppice.pool.log.RecordLogLayout.NEXT_SEQUENCE;
import static io.coppice.pool.log.RecordLogLayout.RECORD_HEAD_BYTES;
import static io.coppice.pool.log.RecordLogLayout.RECORD_LENGTH;
import static io.coppice.pool.log.RecordLogLayout.RECORD_SEQUENCE;
import static io.coppice.pool.log.RecordLogLayout.RING;
import static io.coppice.pool.log.RecordLogLayout.TAIL;

import io.coppice.pool.Memory;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks what must hold of a record log between any two transactions: records fill the ring from
 * head to tail without a gap, numbered one after another up to the next number. Reads only, trusts
 * nothing; for any process, though a writer at work may make it report what is none.
 */
public final class RecordLogInvariants {
    private RecordLogInvariants() {}

    /** Returns what is wrong, one line each; nothing where the log is sound. */
    public static List<String> check(final Memory arena, final long offset, final long bytes) {
        final List<String> wrong = new ArrayList<>();
        final String who = "record log at " + offset + ": ";
        final String damage = RecordLogLayout.damage(arena, offset, bytes);
        if (damage != null) {
            wrong.add(who + damage);
            return wrong;
        }
        final long capacity = arena.getLong(offset + CAPACITY_BYTES);
        final long head = arena.getLongAcquire(offset + HEAD);
        final long tail = arena.getLongAcquire(offset + TAIL);
        final String positions = RecordLogLayout.damage(head, tail, capacity);
        if (positions != null) {
            wrong.add(who + positions + ", at " + (offset + HEAD));
            return wrong;
        }
        checkHighWater(arena, offset, tail - head, capacity, wrong);
        checkRecords(arena, offset, head, tail, wrong);
        return wrong;
    }

    private static void checkHighWater(
            final Memory arena,
            final long offset,
            final long used,
            final long capacity,
            final List<String> wrong) {
        final long highWater = arena.getLong(offset + HIGH_WATER);
        if (highWater < used || highWater > capacity) {
            wrong.add(
                    "record log at "
                            + offset
                            + ": high water "
                            + highWater
                            + " with "
                            + used
                            + " bytes used of "
                            + capacity
                            + ", at "
                            + (offset + HIGH_WATER));
        }
    }

    private static void checkRecords(
            final Memory arena,
            final long offset,
            final long head,
            final long tail,
            final List<String> wrong) {
        final long capacity = arena.getLong(offset + CAPACITY_BYTES);
        final long next = arena.getLong(offset + NEXT_SEQUENCE);
        long at = head;
        long expected = -1;
        while (at < tail) {
            final long place = offset + RING + at % capacity;
            final long length = arena.getLong(place + RECORD_LENGTH);
            final long number = arena.getLong(offset + RING + (at + RECORD_SEQUENCE) % capacity);
            if (length < 0 || length > tail - at - RECORD_HEAD_BYTES) {
                wrong.add(
                        "record log at "
                                + offset
                                + ": the record at "
                                + place
                                + " has "
                                + length
                                + " bytes, "
                                + (tail - at)
                                + " are left");
                return;
            }
            if (number < 0 || expected >= 0 && number != expected) {
                wrong.add(
                        "record log at "
                                + offset
                                + ": the record at "
                                + place
                                + " has number "
                                + number
                                + " after "
                                + (expected - 1));
                return;
            }
            expected = number + 1;
            at += RecordLogLayout.recordBytes(length);
        }
        if (at != tail || next < 0 || expected >= 0 && next != expected) {
            wrong.add(
                    "record log at "
                            + offset
                            + ": the next number is "
                            + next
                            + " after record "
                            + (expected - 1)
                            + ", at "
                            + (offset + NEXT_SEQUENCE));
        }
    }
}
