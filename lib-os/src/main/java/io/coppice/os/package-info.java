/**
 * Every call into the operating system: futexes, process signals and groups, preallocation, the
 * wait point of a supervisor.
 *
 * <p>{@link io.coppice.os.OperatingSystem} is the door; Linux goes through one {@code syscall(2)}
 * handle, everything else through a portable fallback that gives the same answers more slowly. No
 * other module may use {@code java.lang.foreign.Linker}.
 */
package io.coppice.os;
