package io.coppice.bench;

import java.io.IOException;

/** One way to have another process do something and tell the result. */
interface RoundTrips {
    /** Length of a request, and of a reply. */
    int MESSAGE_BYTES = 64;

    /** Returns what its row is called. */
    String subject();

    /**
     * Makes round trips, one after another.
     *
     * @return the time of each in nanoseconds
     */
    long[] measure(int rounds) throws IOException;

    /** Ends the process on the other side. */
    void stop() throws IOException;
}
