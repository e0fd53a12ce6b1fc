package io.coppice.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What it costs to have something done in another process. */
final class TransactionBench implements Benchmark {
    private static final int ROUNDS = 20_000;
    private static final int ROUNDS_QUICK = 1_000;
    private static final int WARM_UP = 5_000;
    private static final int WARM_UP_QUICK = 250;

    /** Subjects take turns this often: short enough that the machine's moods hit all alike. */
    private static final int BATCHES = 20;

    @Override
    public String name() {
        return "transaction";
    }

    @Override
    public String note() {
        return "A 64-byte request to another process and a 64-byte reply, one at a time. Coppice: a"
                + " transaction, from submit to the commit that takes its result, journaled on both"
                + " sides. The baselines keep nothing: a pipe and a Unix socket to a child JVM, and"
                + " Python's multiprocessing.Pool.apply where there is a python3.";
    }

    @Override
    public List<Case> run(final Scratch scratch, final boolean quick) throws IOException {
        final Case roundTrip = new Case("round trip, 64 bytes", Unit.US);
        final List<RoundTrips> subjects = new ArrayList<>();
        subjects.add(TransactionRoundTrips.start(scratch));
        subjects.add(SocketRoundTrips.start(scratch));
        subjects.add(PipeRoundTrips.start(scratch));
        PythonRoundTrips.start(scratch).ifPresent(subjects::add);
        for (final RoundTrips subject : subjects) {
            subject.measure(quick ? WARM_UP_QUICK : WARM_UP);
        }
        final int rounds = (quick ? ROUNDS_QUICK : ROUNDS) / BATCHES;
        for (int batch = 0; batch < BATCHES; batch++) {
            for (final RoundTrips subject : subjects) {
                roundTrip.of(subject.subject()).addAllNs(subject.measure(rounds));
            }
        }
        for (final RoundTrips subject : subjects) {
            subject.stop();
        }
        return List.of(roundTrip);
    }
}
