package io.coppice.ring;

/** Is told of messages that a reader has missed. */
@FunctionalInterface
public interface LossHandler {
    /**
     * Called inside the transaction of the next message and before it: what is changed through the
     * reader's journal stands together with having been told, or not at all.
     *
     * @param messages that were overwritten since the message before, 1 or more; those that were
     *     claimed and given up count too
     */
    void onLost(long messages);
}
