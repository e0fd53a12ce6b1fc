package io.coppice.ring;

import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import java.nio.file.Path;

/**
 * One reader as the ring's writer sees it: a cursor line in the reader's arena, of which the writer
 * maps only the page of cursors, read-only. What stands there is not trusted: a position before the
 * gate, beyond the tail or inside of a record cuts the reader off until it stores another. One
 * between gate and tail may go backwards, as it does when the reader's arena was cleared and it
 * begins again, or when it is to read messages once more.
 *
 * <p>A reader whose cursor is of no ring yet, or of an earlier one, holds the writer where it was
 * seen last: its daemon is not there yet, or is about to begin.
 */
final class ReaderGate {
    private static final int NOT_FOUND = -1;

    private static final long SET_ASIDE = ArenaLayout.SET_ASIDE - ArenaLayout.CURSORS_OFFSET;

    private final Path arenaFile;
    private final int slot;
    private final long key;
    private final ReaderPolicy policy;
    private Memory cursors;
    private int cursor = NOT_FOUND;
    private long seen;

    /** A position that turned out to be none. */
    private long rejected = NOT_FOUND;

    private CutOffReason reason = CutOffReason.NONE;
    private boolean isRefusing;
    private long refusedSinceNs;

    ReaderGate(
            final Path arenaFile,
            final int slot,
            final long key,
            final ReaderPolicy policy,
            final long gate) {
        this.arenaFile = arenaFile;
        this.slot = slot;
        this.key = key;
        this.policy = policy;
        this.seen = gate;
    }

    int slot() {
        return slot;
    }

    CutOffReason reason() {
        return reason;
    }

    /**
     * Returns the position before which this reader needs nothing: the tail where it is cut off.
     *
     * @param gate position of the oldest record that is kept
     * @param tail position behind the newest record
     */
    long position(final long generation, final long gate, final long tail) {
        if (cursors != null && cursors.getLongAcquire(SET_ASIDE) != 0) {
            // Root has put a fresh arena there, in which the reader begins again.
            cursors = null;
            cursor = NOT_FOUND;
        }
        if (cursor == NOT_FOUND) {
            find();
        }
        if (cursor != NOT_FOUND) {
            final long at = (long) cursor * ArenaLayout.CURSOR_BYTES;
            // The generation first: a reader that starts anew stores its position before the
            // generation it belongs to.
            final boolean ours =
                    cursors.getLongAcquire(at + ArenaLayout.CURSOR_GENERATION) == generation;
            final long position = cursors.getLongAcquire(at + ArenaLayout.CURSOR_POSITION);
            // The key last: a reader whose arena was cleared may use the line for another ring,
            // whose generation may be the same.
            if (cursors.getLongAcquire(at + ArenaLayout.CURSOR_KEY) != key) {
                cursor = NOT_FOUND;
            } else if (ours) {
                judge(position, gate, tail);
            }
        }
        if (seen < gate) {
            // It was overtaken before it was there.
            cutOff(CutOffReason.SLOW);
        }
        return reason == CutOffReason.NONE ? seen : tail;
    }

    private void judge(final long position, final long gate, final long tail) {
        if (position > tail) {
            cutOff(CutOffReason.AHEAD);
        } else if (position < gate) {
            cutOff(policy.isWaiting() ? CutOffReason.BEHIND : CutOffReason.SLOW);
        } else if (position % RingLayout.ALIGNMENT != 0) {
            cutOff(CutOffReason.NO_RECORD);
        } else if (position != rejected) {
            seen = position;
            rejected = NOT_FOUND;
            reason = CutOffReason.NONE;
        }
    }

    private void cutOff(final CutOffReason why) {
        if (reason == CutOffReason.NONE) {
            reason = why;
        }
    }

    /** Cuts the reader off: where it stands no record begins. */
    void reject(final long position) {
        rejected = position;
        cutOff(CutOffReason.NO_RECORD);
    }

    /** Returns whether the writer has to go on waiting for this reader, which leaves no room. */
    boolean isWaitedFor(final long nowNs) {
        if (!isRefusing) {
            isRefusing = true;
            refusedSinceNs = nowNs;
        }
        return policy.isWaiting() || nowNs - refusedSinceNs < policy.patienceNs();
    }

    /** There was room: the next time the writer has to wait is counted from its beginning. */
    void accept() {
        isRefusing = false;
    }

    private void find() {
        if (cursors == null) {
            try {
                cursors =
                        MappedFile.readOnly(
                                arenaFile, ArenaLayout.CURSORS_OFFSET, ArenaLayout.CURSORS_BYTES);
            } catch (final ArenaException notYet) {
                return;
            }
        }
        for (int i = 0; i < ArenaLayout.CURSORS; i++) {
            if (cursors.getLongAcquire((long) i * ArenaLayout.CURSOR_BYTES + ArenaLayout.CURSOR_KEY)
                    == key) {
                cursor = i;
                return;
            }
        }
    }
}
