package io.coppice.pool;

/** The one thread that writes through a journal, and whether it is in a transaction. */
final class JournalThread {
    private Thread writer;

    /** The writer while a transaction is under way, else null: one look tells both. */
    private Thread active;

    private boolean closed;

    /** Makes the calling thread the writer where there is none yet. */
    void requireWriter() {
        if (active != null) {
            throw new IllegalStateException("a transaction is under way already");
        }
        if (closed) {
            throw new IllegalStateException("the arena was closed: nothing is stored any more");
        }
        if (writer == null) {
            writer = Thread.currentThread();
        } else if (writer != Thread.currentThread()) {
            throw otherThread();
        }
    }

    void requireActive() {
        if (active != Thread.currentThread()) {
            throw active == null
                    ? new IllegalStateException("no transaction is under way: begin() comes first")
                    : otherThread();
        }
    }

    boolean isActive() {
        return active != null;
    }

    void begin() {
        active = writer;
    }

    void end() {
        active = null;
    }

    void close() {
        closed = true;
    }

    private IllegalStateException otherThread() {
        return new IllegalStateException(
                "thread \""
                        + Thread.currentThread().getName()
                        + "\" writes, but the journal is that of thread \""
                        + writer.getName()
                        + "\": hand the change over to it");
    }
}
