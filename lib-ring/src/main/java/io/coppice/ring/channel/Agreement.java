package io.coppice.ring.channel;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A handshake of the connecting end on a thread of its own. The other end answers on such a thread
 * too, so it takes as long as two messages do, or to its deadline. For any thread.
 */
final class Agreement {
    private final SocketChannel socket;
    private final ChannelSettings settings;
    private final String who;
    private final Runnable onDone;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition done = lock.newCondition();
    private final Thread thread;
    private volatile boolean isDone;
    private Connection made;
    private IOException failure;
    private boolean abandoned;

    /**
     * Prepares it.
     *
     * @param onDone is called once, on the thread of the handshake
     */
    Agreement(
            final SocketChannel socket,
            final ChannelSettings settings,
            final String who,
            final Runnable onDone) {
        this.socket = socket;
        this.settings = settings;
        this.who = who;
        this.onDone = onDone;
        thread = Thread.ofVirtual().name("coppice-channel-handshake").unstarted(this::agree);
    }

    void start() {
        thread.start();
    }

    private void agree() {
        Connection agreed = null;
        IOException failed = null;
        try {
            agreed = Handshake.connect(socket, settings, who);
        } catch (final IOException refused) {
            failed = refused;
        } catch (final RuntimeException broken) {
            failed = new IOException(who + ": the handshake failed; connect again", broken);
        }
        finish(agreed, failed);
        onDone.run();
    }

    private void finish(final Connection agreed, final IOException failed) {
        lock.lock();
        try {
            made = agreed;
            failure = failed;
            isDone = true;
            if (abandoned && agreed != null) {
                end();
            }
            done.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        try {
            made.close();
        } catch (final IOException failed) {
            failure = failed;
        }
    }

    /** Returns whether {@link #result} would not wait. */
    boolean isDone() {
        return isDone;
    }

    /**
     * Returns the connection, or null where there is none yet and it must not wait.
     *
     * @throws IOException what the handshake failed with
     */
    Connection result(final boolean mayWait) throws IOException {
        lock.lock();
        try {
            while (mayWait && !isDone && !abandoned) {
                done.await();
            }
            if (abandoned) {
                throw new AsynchronousCloseException();
            }
            if (failure != null) {
                throw failure;
            }
            return made;
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            final ClosedByInterruptException closing = new ClosedByInterruptException();
            closing.initCause(interrupted);
            throw closing;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody wants it any more: what there is of it is closed. */
    void abandon() {
        lock.lock();
        try {
            abandoned = true;
            if (made != null) {
                end();
            }
            done.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }
}
