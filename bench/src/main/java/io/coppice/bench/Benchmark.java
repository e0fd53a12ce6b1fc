package io.coppice.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Something to measure. Made for one run. */
public interface Benchmark {
    /** Returns the name on the command line, and of the files with the results. */
    String name();

    /** Returns what is measured, in a line or two for people. */
    String note();

    /**
     * Measures.
     *
     * @param scratch where to keep files and processes; whatever is in it is cleaned up
     * @param quick whether few rounds are enough
     * @return at least one case, those in the same unit one after another
     * @throws IOException where the system refuses something
     */
    List<Case> run(Scratch scratch, boolean quick) throws IOException;

    /** Returns further pictures of the last run: what follows the bench's name, and the SVG. */
    default Map<String, String> charts() {
        return Map.of();
    }
}
