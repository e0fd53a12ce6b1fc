package io.coppice.daemon;

/** The process of a worker, as far as its pool asks. For the daemon's own thread. */
interface WorkerProcess {
    long pid();

    /** Returns false once its death is certain. */
    boolean isAlive();

    /** Returns how a dead process ended: an exit code, or 128 + signal. */
    int exitStatus();

    /** Returns a process that the JDK started. */
    static WorkerProcess of(final Process process) {
        return new WorkerProcess() {
            @Override
            public long pid() {
                return process.pid();
            }

            @Override
            public boolean isAlive() {
                return process.isAlive();
            }

            @Override
            public int exitStatus() {
                return process.exitValue();
            }
        };
    }
}
