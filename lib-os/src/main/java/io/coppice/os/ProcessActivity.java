package io.coppice.os;

/**
 * What a process does with the processors at one moment. Immutable.
 *
 * @param stopped by a signal or a debugger, all of it
 * @param waiting whether some thread runs, or would run if it were given a processor, or waits
 *     uninterruptibly for a disk or for memory; false where the platform does not tell
 * @param cpuNs what its threads, ended ones too, have had of the processors, in nanoseconds; in
 *     steps of the kernel's clock, 10 ms
 */
public record ProcessActivity(boolean stopped, boolean waiting, long cpuNs) {
    /** That of a process that is gone. */
    public static final ProcessActivity NONE = new ProcessActivity(false, false, 0);
}
