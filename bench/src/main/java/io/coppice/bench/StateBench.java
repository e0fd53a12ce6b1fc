package io.coppice.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** What an operation on state in shared memory costs. */
final class StateBench implements Benchmark {
    /** How many journaled stores make a transaction, where single stores are measured. */
    static final int TRANSACTION_STORES = 64;

    /** Subjects take turns this often: short enough that the machine's moods hit all alike. */
    private static final int TURNS = 20;

    private static final int TURNS_QUICK = 2;
    private static final int TURN_SAMPLES = 10;
    private static final int TURN_SAMPLES_QUICK = 2;
    private static final int WARM_UP_SAMPLES = 50;
    private static final int WARM_UP_SAMPLES_QUICK = 5;

    @Override
    public String name() {
        return "state";
    }

    @Override
    public String note() {
        return "One thread, one operation at a time; a value is the mean of a batch of some thousand"
                + " operations. Each subject has a JVM of its own, with the same options, and they"
                + " take turns. What a baseline guarantees is in bench/README.md: most guarantee"
                + " less.";
    }

    @Override
    public List<Case> run(final Scratch scratch, final boolean quick) throws IOException {
        final List<Case> cases = new ArrayList<>();
        for (final String name :
                Arrays.stream(StateSubject.values())
                        .map(StateSubject::caseName)
                        .distinct()
                        .toList()) {
            cases.add(run(scratch, name, quick));
        }
        return cases;
    }

    private static Case run(final Scratch scratch, final String name, final boolean quick)
            throws IOException {
        final List<StateProcess> running = new ArrayList<>();
        for (final StateSubject subject : StateSubject.values()) {
            if (subject.caseName().equals(name)) {
                running.add(StateProcess.start(scratch, subject));
            }
        }
        each(
                running,
                process -> {
                    process.awaitReady();
                    process.measure(quick ? WARM_UP_SAMPLES_QUICK : WARM_UP_SAMPLES, false);
                });
        for (int turn = 0; turn < (quick ? TURNS_QUICK : TURNS); turn++) {
            each(
                    running,
                    process -> process.measure(quick ? TURN_SAMPLES_QUICK : TURN_SAMPLES, true));
        }
        each(running, StateProcess::finish);
        final Case result = new Case(name, Unit.NS);
        for (final StateProcess process : running) {
            process.meansNs().forEach(result.of(process.subject().label())::add);
        }
        return result;
    }

    /** Has each do something; who cannot is dropped with all it has measured. */
    private static void each(final List<StateProcess> running, final Step step) throws IOException {
        final Iterator<StateProcess> next = running.iterator();
        while (next.hasNext()) {
            final StateProcess process = next.next();
            try {
                step.take(process);
            } catch (final NotRunException reason) {
                final String line = process.subject().label() + ": " + reason.getMessage();
                process.stop();
                if (!process.subject().isBaseline()) {
                    throw new BenchFailure(BenchFailure.BUG, line, reason);
                }
                System.out.println("not run: " + line);
                next.remove();
            }
        }
    }

    /** What one subject is to do. */
    private interface Step {
        void take(StateProcess process) throws IOException, NotRunException;
    }
}
