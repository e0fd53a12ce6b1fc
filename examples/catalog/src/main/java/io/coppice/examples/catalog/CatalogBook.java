package io.coppice.examples.catalog;

import static io.coppice.examples.catalog.CatalogLayout.BYTES;
import static io.coppice.examples.catalog.CatalogLayout.DOCUMENTS;
import static io.coppice.examples.catalog.CatalogLayout.ENDED_MS;
import static io.coppice.examples.catalog.CatalogLayout.MEDIA_TYPES;
import static io.coppice.examples.catalog.CatalogLayout.OTHER_BYTES;
import static io.coppice.examples.catalog.CatalogLayout.OTHER_DOCUMENTS;
import static io.coppice.examples.catalog.CatalogLayout.OUTPUT_BYTES;
import static io.coppice.examples.catalog.CatalogLayout.PHASE;
import static io.coppice.examples.catalog.CatalogLayout.PHASE_FINISHED;
import static io.coppice.examples.catalog.CatalogLayout.PHASE_RUNNING;
import static io.coppice.examples.catalog.CatalogLayout.RECORD_BYTES;
import static io.coppice.examples.catalog.CatalogLayout.RUN;
import static io.coppice.examples.catalog.CatalogLayout.RUN_ID;
import static io.coppice.examples.catalog.CatalogLayout.STARTED_MS;

import io.coppice.daemon.DoNotRestartException;
import io.coppice.examples.catalog.extract.Extraction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the catalogue knows, in regions of its arena, and its file in step with them.
 *
 * <p>Each message must be used in a transaction of its own, which the caller commits: a line is
 * written behind {@code outputBytes} before the commit that counts it, so no commit counts a line
 * that is not there, and a line that no commit counts is written over. The file is cut only once
 * the commit that makes its content worthless stands. Nothing is kept beside the regions and the
 * file, so a rollback or a death has nothing else to mend.
 */
final class CatalogBook {
    /** The run of a catalogue that never saw a beginning. */
    static final long UNKNOWN_RUN = 0;

    private static final long UNKNOWN_BYTES = -1;

    private final MutableDirectBuffer state;
    private final MutableDirectBuffer documents;
    private final MediaTypeTable mediaTypes;
    private final CatalogOutput output;
    private final LongSupplier clockMs;
    private final Consumer<String> summary;
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[RECORD_BYTES]);

    /**
     * Makes the book over what an earlier one left.
     *
     * @param state {@link CatalogLayout#STATE_BYTES}, journaled
     * @param types {@link CatalogLayout#MEDIA_TYPES_MAX} entries, journaled
     * @param documents as many records as are to be kept, journaled
     * @param clockMs the wall clock in milliseconds
     * @param summary takes the text for people when a run has ended, before the commit
     */
    CatalogBook(
            final MutableDirectBuffer state,
            final MutableDirectBuffer types,
            final MutableDirectBuffer documents,
            final CatalogOutput output,
            final LongSupplier clockMs,
            final Consumer<String> summary) {
        this.state = state;
        this.documents = documents;
        this.mediaTypes = new MediaTypeTable(state, types);
        this.output = output;
        this.clockMs = clockMs;
        this.summary = summary;
    }

    /**
     * Cuts off what a predecessor wrote and did not count.
     *
     * @throws IllegalStateException where lines that count are gone from the file
     */
    void open() {
        if (state.getLong(PHASE) != PHASE_RUNNING) {
            return;
        }
        final long counted = state.getLong(OUTPUT_BYTES);
        final long length = output.length();
        if (length < counted) {
            throw new DoNotRestartException(
                    output.file()
                            + " has "
                            + length
                            + " bytes, of "
                            + counted
                            + " that were written: someone changed it, or \"output\" is another"
                            + " file now; drop the state with \"coppice clean\" and run again");
        }
        output.truncate(counted);
    }

    /** Uses one message of the scan within the caller's transaction. */
    void onMessage(final int type, final DirectBuffer buffer, final int index) {
        switch (type) {
            case CatalogMessage.BEGIN:
                begin(CatalogMessage.runId(buffer, index));
                break;
            case CatalogMessage.DOCUMENT:
                requireRun();
                add(CatalogMessage.decodeDocument(buffer, index));
                break;
            case CatalogMessage.END:
                requireRun();
                end();
                break;
            default:
                throw new IllegalArgumentException("a message of the unknown type " + type);
        }
    }

    /** Only words change here: the file is cut by the first line, when this is committed. */
    private void begin(final long runId) {
        state.putLong(PHASE, PHASE_RUNNING);
        state.putLong(RUN_ID, runId);
        state.putLong(RUN, state.getLong(RUN) + 1);
        state.putLong(STARTED_MS, clockMs.getAsLong());
        state.putLong(ENDED_MS, 0);
        state.putLong(OUTPUT_BYTES, 0);
        state.putLong(DOCUMENTS, 0);
        state.putLong(BYTES, 0);
        state.putLong(MEDIA_TYPES, 0);
        state.putLong(OTHER_DOCUMENTS, 0);
        state.putLong(OTHER_BYTES, 0);
        for (final DocumentOutcome outcome : DocumentOutcome.ALL) {
            state.putLong(CatalogLayout.outcome(outcome), 0);
        }
    }

    /**
     * Without a beginning this catalogue was reset while the scan ran on: what comes is still
     * written, and the summary says that it is not all.
     */
    private void requireRun() {
        if (state.getLong(PHASE) != PHASE_RUNNING) {
            begin(UNKNOWN_RUN);
        }
    }

    private void add(final DocumentResult result) {
        final byte[] line = JsonLine.of(result);
        final long lineOffset = state.getLong(OUTPUT_BYTES);
        if (lineOffset == 0) {
            output.truncate(0);
        }
        output.write(lineOffset, line);
        final Extraction found = result.extraction();
        int mediaType = MediaTypeTable.OTHER;
        if (found != null) {
            mediaType = mediaTypes.count(found.mediaType(), found.bytes());
            state.putLong(BYTES, state.getLong(BYTES) + found.bytes());
        }
        final int counter = CatalogLayout.outcome(result.outcome());
        state.putLong(counter, state.getLong(counter) + 1);
        final long number = state.getLong(DOCUMENTS);
        if (number < documents.capacity() / RECORD_BYTES) {
            fillRecord(result, mediaType, lineOffset, line.length);
            documents.putBytes((int) number * RECORD_BYTES, record, 0, RECORD_BYTES);
        }
        state.putLong(DOCUMENTS, number + 1);
        state.putLong(OUTPUT_BYTES, lineOffset + line.length);
    }

    private void fillRecord(
            final DocumentResult result,
            final int mediaType,
            final long lineOffset,
            final int lineBytes) {
        final Extraction found = result.extraction();
        record.putLong(CatalogLayout.RECORD_PATH_HASH, CatalogLayout.hash(result.path()));
        record.putLong(
                CatalogLayout.RECORD_FILE_BYTES, found == null ? UNKNOWN_BYTES : found.bytes());
        record.putLong(
                CatalogLayout.RECORD_TEXT_LENGTH,
                found == null ? UNKNOWN_BYTES : found.textLength());
        record.putLong(CatalogLayout.RECORD_LINE_OFFSET, lineOffset);
        record.putInt(CatalogLayout.RECORD_RUN, (int) state.getLong(RUN));
        record.putInt(CatalogLayout.RECORD_OUTCOME, result.outcome().ordinal());
        record.putInt(CatalogLayout.RECORD_MEDIA_TYPE, mediaType);
        record.putInt(CatalogLayout.RECORD_ATTEMPTS, result.attempts());
        record.putInt(CatalogLayout.RECORD_LINE_BYTES, lineBytes);
    }

    private void end() {
        state.putLong(ENDED_MS, clockMs.getAsLong());
        state.putLong(PHASE, PHASE_FINISHED);
        output.truncate(state.getLong(OUTPUT_BYTES));
        output.force();
        summary.accept(
                CatalogSummary.of(
                        state, mediaTypes, documents.capacity() / RECORD_BYTES, output.file()));
    }
}
