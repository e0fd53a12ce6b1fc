package io.coppice.os;

/** The ringing end of a supervisor's wait point. Safe from any thread and process. */
public interface Doorbell extends AutoCloseable {
    /**
     * Wakes whoever waits at the other end. Never blocks; a bell that already rings, or that nobody
     * hears, is no error.
     */
    void ring();

    @Override
    void close();
}
