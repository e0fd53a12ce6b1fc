package io.coppice.examples.catalog;

/**
 * The catalogue's regions. Everything is of the run in hand: the counts say how many records and
 * media types are its, so setting them to zero forgets all of an earlier run.
 *
 * <pre>
 *  catalog:      0  phase            NONE, RUNNING or FINISHED
 *                8  runId            of the scan's run; 0 where its beginning was never seen
 *               16  run              how many runs were begun
 *               24  startedMs        wall clock
 *               32  endedMs          wall clock
 *               40  outputBytes      of the output file that count
 *               48  documents        of the run
 *               56  bytes            of all files that were read
 *               64  mediaTypes       entries used in the table
 *               72  otherDocuments   whose media type found no place there
 *               80  otherBytes
 *               88  outcomes[5]      how many documents ended so
 *
 *  documents[]:  0  pathHash         FNV-1a, 64 bits
 *                8  bytes            -1 where unknown
 *               16  textLength       -1 where unknown
 *               24  lineOffset       in the output file
 *               32  run              that the record belongs to
 *               36  outcome
 *               40  mediaType        index in the table, -1 for none or other
 *               44  attempts
 *               48  lineBytes
 *
 *  mediaTypes[]: 0  documents
 *                8  bytes
 *               16  nameHash         FNV-1a, 64 bits
 *               24  nameBytes
 *               32  name
 * </pre>
 */
final class CatalogLayout {
    static final long PHASE_NONE = 0;
    static final long PHASE_RUNNING = 1;
    static final long PHASE_FINISHED = 2;

    static final int PHASE = 0;
    static final int RUN_ID = 8;
    static final int RUN = 16;
    static final int STARTED_MS = 24;
    static final int ENDED_MS = 32;
    static final int OUTPUT_BYTES = 40;
    static final int DOCUMENTS = 48;
    static final int BYTES = 56;
    static final int MEDIA_TYPES = 64;
    static final int OTHER_DOCUMENTS = 72;
    static final int OTHER_BYTES = 80;
    static final int OUTCOMES = 88;

    /** Size of the region {@code catalog}. */
    static final int STATE_BYTES = 128;

    static final int RECORD_PATH_HASH = 0;
    static final int RECORD_FILE_BYTES = 8;
    static final int RECORD_TEXT_LENGTH = 16;
    static final int RECORD_LINE_OFFSET = 24;
    static final int RECORD_RUN = 32;
    static final int RECORD_OUTCOME = 36;
    static final int RECORD_MEDIA_TYPE = 40;
    static final int RECORD_ATTEMPTS = 44;
    static final int RECORD_LINE_BYTES = 48;

    /** Size of one record. */
    static final int RECORD_BYTES = 64;

    static final int TYPE_DOCUMENTS = 0;
    static final int TYPE_BYTES = 8;
    static final int TYPE_NAME_HASH = 16;
    static final int TYPE_NAME_BYTES = 24;
    static final int TYPE_NAME = 32;

    /** Longest name of a media type in the table. */
    static final int TYPE_NAME_BYTES_MAX = 96;

    /** Size of one media type. */
    static final int TYPE_ENTRY_BYTES = TYPE_NAME + TYPE_NAME_BYTES_MAX;

    /** How many media types have a place of their own. */
    static final int MEDIA_TYPES_MAX = 512;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    static {
        if (OUTCOMES + DocumentOutcome.values().length * Long.BYTES > STATE_BYTES
                || RECORD_LINE_BYTES + Integer.BYTES > RECORD_BYTES) {
            throw new AssertionError("a field lies outside");
        }
    }

    private CatalogLayout() {}

    static int outcome(final DocumentOutcome outcome) {
        return OUTCOMES + outcome.ordinal() * Long.BYTES;
    }

    /** Returns FNV-1a, 64 bits. */
    static long hash(final byte[] bytes) {
        long hash = FNV_OFFSET;
        for (final byte each : bytes) {
            hash = (hash ^ each & 0xff) * FNV_PRIME;
        }
        return hash;
    }
}
