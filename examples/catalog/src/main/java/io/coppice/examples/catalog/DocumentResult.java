package io.coppice.examples.catalog;

import io.coppice.examples.catalog.extract.Extraction;
import io.coppice.os.Signals;

/** What became of one file. */
final class DocumentResult {
    private final byte[] path;
    private final DocumentOutcome outcome;
    private final int attempts;
    private final int exitStatus;
    private final Extraction extraction;
    private final String failure;

    /**
     * Makes a result.
     *
     * @param path of the file, raw bytes relative to the input
     * @param outcome of its extraction
     * @param attempts that were used
     * @param exitStatus of the last attempt's process, 0 where it lives
     * @param extraction null unless the outcome is OK
     * @param failure empty unless the outcome is FAILED
     */
    DocumentResult(
            final byte[] path,
            final DocumentOutcome outcome,
            final int attempts,
            final int exitStatus,
            final Extraction extraction,
            final String failure) {
        this.path = path.clone();
        this.outcome = outcome;
        this.attempts = attempts;
        this.exitStatus = exitStatus;
        this.extraction = extraction;
        this.failure = failure;
    }

    byte[] path() {
        return path.clone();
    }

    DocumentOutcome outcome() {
        return outcome;
    }

    int attempts() {
        return attempts;
    }

    /** Returns what was found; null unless the outcome is OK. */
    Extraction extraction() {
        return extraction;
    }

    /** Returns why there is no extraction, the same in every run; null where there is one. */
    String detail() {
        switch (outcome) {
            case OK:
                return null;
            case FAILED:
                return failure;
            case CRASHED:
                final int signal = Signals.ofExitStatus(exitStatus);
                return signal == 0 ? "exit code " + exitStatus : Signals.name(signal);
            case TIMED_OUT:
                return "no result within the deadline";
            case OUT_OF_MEMORY:
                return "the heap was exhausted";
        }
        throw new AssertionError(outcome);
    }
}
