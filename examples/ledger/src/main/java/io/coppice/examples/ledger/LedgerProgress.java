package io.coppice.examples.ledger;

import org.agrona.MutableDirectBuffer;

/**
 * How far the file is posted. All stores belong to the caller's transaction.
 *
 * <pre>
 *   0  positionBytes  of the file, decompressed: what was handed out
 *   8  posted         transfers, of the batches whose result was taken
 *  16  duplicates
 *  24  rejected
 *  32  failed         batches that no attempt could post
 *  40  finished       1 once the balances are written
 * </pre>
 */
final class LedgerProgress {
    static final int BYTES = 48;

    private static final int POSITION_BYTES = 0;
    private static final int POSTED = 8;
    private static final int DUPLICATES = 16;
    private static final int REJECTED = 24;
    private static final int FAILED = 32;
    private static final int FINISHED = 40;

    private final MutableDirectBuffer region;

    LedgerProgress(final MutableDirectBuffer region) {
        this.region = region;
    }

    long positionBytes() {
        return region.getLong(POSITION_BYTES);
    }

    void positionBytes(final long positionBytes) {
        region.putLong(POSITION_BYTES, positionBytes);
    }

    void count(final long posted, final long duplicates, final long rejected) {
        region.putLong(POSTED, posted() + posted);
        region.putLong(DUPLICATES, duplicates() + duplicates);
        region.putLong(REJECTED, rejected() + rejected);
    }

    void countFailed() {
        region.putLong(FAILED, failed() + 1);
    }

    long posted() {
        return region.getLong(POSTED);
    }

    long duplicates() {
        return region.getLong(DUPLICATES);
    }

    long rejected() {
        return region.getLong(REJECTED);
    }

    long failed() {
        return region.getLong(FAILED);
    }

    boolean isFinished() {
        return region.getLong(FINISHED) != 0;
    }

    void finish() {
        region.putLong(FINISHED, 1);
    }
}
