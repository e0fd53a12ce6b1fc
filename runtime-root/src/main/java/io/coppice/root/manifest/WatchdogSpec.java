package io.coppice.root.manifest;

/**
 * How long a daemon may be silent. Immutable.
 *
 * @param dumpAfterNs silence before a thread dump, in nanoseconds, at most {@code killAfterNs}
 * @param killAfterNs silence before a kill, in nanoseconds
 */
public record WatchdogSpec(long dumpAfterNs, long killAfterNs) {}
