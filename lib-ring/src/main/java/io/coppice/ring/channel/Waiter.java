package io.coppice.ring.channel;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;

/**
 * How one direction of an endpoint waits: it spins for a while, then sleeps on the socket until a
 * bell, the end of the other process, or a deadline. For the thread that holds the direction's
 * lock; {@link #wake} is for any.
 *
 * <p>Both directions sleep on the same socket, and whoever takes a bell from it may have taken the
 * other's. So it wakes the other one too, where that sleeps: its flag is set before its ticket, and
 * a bell for a ticket comes after the ticket.
 */
final class Waiter {
    private static final int SPINS_BETWEEN_CLOCKS = 16;

    private final Endpoint endpoint;
    private final Bells bells;
    private final ParkTicket ticket;
    private final boolean reading;
    private final long spinNs;
    private volatile Selector selector;
    private volatile boolean sleeps;

    Waiter(
            final Endpoint endpoint,
            final Bells bells,
            final ParkTicket ticket,
            final boolean reading,
            final long spinNs) {
        this.endpoint = endpoint;
        this.bells = bells;
        this.ticket = ticket;
        this.reading = reading;
        this.spinNs = spinNs;
    }

    /**
     * Waits until there is something to do, or the thread is interrupted.
     *
     * @param deadlineNs of {@link System#nanoTime}, where {@code timeoutNs} is not forever
     * @return whether that was before the deadline
     */
    boolean await(final long timeoutNs, final long deadlineNs) throws IOException {
        if (spin(timeoutNs)) {
            return true;
        }
        if (selector == null) {
            final Selector opened = JdkChannels.openSelector();
            bells.socket().register(opened, SelectionKey.OP_READ);
            selector = opened;
        }
        sleeps = true;
        try {
            return sleep(timeoutNs, deadlineNs);
        } finally {
            sleeps = false;
            ticket.unpark();
        }
    }

    private boolean spin(final long timeoutNs) throws IOException {
        final long nanos = Math.min(spinNs, timeoutNs);
        if (nanos == 0) {
            return false;
        }
        final long start = System.nanoTime();
        do {
            for (int i = 0; i < SPINS_BETWEEN_CLOCKS; i++) {
                if (endpoint.isReady(reading)) {
                    return true;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - start < nanos);
        return false;
    }

    private boolean sleep(final long timeoutNs, final long deadlineNs) throws IOException {
        while (true) {
            // A bell that was taken may have been this ticket's, so each sleep has its own.
            ticket.park();
            if (endpoint.isReady(reading) || Thread.currentThread().isInterrupted()) {
                return true;
            }
            long millis = 0;
            if (timeoutNs != Connection.FOREVER) {
                final long left = deadlineNs - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                millis = TimeUnit.NANOSECONDS.toMillis(left) + 1;
            }
            selector.select(Waiter::ignore, millis);
            bells.drain(reading);
        }
    }

    /** The key says nothing that draining does not. */
    private static void ignore(final SelectionKey key) {
        key.readyOps();
    }

    /** Wakes the thread of this direction, if one sleeps or is about to. */
    void wake() {
        final Selector there = selector;
        if (sleeps && there != null) {
            there.wakeup();
        }
    }

    /** Gives back what waiting needed; nobody waits any more. */
    void release() throws IOException {
        final Selector there = selector;
        if (there != null) {
            there.close();
        }
    }
}
