package io.coppice.pool;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.MutableDirectBuffer;

/**
 * Transactions to run and to cut, with a model beside them that knows what the state is after each,
 * without a journal and without shared memory.
 */
final class KillScript {
    private static final int WORDS = KillScript.STATE_BYTES / Long.BYTES;

    /** Size of the state that the steps change. */
    static final int STATE_BYTES = 256;

    /** One change, to the arena and to the model; offsets count from the state's start. */
    interface Step {
        void run(Target target);

        void model(ByteBuffer state);

        /** Whether the model makes it after all others, as the journal does. */
        default boolean deferred() {
            return false;
        }
    }

    /** What steps run on. */
    record Target(Journal journal, Memory arena, long state, MutableDirectBuffer buffer) {}

    /** A transaction and how it ends. */
    record Transaction(List<Step> steps, boolean commits) {}

    record PutLong(int offset, long value) implements Step {
        @Override
        public void run(final Target target) {
            target.journal().putLong(target.state() + offset, value);
        }

        @Override
        public void model(final ByteBuffer state) {
            state.putLong(offset, value);
        }
    }

    record PutInt(int offset, int value) implements Step {
        @Override
        public void run(final Target target) {
            target.journal().putInt(target.state() + offset, value);
        }

        @Override
        public void model(final ByteBuffer state) {
            state.putInt(offset, value);
        }
    }

    /** One wide save, then two stores into parts of it. */
    record SaveThenStoreTwice(int offset, int length, byte value) implements Step {
        @Override
        public void run(final Target target) {
            final long at = target.state() + offset;
            target.journal().save(at, length);
            target.arena().fill(at, length / 2, value);
            target.arena().fill(at + length / 3, length - length / 3, (byte) ~value);
        }

        @Override
        public void model(final ByteBuffer state) {
            for (int i = 0; i < length; i++) {
                state.put(offset + i, i < length / 3 ? value : (byte) ~value);
            }
        }
    }

    record PutBytes(int offset, byte[] bytes) implements Step {
        @Override
        public void run(final Target target) {
            target.buffer().putBytes(offset, bytes);
        }

        @Override
        public void model(final ByteBuffer state) {
            state.put(offset, bytes);
        }
    }

    record Defer(int offset, long value) implements Step {
        @Override
        public void run(final Target target) {
            target.journal().deferLong(target.state() + offset, value);
        }

        @Override
        public void model(final ByteBuffer state) {
            state.putLong(offset, value);
        }

        @Override
        public boolean deferred() {
            return true;
        }
    }

    /** Steps after a savepoint, which are undone where they are not kept. */
    record Nested(List<Step> steps, boolean kept) implements Step {
        @Override
        public void run(final Target target) {
            final int savepoint = target.journal().savepoint();
            steps.forEach(step -> step.run(target));
            if (!kept) {
                target.journal().rollbackTo(savepoint);
            }
        }

        @Override
        public void model(final ByteBuffer state) {
            if (kept) {
                steps.forEach(step -> step.model(state));
            }
        }
    }

    private final List<Transaction> transactions;

    KillScript(final List<Transaction> transactions) {
        this.transactions = transactions;
    }

    List<Transaction> transactions() {
        return transactions;
    }

    /**
     * Returns the script that is written out by hand: overlapping saves, deferred words, a
     * rollback, a second commit.
     */
    static KillScript scripted() {
        return new KillScript(
                List.of(
                        new Transaction(
                                List.of(
                                        new PutLong(16, 1),
                                        new PutLong(20, 2),
                                        new SaveThenStoreTwice(10, 61, (byte) 0x33),
                                        new Defer(64, 3),
                                        new PutInt(66, 4),
                                        new Defer(128, 5),
                                        new Nested(
                                                List.of(
                                                        new PutLong(16, 12),
                                                        new Defer(128, 13),
                                                        new Nested(
                                                                List.of(new PutLong(16, 14)), true),
                                                        new Defer(136, 15)),
                                                false),
                                        new PutBytes(
                                                60,
                                                "fourteen bytes"
                                                        .getBytes(
                                                                java.nio.charset.StandardCharsets
                                                                        .UTF_8)),
                                        new Defer(64, 6)),
                                true),
                        new Transaction(
                                List.of(new PutLong(16, 7), new Defer(64, 8), new PutInt(0, 9)),
                                false),
                        new Transaction(List.of(new Defer(72, 10)), true),
                        new Transaction(
                                List.of(new PutBytes(7, new byte[30]), new PutLong(8, 11)), true)));
    }

    /** Returns a script made by chance; the same for the same seed. */
    static KillScript random(final long seed) {
        final Random random = new Random(seed);
        final List<Transaction> transactions = new ArrayList<>();
        for (int t = 1 + random.nextInt(3); t > 0; t--) {
            final List<Step> steps = new ArrayList<>();
            for (int s = random.nextInt(7); s > 0; s--) {
                steps.add(step(random));
            }
            transactions.add(new Transaction(steps, random.nextInt(4) > 0));
        }
        return new KillScript(transactions);
    }

    private static Step step(final Random random) {
        if (random.nextInt(6) == 0) {
            return nested(random);
        }
        final int length = random.nextInt(40);
        final int offset = random.nextInt(STATE_BYTES - 40);
        switch (random.nextInt(5)) {
            case 0:
                return new PutLong(offset, random.nextLong());
            case 1:
                return new PutInt(offset, random.nextInt());
            case 2:
                return new SaveThenStoreTwice(offset, length, (byte) random.nextInt());
            case 3:
                final byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                return new PutBytes(offset, bytes);
            default:
                // Few words, so that some are deferred twice.
                return new Defer(random.nextInt(WORDS / 4) * 4 * Long.BYTES, random.nextLong());
        }
    }

    /** What is deferred in steps that are kept would have to be sorted out by the model. */
    private static Step nested(final Random random) {
        final List<Step> steps = new ArrayList<>();
        for (int s = random.nextInt(4); s > 0; s--) {
            steps.add(step(random));
        }
        return new Nested(steps, steps.stream().noneMatch(KillScript::defers));
    }

    private static boolean defers(final Step step) {
        return step.deferred()
                || step instanceof final Nested nested
                        && nested.steps().stream().anyMatch(KillScript::defers);
    }

    /** Returns the state before the first transaction and after each of them. */
    List<byte[]> model(final byte[] start) {
        final List<byte[]> states = new ArrayList<>();
        states.add(start);
        for (final Transaction transaction : transactions) {
            final byte[] last = states.get(states.size() - 1);
            states.add(transaction.commits() ? after(last, transaction.steps()) : last);
        }
        return states;
    }

    private static byte[] after(final byte[] before, final List<Step> steps) {
        final byte[] after = before.clone();
        final ByteBuffer state = ByteBuffer.wrap(after).order(ByteOrder.nativeOrder());
        steps.stream().filter(step -> !step.deferred()).forEach(step -> step.model(state));
        steps.stream().filter(Step::deferred).forEach(step -> step.model(state));
        return after;
    }
}
