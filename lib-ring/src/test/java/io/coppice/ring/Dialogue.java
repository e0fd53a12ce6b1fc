package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.ring.request.Replier;
import io.coppice.ring.request.ReplyHandler;
import io.coppice.ring.request.RequestInvariants;
import io.coppice.ring.request.RequestSettings;
import io.coppice.ring.request.Requester;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * An asker that asks for the doubles of the numbers from 1 on and keeps the outcome of each, and a
 * replier that answers odd numbers at once and even ones in a later transaction, each with its
 * state in its own arena: any outcome doubled, lost or mixed up shows.
 */
final class Dialogue {
    static final String NAME = "double";

    /** Numbers that outcomes are kept for. */
    static final int NUMBERS = 64;

    static final int AT_ONCE = 4;
    static final long PATIENCE_NS = 1_000_000;

    static final long REPLIED = 1;
    static final long EXPIRED = 1 << 8;
    static final long CANCELLED = 1 << 16;

    private static final int ASK_TYPE = 7;
    private static final int REPLY_TYPE = 8;
    private static final long LAST = 0;
    private static final long SLOTS = 8;
    private static final long OUTCOMES = SLOTS + AT_ONCE * 2L * Long.BYTES;

    private Dialogue() {}

    /** What both sides agree on. */
    static final class World {
        final TestTree tree;
        final RequestSettings settings;
        long nowNs = 1;

        World(final TestTree tree, final boolean isDurable) {
            this.tree = tree;
            final RequestSettings plain =
                    RequestSettings.of(AT_ONCE, TestTree.CAPACITY).withClock(() -> nowNs);
            this.settings = isDurable ? plain.durable() : plain;
        }

        RequestSettings replierSettings() {
            return RequestSettings.of(AT_ONCE, TestTree.CAPACITY).withClock(() -> nowNs);
        }
    }

    /** The asking incarnation of a daemon. */
    static final class Asker implements ReplyHandler {
        final Arena arena;
        final Requester requester;
        private final World world;
        private final Memory memory;
        private final Journal journal;
        private final long state;

        Asker(final World world) {
            this.world = world;
            arena = world.tree.attachNext(TestTree.writerPlan());
            memory = arena.memory();
            journal = arena.journal();
            requester =
                    Requester.open(
                            arena,
                            TestTree.writerPlan(),
                            TestTree.readerPlan(0),
                            NAME,
                            world.settings,
                            world.tree.folder(),
                            world.tree.bells());
            state =
                    arena.structure(
                                    "state",
                                    StructureKind.REGION,
                                    OUTCOMES + NUMBERS * (long) Long.BYTES)
                            .offset();
            arena.seal();
        }

        /** Asks for the next numbers, all in one transaction; false where nothing was asked. */
        boolean ask(final int count) {
            journal.begin();
            for (int i = 0; i < count; i++) {
                final long number = asked() + 1;
                final long payload =
                        requester.tryAsk(ASK_TYPE, Long.BYTES, world.nowNs + PATIENCE_NS);
                if (payload < 0) {
                    journal.rollback();
                    return false;
                }
                memory.putLong(payload, number);
                journal.putLong(state + LAST, number);
                final long slot = slotOf(0);
                journal.putLong(slot, requester.correlationId());
                journal.putLong(slot + Long.BYTES, number);
            }
            journal.commit();
            return true;
        }

        int poll() {
            return requester.poll(this, Integer.MAX_VALUE);
        }

        long asked() {
            return memory.getLong(state + LAST);
        }

        /** Returns what became of a number: how often each outcome was told. */
        long outcome(final long number) {
            return memory.getLong(state + OUTCOMES + (number - 1) * Long.BYTES);
        }

        /** Returns how many numbers have one outcome. */
        int outcomes(final long which) {
            int count = 0;
            for (long number = 1; number <= asked(); number++) {
                count += outcome(number) == which ? 1 : 0;
            }
            return count;
        }

        @Override
        public void onReply(
                final long id,
                final int type,
                final DirectBuffer buffer,
                final int index,
                final int length) {
            final long number = tell(id, REPLIED);
            if (type != REPLY_TYPE || length != Long.BYTES || buffer.getLong(index) != 2 * number) {
                throw new AssertionError(
                        "number " + number + " has reply " + buffer.getLong(index));
            }
        }

        @Override
        public void onExpired(final long id) {
            tell(id, EXPIRED);
        }

        @Override
        public void onCancelled(final long id) {
            tell(id, CANCELLED);
        }

        private long tell(final long id, final long outcome) {
            final long slot = slotOf(id);
            final long number = memory.getLong(slot + Long.BYTES);
            journal.putLong(slot, 0);
            journal.putLong(
                    state + OUTCOMES + (number - 1) * Long.BYTES, outcome(number) + outcome);
            return number;
        }

        private long slotOf(final long id) {
            for (int i = 0; i < AT_ONCE; i++) {
                final long slot = state + SLOTS + i * 2L * Long.BYTES;
                if (memory.getLong(slot) == id) {
                    return slot;
                }
            }
            throw new AssertionError("no request " + id + " is waited for");
        }
    }

    /** The answering incarnation of a daemon. */
    static final class Answerer {
        final Arena arena;
        final Replier replier;
        private final Memory memory;
        private final Journal journal;
        private final long state;

        Answerer(final World world) {
            final DaemonPlan asker = TestTree.writerPlan();
            final Memory asking = world.tree.memory(asker);
            arena = world.tree.attachNext(TestTree.readerPlan(0));
            memory = arena.memory();
            journal = arena.journal();
            replier =
                    Replier.open(
                            arena,
                            TestTree.readerPlan(0),
                            List.of(asker),
                            NAME,
                            world.replierSettings(),
                            slot -> TestTree.livingEpoch(asking),
                            world.tree.folder(),
                            world.tree.bells());
            state =
                    arena.structure(
                                    "state",
                                    StructureKind.REGION,
                                    SLOTS + AT_ONCE * 2L * Long.BYTES)
                            .offset();
            arena.seal();
        }

        int work() {
            return take() + answer();
        }

        int take() {
            return replier.poll(this::onRequest, Integer.MAX_VALUE);
        }

        /** Answers what is open, each in a transaction of its own. */
        int answer() {
            int answered = 0;
            for (int i = 0; i < AT_ONCE; i++) {
                final long slot = state + SLOTS + i * 2L * Long.BYTES;
                final long ticket = memory.getLong(slot);
                if (ticket == 0) {
                    continue;
                }
                journal.begin();
                final boolean done = reply(ticket, memory.getLong(slot + Long.BYTES));
                if (done) {
                    journal.putLong(slot, 0);
                    answered++;
                }
                journal.commit();
            }
            return answered;
        }

        long taken() {
            return memory.getLong(state + LAST);
        }

        private boolean reply(final long ticket, final long number) {
            final long payload = replier.tryReply(ticket, REPLY_TYPE, Long.BYTES);
            if (payload == Replier.NO_SPACE) {
                return false;
            }
            if (payload != Replier.OVER) {
                memory.putLong(payload, 2 * number);
            }
            return true;
        }

        private void onRequest(
                final long ticket,
                final int type,
                final DirectBuffer buffer,
                final int index,
                final int length) {
            assertEquals(ASK_TYPE, type);
            assertEquals(Long.BYTES, length);
            final long number = buffer.getLong(index);
            journal.putLong(state + LAST, taken() + 1);
            if (number % 2 == 1 && reply(ticket, number)) {
                return;
            }
            for (int i = 0; i < AT_ONCE; i++) {
                final long slot = state + SLOTS + i * 2L * Long.BYTES;
                final long there = memory.getLong(slot);
                if (there == 0 || !replier.isOpen(there)) {
                    journal.putLong(slot, ticket);
                    journal.putLong(slot + Long.BYTES, number);
                    return;
                }
            }
            throw new AssertionError("more requests are open than may be");
        }
    }

    /** Checks every ring and table of an arena that is at rest. */
    static void sound(final Memory memory) {
        for (final Structure each : ArenaDirectory.list(memory)) {
            if (each.kind() == StructureKind.REQUESTS) {
                assertEquals(List.of(), RequestInvariants.check(memory, each));
            } else if (each.kind() == StructureKind.RING) {
                assertEquals(List.of(), RingInvariants.check(memory, each));
            }
        }
    }
}
