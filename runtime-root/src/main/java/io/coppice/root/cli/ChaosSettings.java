package io.coppice.root.cli;

import io.coppice.pool.board.Board;
import io.coppice.pool.plan.ChaosKind;
import io.coppice.pool.plan.TreePlan;
import io.coppice.root.manifest.Durations;
import io.coppice.root.manifest.QuantityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What an operator wants of chaos.
 *
 * @param periodNs between two strokes, 1 ms or more
 * @param kinds mask of {@link ChaosKind}s, not 0
 * @param stopForNs how long a stop is, 1 ms or more
 * @param seed of the random choice
 */
record ChaosSettings(long periodNs, int kinds, long stopForNs, long seed) {
    /** Zero would mean none, and root could do nothing else below this. */
    private static final long NS_MIN = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long NS_MAX = TimeUnit.DAYS.toNanos(30);

    /**
     * Reads options.
     *
     * @param kinds none for kill alone
     * @param stopFor null for 200 ms
     * @param seed null for one that differs each time
     */
    static ChaosSettings of(
            final String periodOption,
            final String period,
            final List<ChaosKind> kinds,
            final String stopForOption,
            final String stopFor,
            final Long seed) {
        int mask = 0;
        for (final ChaosKind kind : kinds) {
            mask |= kind.mask();
        }
        return new ChaosSettings(
                durationNs(periodOption, period),
                mask == 0 ? ChaosKind.KILL.mask() : mask,
                stopFor == null ? TreePlan.CHAOS_STOP_FOR_NS : durationNs(stopForOption, stopFor),
                seed == null ? System.nanoTime() : seed);
    }

    /** Returns what a board says; its seed is where the sequence is by now. */
    static ChaosSettings on(final Board board) {
        return new ChaosSettings(
                board.chaosPeriodNs(),
                (int) board.chaosKinds(),
                board.chaosStopForNs(),
                board.chaosRandom());
    }

    TreePlan in(final TreePlan plan) {
        return plan.withChaos(periodNs, seed, kinds, stopForNs);
    }

    boolean has(final ChaosKind kind) {
        return kind.isIn(kinds);
    }

    /** Returns what is done, without the seed. */
    String what() {
        final List<String> names = new ArrayList<>();
        for (final ChaosKind kind : ChaosKind.values()) {
            if (has(kind)) {
                names.add(
                        kind == ChaosKind.STOP
                                ? "stop for " + Durations.format(stopForNs)
                                : kind.toString());
            }
        }
        return "chaos every " + Durations.format(periodNs) + " (" + String.join(", ", names) + ")";
    }

    @Override
    public String toString() {
        return what() + ", seed " + seed;
    }

    private static long durationNs(final String option, final String text) {
        try {
            final long durationNs = Durations.parse(text);
            if (durationNs < NS_MIN || durationNs > NS_MAX) {
                throw new CommandFailure(
                        ExitStatus.USAGE,
                        option
                                + " \""
                                + text
                                + "\" is too "
                                + (durationNs < NS_MIN
                                        ? "short; write at least \"1 ms\""
                                        : "long; write at most \"30 d\""));
            }
            return durationNs;
        } catch (final QuantityException wrong) {
            throw new CommandFailure(ExitStatus.USAGE, option + " " + wrong.getMessage());
        }
    }
}
