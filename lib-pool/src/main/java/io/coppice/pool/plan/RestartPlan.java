package io.coppice.pool.plan;

/**
 * How a daemon is restarted.
 *
 * @param policy when
 * @param backoffMinNs delay before the second restart in a row, in nanoseconds; the first is at
 *     once
 * @param backoffMaxNs that the doubled delays never exceed
 * @param limit restarts allowed within {@code withinNs}; one more is quarantine
 * @param withinNs length of the sliding window
 * @param stableAfterNs of being ready, after which earlier deaths are forgotten
 * @param recoveryLimit recoveries that may fail in a row before the arena is set aside; 0 for never
 */
public record RestartPlan(
        RestartPolicy policy,
        long backoffMinNs,
        long backoffMaxNs,
        int limit,
        long withinNs,
        long stableAfterNs,
        int recoveryLimit) {}
