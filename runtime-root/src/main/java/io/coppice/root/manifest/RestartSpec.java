package io.coppice.root.manifest;

import io.coppice.pool.plan.RestartPolicy;

/**
 * When and how often a daemon is restarted. Immutable.
 *
 * @param policy which ends are followed by a restart
 * @param backoffMinNs first wait, in nanoseconds, at most {@code backoffMaxNs}
 * @param backoffMaxNs longest wait, in nanoseconds
 * @param limit restarts allowed within {@code withinNs}; one more means quarantine
 * @param withinNs time over which restarts are counted, in nanoseconds
 * @param stableAfterNs time of being ready that forgets the restarts, in nanoseconds
 * @param recoveryLimit recoveries that may fail in a row before the arena is set aside; 0 for never
 */
public record RestartSpec(
        RestartPolicy policy,
        long backoffMinNs,
        long backoffMaxNs,
        int limit,
        long withinNs,
        long stableAfterNs,
        int recoveryLimit) {}
