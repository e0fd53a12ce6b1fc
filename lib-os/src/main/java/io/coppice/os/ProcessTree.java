package io.coppice.os;

import java.util.List;
import java.util.function.Consumer;

/**
 * What a supervisor asks of the kernel about the processes below it, its own children and whatever
 * they have started.
 *
 * <p>For one thread. Methods allocate where they say so, and otherwise nothing after the first
 * call.
 */
public interface ProcessTree {
    /** Returned by {@link #reap} where there is nothing to reap. */
    int NOT_REAPED = -1;

    /** Where the platform can do none of it. */
    ProcessTree NONE = new NoProcessTree();

    /**
     * Has the kernel make whoever below this process loses its parent a child of this process.
     * Holds for its life, also across exec(2).
     *
     * @return false where the platform cannot do it
     */
    boolean adoptOrphans();

    /**
     * Returns the pid of some child that has ended and was not reaped yet, 0 where there is none.
     * It stays as it is: it may be one that the JDK will reap.
     */
    long endedChild();

    /**
     * Reaps one child that has ended. One that the JDK has started is not to be reaped here while
     * anybody asks for its exit status.
     *
     * @param startTime of the child, or 0 where it does not matter
     * @return its exit code, 128 + signal, or {@link #NOT_REAPED} where it has not ended, or is not
     *     a child of this process
     */
    int reap(long pid, long startTime);

    /**
     * Returns whether any process that has lost its parent may be a child of this one now: false
     * only where the kernel says that there is none. Allocates.
     */
    boolean mayHaveOrphans();

    /**
     * Returns the processes that have lost their parent and are children of this one now; none
     * where the kernel does not list them. Much less work than {@link #processes}. Where there are
     * very many only some of them are returned. Allocates.
     */
    List<ProcessRecord> orphans();

    /**
     * Shows all processes there are, one after the other, so that a small heap does for any number
     * of them. One that begins meanwhile is shown too, so that a process which forks and ends, and
     * whose child does the same, is seen alive. Allocates.
     *
     * @return whether everybody who lives at the end of the look has been shown; false where
     *     processes began faster than one can look
     */
    boolean processes(Consumer<ProcessRecord> observer);

    /** Returns one process, or null where there is none of that pid. Allocates. */
    ProcessRecord process(long pid);

    /**
     * Returns what a variable said in the environment that a process was started with; empty where
     * it has none, or this process may not look. Allocates.
     *
     * @param name of the variable
     * @return null while the process is between two programs: it lives and shows no environment yet
     */
    String variable(long pid, String name);

    /**
     * Sends a signal to a process and to no other one that has its pid by now. Allocates.
     *
     * @return false where it is gone
     */
    boolean signal(long pid, long startTime, int signal);

    /** A platform of which nothing is known. */
    final class NoProcessTree implements ProcessTree {
        private NoProcessTree() {}

        @Override
        public boolean adoptOrphans() {
            return false;
        }

        @Override
        public long endedChild() {
            return 0;
        }

        @Override
        public int reap(final long pid, final long startTime) {
            return NOT_REAPED;
        }

        @Override
        public boolean mayHaveOrphans() {
            return false;
        }

        @Override
        public List<ProcessRecord> orphans() {
            return List.of();
        }

        @Override
        public boolean processes(final Consumer<ProcessRecord> observer) {
            return true;
        }

        @Override
        public ProcessRecord process(final long pid) {
            return null;
        }

        @Override
        public String variable(final long pid, final String name) {
            return "";
        }

        @Override
        public boolean signal(final long pid, final long startTime, final int signal) {
            return false;
        }
    }
}
