package io.coppice.bench.ring;

/** One process's end of a subject. Made when its process starts; for one thread. */
interface Endpoint {
    /**
     * Does what has to be done before the other side begins to send, and does not wait for it.
     *
     * @throws Exception whatever the subject throws
     */
    default void prepare() throws Exception {}

    /**
     * Sends messages with numbers one after another, and waits as long as there is no room.
     *
     * @param first number of the first one
     * @param count of messages, at most the batch of the {@link Seat}
     * @throws Exception whatever the subject throws
     */
    void send(long first, int count) throws Exception;

    /**
     * Takes what is there. A subject that sleeps returns after a while with nothing.
     *
     * @param limit of messages, at least 1
     * @return how many there were
     * @throws Exception whatever the subject throws
     */
    int receive(MessageCheck check, int limit) throws Exception;

    /**
     * Takes one message, if there is one, and sends one back. A subject in which both are one step
     * does it in one.
     *
     * @param number of both
     * @return whether there was one
     * @throws Exception whatever the subject throws
     */
    default boolean answer(final MessageCheck check, final long number) throws Exception {
        if (receive(check, 1) == 0) {
            return false;
        }
        send(number, 1);
        return true;
    }

    /** Waits, as whoever has found nothing to do does; some have waited in {@link #receive}. */
    default void idle(final Waiting waiting) {
        waiting.idle();
    }
}
