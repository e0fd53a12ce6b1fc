package io.coppice.ring.channel;

import java.nio.channels.SelectableChannel;

/**
 * What a {@link TransparentSelector} asks a channel of ours. Part of the answer is in memory, and
 * part comes from a socket that an inner selector of the JDK watches.
 */
interface Watched {
    /** Returns the socket to be watched, or null where all is seen in memory for now. */
    SelectableChannel watchedSocket();

    /** Returns for what the socket is to be watched where the key is interested in these. */
    int socketOps(int ops);

    /** Returns whether what the socket is ready for is what the channel is ready for. */
    boolean isPlain();

    /** Returns which of these memory says are ready. */
    int readyOps(int ops);

    /**
     * Does the same, and before it asks to be woken: by the socket, or by {@link Selectors#nudge}.
     */
    int park(int ops);

    /** Asks to be woken no more. */
    void unpark(int ops);

    /** Takes what the socket was watched for, where it is not plain. */
    void takeBells();

    /** Returns who is to look again when memory changes. */
    Selectors selectors();
}
