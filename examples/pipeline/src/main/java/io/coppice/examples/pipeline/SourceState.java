package io.coppice.examples.pipeline;

import org.agrona.MutableDirectBuffer;

/**
 * How far the source has read. All stores belong to the caller's transaction.
 *
 * <pre>
 *   0  fingerprint    of the files, never 0; 0 before the first line
 *   8  round          how often all files were read, from 0
 *  16  file           index in their order
 *  24  positionBytes  in that file: what was published
 *  32  publishedBytes of all files and rounds, ends of lines included
 *  40  ended          1 once the end is published
 * </pre>
 */
final class SourceState {
    static final int BYTES = 48;

    private static final int FINGERPRINT = 0;
    private static final int ROUND = 8;
    private static final int FILE = 16;
    private static final int POSITION_BYTES = 24;
    private static final int PUBLISHED_BYTES = 32;
    private static final int ENDED = 40;

    private final MutableDirectBuffer region;

    SourceState(final MutableDirectBuffer region) {
        this.region = region;
    }

    long fingerprint() {
        return region.getLong(FINGERPRINT);
    }

    void fingerprint(final long fingerprint) {
        region.putLong(FINGERPRINT, fingerprint);
    }

    long round() {
        return region.getLong(ROUND);
    }

    int file() {
        return (int) region.getLong(FILE);
    }

    long positionBytes() {
        return region.getLong(POSITION_BYTES);
    }

    long publishedBytes() {
        return region.getLong(PUBLISHED_BYTES);
    }

    /** The file is read up to a position. */
    void advance(final long positionBytes) {
        region.putLong(PUBLISHED_BYTES, publishedBytes() + positionBytes - positionBytes());
        region.putLong(POSITION_BYTES, positionBytes);
    }

    /** The next file of the round, or the first of the next round, is to be read. */
    void nextFile(final int files) {
        final boolean isLast = file() + 1 == files;
        region.putLong(ROUND, round() + (isLast ? 1 : 0));
        region.putLong(FILE, isLast ? 0 : file() + 1L);
        region.putLong(POSITION_BYTES, 0);
    }

    boolean isEnded() {
        return region.getLong(ENDED) != 0;
    }

    void end() {
        region.putLong(ENDED, 1);
    }
}
