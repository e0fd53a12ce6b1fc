package io.coppice.examples.catalog;

import java.util.Arrays;
import org.agrona.MutableDirectBuffer;

/**
 * Where the scan is. All stores belong to the caller's transaction.
 *
 * <pre>
 *      0  phase          NONE, WALKING, ENDED or FINISHED
 *      8  runId          never 0 once a run has begun
 *     16  published      results of the run
 *     24  inputBytes
 *     32  positionBytes  0 before the first entry
 *     64  input          absolute raw bytes of the folder
 *   4160  position       relative raw bytes of the last entry handed out
 * </pre>
 */
final class ScanState {
    /** No run was begun. */
    static final long NONE = 0;

    /** BEGIN is published; entries are handed out and results published. */
    static final long WALKING = 1;

    /** END is published. */
    static final long ENDED = 2;

    /** Everybody has read END. */
    static final long FINISHED = 3;

    /** Longest path of an input in bytes. */
    static final int INPUT_BYTES_MAX = 4096;

    private static final int PHASE = 0;
    private static final int RUN_ID = 8;
    private static final int PUBLISHED = 16;
    private static final int INPUT_BYTES = 24;
    private static final int POSITION_BYTES = 32;
    private static final int INPUT = 64;
    private static final int POSITION = INPUT + INPUT_BYTES_MAX;

    /** Size of the region. */
    static final int BYTES = POSITION + CatalogMessage.PATH_BYTES_MAX;

    private final MutableDirectBuffer region;

    ScanState(final MutableDirectBuffer region) {
        this.region = region;
    }

    long phase() {
        return region.getLong(PHASE);
    }

    void phase(final long phase) {
        region.putLong(PHASE, phase);
    }

    long runId() {
        return region.getLong(RUN_ID);
    }

    long published() {
        return region.getLong(PUBLISHED);
    }

    void countPublished() {
        region.putLong(PUBLISHED, published() + 1);
    }

    /** Returns whether the last run was of this folder. */
    boolean isOf(final byte[] input) {
        final byte[] there = new byte[(int) region.getLong(INPUT_BYTES)];
        region.getBytes(INPUT, there);
        return Arrays.equals(there, input);
    }

    byte[] position() {
        final byte[] position = new byte[(int) region.getLong(POSITION_BYTES)];
        region.getBytes(POSITION, position);
        return position;
    }

    void position(final byte[] path) {
        region.putBytes(POSITION, path);
        region.putLong(POSITION_BYTES, path.length);
    }

    /** Forgets the last run. */
    void begin(final long runId, final byte[] input) {
        region.putLong(PHASE, WALKING);
        region.putLong(RUN_ID, runId);
        region.putLong(PUBLISHED, 0);
        region.putBytes(INPUT, input);
        region.putLong(INPUT_BYTES, input.length);
        region.putLong(POSITION_BYTES, 0);
    }
}
