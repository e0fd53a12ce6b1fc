package io.coppice.ring.channel;

import java.util.Arrays;

/** The selectors that a channel of ours is registered with. For any thread. */
final class Selectors {
    private volatile TransparentSelector[] all = {};

    synchronized void add(final TransparentSelector selector) {
        final TransparentSelector[] more = Arrays.copyOf(all, all.length + 1);
        more[all.length] = selector;
        all = more;
    }

    synchronized void remove(final TransparentSelector selector) {
        final int at = Arrays.asList(all).indexOf(selector);
        if (at >= 0) {
            final TransparentSelector[] fewer = Arrays.copyOf(all, all.length - 1);
            System.arraycopy(all, at + 1, fewer, at, fewer.length - at);
            all = fewer;
        }
    }

    /** Returns whether there is no more than one. */
    boolean isOne() {
        return all.length <= 1;
    }

    /** Makes those that sleep look again. */
    void nudge() {
        for (final TransparentSelector selector : all) {
            selector.nudge();
        }
    }
}
