package io.coppice.os;

import java.nio.file.Path;
import java.util.List;

/**
 * What Coppice asks of the operating system.
 *
 * <p>Every method may be called from any thread. None allocates after its first call, except where
 * it says so.
 */
public interface OperatingSystem {
    /** Set to {@code portable} to use the fallback where Linux would be found. */
    String SELECT_PROPERTY = "coppice.os";

    /** Returns the implementation for this machine, always the same object. */
    static OperatingSystem current() {
        return OperatingSystemHolder.CURRENT;
    }

    /** Returns {@code linux} or {@code portable}. */
    String name();

    /**
     * Blocks while the word at an address holds a value. Returns on a wake-up, when the word holds
     * another value, when the time is up, or for no reason at all: callers look at their condition
     * again. A wait that no wake-up ended may allocate some 40 bytes until it is compiled.
     *
     * @param address of a 4-byte aligned word in a shared mapping
     * @param expected the value on which to sleep
     * @param timeoutNs how long at most, in nanoseconds; 0 or less returns at once
     */
    void futexWait(long address, int expected, long timeoutNs);

    /**
     * Has the kernel look at a 32-bit word when the calling thread ends, in whatever way, before
     * the memory of its process is given back. Where the word holds the number that this returns,
     * perhaps with bit 31, the kernel stores bit 30 and bit 31 as it was in its place, and wakes
     * one waiter if bit 31 was there; where the word is 0, it wakes one. One word for each thread:
     * a later one replaces it. The mapping must stay for as long as the thread lives. The C
     * library's own list of robust mutexes of this thread is forgotten. Allocates.
     *
     * @param address of a 4-byte aligned word in a shared mapping
     * @return the number of the thread, below 2^30, never 0; or 0 where the platform cannot do it
     */
    int markOnThreadEnd(long address);

    /**
     * Asks for turns of some length for the calling thread. Who asks for shorter ones is let on
     * sooner where it wakes up on a busy processor, and gets no more of it in all. Threads and
     * processes that it starts have the same. It is a wish, and needs no privilege.
     *
     * @param sliceNs from 100 us to 100 ms, in nanoseconds; 0 for what everybody has
     * @return how long its turns are now, in nanoseconds; 0 where the platform has no such wishes
     *     (Linux before 6.12), or another policy than the usual one rules over the thread
     */
    long schedulingSlice(long sliceNs);

    /** Wakes at most {@code count} processes or threads that wait on the word at an address. */
    void futexWake(long address, int count);

    /**
     * Creates a file of exactly a size, readable and writable by its owner alone, with every page
     * really allocated, so that a full file system is an error here and never a SIGBUS later. An
     * existing file of that size is completed and keeps what it holds. Where it fails, a file that
     * was not there before is not there after. Allocates.
     *
     * @throws OsException ENOSPC where the file system is full
     */
    void preallocate(Path file, long bytes);

    /**
     * Returns a number of the running boot of this machine, unlike that of any other boot; 0 where
     * it is not known. Allocates.
     */
    long bootId();

    /**
     * Sends a signal to one process. The portable fallback knows only {@link Signals#TERM} and
     * {@link Signals#KILL} and ignores all others.
     *
     * @return false where there is no such process, or {@code pid} is below 1 and so never one
     */
    boolean signal(long pid, int signal);

    /**
     * Sends a signal to a process group led by {@code pid}; false where there is none, or it is
     * below 2.
     */
    boolean signalGroup(long pid, int signal);

    /**
     * Makes the calling process the leader of a new session, without a terminal. A leader already
     * is left as it is.
     */
    void newSession();

    /**
     * Has the kernel send {@code signal} to the calling process when the thread that spawned it
     * ends, then checks that the parent still is who it should be. The calling thread must be one
     * that lives as long as the process.
     *
     * @return false where the parent is another process already, or where the platform cannot do it
     *     and the parent is gone
     */
    boolean dieWithParent(int signal, long parentPid);

    /**
     * Returns the pid of the calling process's parent now. Allocates where the platform is not
     * Linux.
     */
    long parentPid();

    /**
     * Returns when a process was started, in a unit that only equality has meaning for, or 0 where
     * there is no such process. Together with the pid it names a process for ever. Allocates.
     */
    long startTime(long pid);

    /**
     * Returns the program and the arguments of a process, none where they cannot be told.
     * Allocates.
     */
    List<String> commandLine(long pid);

    /**
     * Waits for the kernel's word that a process and all its threads are gone; needs no parenthood.
     * Allocates.
     *
     * @param startTime that {@link #startTime} gave while it lived, so that a pid given out again
     *     is not mistaken for it
     * @param timeoutNs how long at most, in nanoseconds
     * @return whether it is certain that the process is gone
     */
    boolean awaitDeath(long pid, long startTime, long timeoutNs);

    /** Returns the resident size of a process in bytes, or 0 where it cannot be told. Allocates. */
    long residentBytes(long pid);

    /**
     * Returns what a process does with the processors; {@link ProcessActivity#NONE} where there is
     * no such process. Allocates.
     */
    ProcessActivity activity(long pid);

    /** Returns what can be told of, and done about, the processes below this one. */
    default ProcessTree processTree() {
        return ProcessTree.NONE;
    }

    /**
     * Opens the wait point of a supervisor.
     *
     * @param capacity how many processes it can watch at once
     * @param doorbell path of the fifo that others ring; created where it is missing
     */
    WaitPoint openWaitPoint(int capacity, Path doorbell);

    /** Opens the ringing end of a doorbell. Allocates. */
    Doorbell openDoorbell(Path doorbell);

    /**
     * Has the calling process begin anew: the same program with the same arguments and environment,
     * in the same process. Its pid, its start time, its parent, its children and its first three
     * descriptors stay; everything else of it is gone, and nothing is run before. To be called by
     * the thread that has spawned the children, since whoever asked to die with its parent asked to
     * die with that thread. Allocates.
     *
     * @throws OsException where the kernel refuses; the process is then as it was
     * @throws UnsupportedOperationException where the platform cannot do it
     */
    void beginAnew();
}
