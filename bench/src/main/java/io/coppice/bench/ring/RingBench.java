package io.coppice.bench.ring;

import io.coppice.bench.BenchFailure;
import io.coppice.bench.Benchmark;
import io.coppice.bench.Case;
import io.coppice.bench.NotRunException;
import io.coppice.bench.Scratch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What it costs to send messages from process to process. */
public final class RingBench implements Benchmark {
    private static final Effort WHOLE = new Effort(5, 20, 1);
    private static final double MEDIAN = 50;
    private static final Effort QUICK = new Effort(1, 3, 10);

    /** Whoever spins and takes longer there and back did not have a core for each end. */
    private static final double FREE_MOST_US = 10;

    /** Labels of those to whom that happened. */
    private final List<String> crowded = new ArrayList<>();

    /**
     * How much is done.
     *
     * @param warmUpTurns that do not count
     * @param turns that count; subjects take turns this often
     * @param part which part of the messages of a turn is sent: one in so many
     */
    record Effort(int warmUpTurns, int turns, int part) {}

    @Override
    public String name() {
        return "ring";
    }

    @Override
    public String note() {
        return "Each end is a process, "
                + (Traffic.MULTICAST.others() + 1)
                + " in the case of 1 to 3 and 2 in the others; this machine has "
                + Runtime.getRuntime().availableProcessors()
                + " cores, and where there are fewer than processes the scheduler is measured too;"
                + " else each has one of its own, but with Aeron, whose driver needs one too."
                + " Rates: a value is a turn of "
                + Traffic.BATCHES.messages()
                + " messages (--quick: fewer), from the first that is sent until the slowest reader"
                + " has the last. Round trips: each by itself. Every byte that is received is"
                + " checked. What each of them guarantees is in bench/README.md."
                + (crowded.isEmpty()
                        ? ""
                        : " This time a spinning round trip took more than "
                                + (long) FREE_MOST_US
                                + " us: "
                                + String.join(", ", crowded)
                                + " had no core for each end, so these figures and their ratios"
                                + " are those of the scheduler.");
    }

    @Override
    public List<Case> run(final Scratch scratch, final boolean quick) throws IOException {
        final List<Case> cases = new ArrayList<>();
        for (final Traffic traffic : Traffic.values()) {
            cases.add(run(scratch, traffic, traffic.media(), quick ? QUICK : WHOLE));
        }
        noteCrowded(cases.get(Traffic.SPINNING.ordinal()));
        return cases;
    }

    private void noteCrowded(final Case spinning) {
        for (final Medium medium : Traffic.SPINNING.media()) {
            final String label = medium.label();
            if (spinning.leftOut().stream().noneMatch(each -> each.subject().equals(label))
                    && spinning.distribution(label).percentile(MEDIAN) > FREE_MOST_US) {
                crowded.add(label);
            }
        }
    }

    static Case run(
            final Scratch scratch,
            final Traffic traffic,
            final List<Medium> media,
            final Effort effort)
            throws IOException {
        final Case result = new Case(traffic.caseName(), traffic.unit());
        final long messages = traffic.messages() / effort.part();
        final List<RingGroup> running = new ArrayList<>();
        for (final Medium medium : media) {
            // One after another: so many JVMs that start at once keep each other from it.
            try {
                final RingGroup group = RingGroup.start(scratch, traffic, medium);
                running.add(group);
                group.awaitOpen();
            } catch (final NotRunException reason) {
                running.removeIf(group -> stopIf(group, medium));
                leaveOut(result, medium, reason);
            }
        }
        for (int turn = 0; turn < effort.warmUpTurns(); turn++) {
            each(result, running, group -> group.turn(messages));
        }
        for (int turn = 0; turn < effort.turns(); turn++) {
            each(result, running, group -> measure(result, traffic, group, messages));
        }
        running.forEach(RingGroup::finish);
        return result;
    }

    private static void measure(
            final Case result, final Traffic traffic, final RingGroup group, final long messages)
            throws IOException, NotRunException {
        final RingTurn turn = group.turn(messages);
        final String label = group.medium().label();
        if (traffic.isRoundTrip()) {
            result.distribution(label).add(group.times());
        } else if (group.medium().mayLose()) {
            result.of(written(label)).add(turn.writtenPerSecond());
            result.of(received(label)).add(turn.receivedPerSecond());
        } else {
            result.of(label).add(turn.receivedPerSecond());
        }
    }

    private static boolean stopIf(final RingGroup group, final Medium medium) {
        final boolean isIt = group.medium() == medium;
        if (isIt) {
            group.stop();
        }
        return isIt;
    }

    private static String written(final String label) {
        return label + ", written";
    }

    private static String received(final String label) {
        return label + ", received";
    }

    /** Has each do something; who cannot is dropped with all it has measured. */
    private static void each(final Case result, final List<RingGroup> running, final Step step)
            throws IOException {
        final Iterator<RingGroup> next = running.iterator();
        while (next.hasNext()) {
            final RingGroup group = next.next();
            try {
                step.take(group);
            } catch (final NotRunException reason) {
                group.stop();
                next.remove();
                leaveOut(result, group.medium(), reason);
            }
        }
    }

    private static void leaveOut(
            final Case result, final Medium medium, final NotRunException reason) {
        if (medium.isCoppice()) {
            throw new BenchFailure(
                    BenchFailure.BUG, medium.label() + ": " + reason.getMessage(), reason);
        }
        result.leaveOut(medium.label(), reason.getMessage());
    }

    /** What one group is to do. */
    private interface Step {
        void take(RingGroup group) throws IOException, NotRunException;
    }
}
