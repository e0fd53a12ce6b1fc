package io.coppice.pool.board;

import io.coppice.pool.Memory;

/**
 * What root remembers of one daemon's deaths. {@link RestartHistoryLayout} has the ordering. For
 * root's thread; no method allocates.
 */
public final class RestartHistory {
    private final Memory memory;
    private long draft;

    RestartHistory(final Memory memory) {
        this.memory = memory;
        this.draft = copy(1 - current());
    }

    /** Returns the incarnation whose death was judged last, 0 for none. */
    public long epoch() {
        return read(RestartHistoryLayout.EPOCH);
    }

    /** Returns what that death meant; an ordinal of root's own, to be checked. */
    public long event() {
        return read(RestartHistoryLayout.EVENT);
    }

    /** Returns when it was judged, in nanoseconds of the monotonic clock. */
    public long judgedNs() {
        return read(RestartHistoryLayout.JUDGED_NS);
    }

    /** Returns the delay that it cost, in nanoseconds. */
    public long delayNs() {
        return read(RestartHistoryLayout.DELAY_NS);
    }

    /** Returns how often the daemon was started again after a death. */
    public long restarts() {
        return read(RestartHistoryLayout.RESTARTS);
    }

    /** Returns how many restarts there were since deaths were forgotten. */
    public long inARow() {
        return read(RestartHistoryLayout.IN_A_ROW);
    }

    /** Returns how many deaths count, of which {@link #timeNs} knows the newest. */
    public long deaths() {
        return read(RestartHistoryLayout.DEATHS);
    }

    /**
     * Returns when one of the newest deaths was, in nanoseconds of the monotonic clock.
     *
     * @param index from 0, the oldest that is remembered, to {@link RestartHistoryLayout#TIMES} - 1
     */
    public long timeNs(final int index) {
        return read(RestartHistoryLayout.DEATH_TIMES + index * Long.BYTES);
    }

    /** Returns why the last death was one too many; an ordinal, to be checked. */
    public long reason() {
        return read(RestartHistoryLayout.REASON);
    }

    /** Begins to write what {@link #publish} shows; nothing else changes what the others return. */
    public RestartHistory begin(final long inARow, final long deaths, final long reason) {
        draft = copy(1 - current());
        write(RestartHistoryLayout.IN_A_ROW, inARow);
        write(RestartHistoryLayout.DEATHS, deaths);
        write(RestartHistoryLayout.REASON, reason);
        return this;
    }

    /** Says when one of the newest deaths was. */
    public void time(final int index, final long timeNs) {
        write(RestartHistoryLayout.DEATH_TIMES + index * Long.BYTES, timeNs);
    }

    /** Shows what was written, and what the death of an incarnation meant; in one store. */
    public void publish(
            final long epoch,
            final long event,
            final long judgedNs,
            final long delayNs,
            final long restarts) {
        write(RestartHistoryLayout.EPOCH, epoch);
        write(RestartHistoryLayout.EVENT, event);
        write(RestartHistoryLayout.JUDGED_NS, judgedNs);
        write(RestartHistoryLayout.DELAY_NS, delayNs);
        write(RestartHistoryLayout.RESTARTS, restarts);
        memory.putLongRelease(RestartHistoryLayout.CURRENT, 1 - current());
    }

    /**
     * Checks what holds at every moment.
     *
     * @return what is wrong in one line, or null
     */
    public String check() {
        final long word = memory.getLong(RestartHistoryLayout.CURRENT);
        if (word != 0 && word != 1) {
            return "history: \"current\" is " + word + ", not 0 or 1";
        }
        if (inARow() < 0 || deaths() < 0 || epoch() < 0 || delayNs() < 0) {
            return "history: a count is below 0";
        }
        return null;
    }

    private int current() {
        return (int) memory.getLong(RestartHistoryLayout.CURRENT) & 1;
    }

    private static long copy(final int number) {
        return RestartHistoryLayout.COPIES + (long) number * RestartHistoryLayout.COPY_BYTES;
    }

    private long read(final int word) {
        return memory.getLong(copy(current()) + word);
    }

    private void write(final int word, final long value) {
        memory.putLong(draft + word, value);
    }
}
