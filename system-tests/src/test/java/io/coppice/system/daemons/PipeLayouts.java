package io.coppice.system.daemons;

/** What the daemon and the transactions of the pipes agree on. */
final class PipeLayouts {
    /** How many messages there are, numbered from 1. */
    static final int MESSAGES = 600;

    /** A number. */
    static final int MESSAGE_BYTES = Long.BYTES;

    /** How many messages a transaction takes at most. */
    static final int MESSAGES_PER_TASK = 5;

    /** A word for each number: how often a worker has it polled. */
    static final String POLLED = "polled";

    private PipeLayouts() {}
}
