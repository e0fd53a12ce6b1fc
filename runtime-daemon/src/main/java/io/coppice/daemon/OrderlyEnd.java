package io.coppice.daemon;

import io.coppice.pool.board.Bells;

/**
 * SIGTERM and SIGINT from outside close the daemon in order; root then sees an end that it did not
 * ask for. A standby that waits for its turn has nothing to close and ends at once.
 *
 * <p>A class of its own, made before the daemon serves: in a takeover nothing is to be loaded.
 */
final class OrderlyEnd extends Thread {
    /** How long a process that is told to end from outside may take to close, in milliseconds. */
    private static final long CLOSE_MS_MAX = 5_000;

    private final Thread server;
    private final Bells bells;
    private final int slot;
    private volatile boolean serving;
    private volatile boolean asked;

    OrderlyEnd(final Thread server, final Bells bells, final int slot) {
        super("close");
        this.server = server;
        this.bells = bells;
        this.slot = slot;
    }

    /** From now on there is something to close. */
    void begin() {
        serving = true;
    }

    /** Returns whether the process is to end. */
    boolean isAsked() {
        return asked;
    }

    @Override
    public void run() {
        asked = true;
        if (!serving) {
            return;
        }
        bells.ring(slot);
        try {
            server.join(CLOSE_MS_MAX);
        } catch (final InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }
}
