package io.coppice.pool;

/**
 * A transaction wanted to change more than its journal can undo. It must be rolled back; nothing of
 * it has to stay.
 */
public final class JournalFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JournalFullException(final long capacityBytes, final long neededBytes) {
        super(
                "the journal of "
                        + capacityBytes
                        + " bytes is full (this transaction needs "
                        + neededBytes
                        + "): raise \"journal\" in the manifest, or commit more often");
    }
}
