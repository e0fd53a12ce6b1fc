package io.coppice.bench;

/**
 * A subject that did not run here.
 *
 * @param caseName what was to be done
 * @param subject who was to do it
 * @param reason why not, in one line
 */
public record LeftOut(String caseName, String subject, String reason) {
    /** Returns it in one line. */
    String line() {
        return "not run: " + caseName + ", " + subject + ": " + reason;
    }
}
