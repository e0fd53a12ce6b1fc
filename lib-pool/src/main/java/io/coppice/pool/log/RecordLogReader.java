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

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import java.lang.invoke.VarHandle;
import org.agrona.MutableDirectBuffer;

/**
 * Reads a record log from any process, without a lock and without the writer's knowing: each record
 * whole, in order, and told how many were missed where the writer was faster.
 *
 * <p>Ordering: that of {@link RecordLog}. The reader loads {@code head} (acquire), then {@code
 * tail} (acquire), copies the record and loads {@code head} again; where that has passed the record
 * what was copied is thrown away, and the reader goes on at the head.
 *
 * <p>For one thread. Allocates nothing.
 */
public final class RecordLogReader {
    /** What {@link #read} returns where there is no newer record. */
    public static final int NOTHING = -1;

    /** Where the writer overtakes so often in a row, the caller may look after other things. */
    private static final int TRIES = 1000;

    private final String name;
    private final Memory arena;
    private final long offset;
    private final long capacityBytes;
    private long position;
    private long expected;
    private boolean started;
    private boolean seeking;
    private long sequence = -1;
    private long lost;

    /** Of the record that {@link #findRecord} has found. */
    private long recordLength;

    private long recordSequence;

    private RecordLogReader(final String name, final Memory arena, final long offset) {
        this.name = name;
        this.arena = arena;
        this.offset = offset;
        this.capacityBytes = arena.getLong(offset + CAPACITY_BYTES);
    }

    /**
     * Attaches to a log, before its oldest record.
     *
     * @throws ArenaException where what is there is not such a log
     */
    public static RecordLogReader attach(
            final String name, final Memory arena, final long offset, final long bytes) {
        final String wrong = RecordLogLayout.damage(arena, offset, bytes);
        if (wrong != null) {
            throw new ArenaException(name + ": " + wrong);
        }
        return new RecordLogReader(name, arena, offset);
    }

    /** Goes before the oldest record that is kept; what was missed is forgotten. */
    public void seekOldest() {
        position = 0;
        started = false;
    }

    /** Goes behind the newest record; what was missed is forgotten. */
    public void seekNewest() {
        position = arena.getLongAcquire(offset + TAIL);
        started = false;
    }

    /**
     * Goes before the record with a number, by a walk from the oldest; where that record is gone,
     * the next {@link #read} says how many are lost from it on. A number that is not given out yet
     * is waited for, and records below it are skipped.
     *
     * @param number from 0, such as one more than {@link #sequence} was
     */
    public void seek(final long number) {
        seekOldest();
        for (long walked = 0; walked <= capacityBytes / RECORD_HEAD_BYTES; walked++) {
            if (!findRecord() || recordSequence >= number) {
                break;
            }
            position += RecordLogLayout.recordBytes(recordLength);
        }
        expected = number;
        started = true;
        seeking = true;
    }

    /**
     * Finds the record at the position, or the oldest where that one is gone.
     *
     * @return whether there is one; its length and number are those of a whole record then
     */
    private boolean findRecord() {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            final long head = arena.getLongAcquire(offset + HEAD);
            final long tail = arena.getLongAcquire(offset + TAIL);
            if (position < head) {
                position = head;
            }
            if (!RecordLogLayout.isPosition(head | tail | position)) {
                throw damaged("records from " + head + " to " + tail + ", read at " + position);
            }
            if (position == tail) {
                return false;
            }
            recordLength = arena.getLong(place(position + RECORD_LENGTH));
            recordSequence = arena.getLong(place(position + RECORD_SEQUENCE));
            // The words must have been loaded before the head is looked at again.
            VarHandle.loadLoadFence();
            if (arena.getLongAcquire(offset + HEAD) <= position) {
                requireSound(head, tail);
                return true;
            }
        }
        return false;
    }

    private void requireSound(final long head, final long tail) {
        // The tail was loaded after the head, and the writer may have filled the ring in between;
        // it cannot have filled it twice, or the head would have passed the position.
        if (tail < position || tail - position > capacityBytes) {
            throw damaged("records from " + head + " to " + tail + ", read at " + position);
        }
        if (recordLength < 0 || recordLength > tail - position - RECORD_HEAD_BYTES) {
            throw damaged("the record at " + place(position) + " has " + recordLength + " bytes");
        }
        if (recordSequence < 0) {
            throw damaged("the record at " + place(position) + " has number " + recordSequence);
        }
    }

    /**
     * Copies the next record out.
     *
     * @return its length in bytes, or {@link #NOTHING} where there is no newer record
     * @throws IndexOutOfBoundsException where it does not fit; it is the next one still
     * @throws ArenaException where the log is damaged
     */
    public int read(final MutableDirectBuffer to, final int toIndex) {
        for (int attempt = 0; attempt < TRIES && findRecord(); attempt++) {
            final long length = recordLength;
            if (toIndex < 0 || length > to.capacity() - toIndex) {
                throw new IndexOutOfBoundsException(
                        name
                                + ": record "
                                + recordSequence
                                + " of "
                                + length
                                + " bytes, the buffer has room for "
                                + (to.capacity() - toIndex));
            }
            copy(position + RECORD_HEAD_BYTES, to, toIndex, (int) length);
            VarHandle.loadLoadFence();
            if (arena.getLongAcquire(offset + HEAD) <= position) {
                if (started && recordSequence < expected) {
                    if (seeking) {
                        position += RecordLogLayout.recordBytes(length);
                        continue;
                    }
                    throw damaged("record " + recordSequence + " follows " + (expected - 1));
                }
                lost = started ? recordSequence - expected : 0;
                sequence = recordSequence;
                expected = sequence + 1;
                started = true;
                seeking = false;
                position += RecordLogLayout.recordBytes(length);
                return (int) length;
            }
        }
        return NOTHING;
    }

    /** Returns the number of the record that was read last, -1 before the first. */
    public long sequence() {
        return sequence;
    }

    /** Returns how many records were lost between the last one read and the one before it. */
    public long lost() {
        return lost;
    }

    /**
     * Returns the length in bytes of the record that {@link #read} would read now, or {@link
     * #NOTHING}; by then it may be gone, and the next one longer.
     */
    public long nextLength() {
        return findRecord() ? recordLength : NOTHING;
    }

    /** Returns the number of the next record to come. */
    public long nextSequence() {
        return arena.getLongAcquire(offset + NEXT_SEQUENCE);
    }

    /** Returns how many bytes the records take that are kept, about. */
    public long usedBytes() {
        return Math.max(0, arena.getLongAcquire(offset + TAIL) - arena.getLong(offset + HEAD));
    }

    /** Returns the most bytes that the records ever took. */
    public long highWater() {
        return arena.getLong(offset + HIGH_WATER);
    }

    /** Returns the size of the ring in bytes; no record is longer. */
    public long capacity() {
        return capacityBytes;
    }

    private void copy(
            final long from, final MutableDirectBuffer to, final int toIndex, final int length) {
        int done = 0;
        for (; done + Long.BYTES <= length; done += Long.BYTES) {
            to.putLong(toIndex + done, arena.getLong(place(from + done)));
        }
        if (done < length) {
            final long last = place(from + done);
            for (int i = 0; done < length; i++, done++) {
                to.putByte(toIndex + done, arena.getByte(last + i));
            }
        }
    }

    private long place(final long at) {
        return offset + RING + at % capacityBytes;
    }

    private ArenaException damaged(final String what) {
        return new ArenaException(name + ": " + what + ": damaged");
    }
}
