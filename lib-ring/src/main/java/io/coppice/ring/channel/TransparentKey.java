package io.coppice.ring.channel;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectionKey;

/** The registration of a channel, ours or the JDK's, with a {@link TransparentSelector}. */
final class TransparentKey extends AbstractSelectionKey {
    private final SelectableChannel channel;
    private final TransparentSelector selector;
    private volatile int interestOps;
    private volatile int readyOps;

    /** The registration with the JDK's selector; null while there is nothing to be watched. */
    private volatile SelectionKey inner;

    /** Another one of the same channel; see {@link TransparentSelector}. */
    private volatile SelectionKey second;

    /** What this round of the selector found; its own. */
    private int found;

    private boolean isFound;

    private int parkedOps;

    /** Where the selector has it; its own. */
    private int index = -1;

    TransparentKey(final SelectableChannel channel, final TransparentSelector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    /**
     * Returns the selector. {@link #cancel} cannot be overridden, but it asks this once the key is
     * no longer valid: then those of the JDK's selector must not be either, lest they keep the
     * channel from becoming blocking.
     */
    @Override
    public Selector selector() {
        if (!isValid()) {
            cancel(inner);
            cancel(second);
        }
        return selector;
    }

    /** Who holds a channel's locks asks too, so that nothing is waited for that was done before. */
    private static void cancel(final SelectionKey key) {
        if (key != null && key.isValid()) {
            key.cancel();
        }
    }

    @Override
    public int interestOps() {
        checkValid();
        return interestOps;
    }

    @Override
    public SelectionKey interestOps(final int ops) {
        checkValid();
        if ((ops & ~channel.validOps()) != 0) {
            throw new IllegalArgumentException("ops " + ops + ": not all are of this channel");
        }
        interestOps = ops;
        if (watched() == null) {
            inner.interestOps(ops);
        }
        return this;
    }

    @Override
    public int readyOps() {
        checkValid();
        return readyOps;
    }

    private void checkValid() {
        if (!isValid()) {
            throw new CancelledKeyException();
        }
    }

    /** Returns the channel where it is ours, else null. */
    Watched watched() {
        return channel instanceof final Watched ours ? ours : null;
    }

    void innerKeys(final SelectionKey key, final SelectionKey other) {
        inner = key;
        second = other;
    }

    /** Lets the JDK's selector watch what is to be watched of a channel of ours now. */
    void watch(final Selector by) {
        final Watched ours = watched();
        final SelectableChannel socket = ours.watchedSocket();
        if (socket == null || !isValid()) {
            return;
        }
        try {
            final int ops = ours.socketOps(interestOps);
            if (inner == null) {
                inner = socket.register(by, ops, this);
            } else if (inner.isValid() && inner.interestOps() != ops) {
                inner.interestOps(ops);
            }
        } catch (final IOException | CancelledKeyException closed) {
            // Then this key is cancelled too.
            return;
        }
    }

    /** Asks to be woken; returns what is ready already. */
    int park() {
        parkedOps = interest();
        return watched().park(parkedOps);
    }

    /** Asks to be woken no more. */
    void unpark() {
        if (parkedOps != 0) {
            watched().unpark(parkedOps);
            parkedOps = 0;
        }
    }

    /** Returns what the user is interested in, 0 where the key is not valid. */
    int interest() {
        return isValid() ? interestOps : 0;
    }

    /** Adds what was found; returns whether it is the first of this round. */
    boolean find(final int ops) {
        found |= ops;
        final boolean isFirst = !isFound;
        isFound = true;
        return isFirst;
    }

    /** Ends a round; returns what was found in it that the user is interested in. */
    int takeFound() {
        final int ops = found & interest();
        found = 0;
        isFound = false;
        return ops;
    }

    /** Says what the user finds it to be ready for. */
    void ready(final int ops) {
        readyOps = ops;
    }

    /** Adds to that; returns whether it is more than before. */
    boolean addReady(final int ops) {
        final int before = readyOps;
        readyOps = before | ops;
        return readyOps != before;
    }

    int index() {
        return index;
    }

    void index(final int at) {
        index = at;
    }
}
