package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.coppice.pool.Arena;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.block.BlockPool;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.agrona.concurrent.UnsafeBuffer;

/** A writer and a reader in one process, and messages whose every byte is checked. */
final class RingPair {
    static final int NO_LIMIT = Integer.MAX_VALUE;

    /** What the other end was told: types of messages, and losses as negative numbers. */
    final List<Long> told = new ArrayList<>();

    final TestTree tree;
    Arena writerArena;
    Arena readerArena;
    RingWriter writer;

    /** The writer's pool, where its long messages travel in blocks. */
    BlockPool blocks;

    RingReader reader;
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[TestTree.CAPACITY]);

    RingPair(final Path folder, final RingSettings settings) {
        this(folder, settings, RingStart.committed());
    }

    RingPair(final Path folder, final RingSettings settings, final RingStart start) {
        this(TestTree.create(folder, 1, settings), start);
    }

    RingPair(final TestTree tree, final RingStart start) {
        this.tree = tree;
        openWriter();
        openReader(start);
    }

    void openWriter() {
        writerArena = tree.attach(TestTree.writerPlan());
        writer = tree.writer(writerArena);
        blocks = tree.blocks();
        writerArena.seal();
    }

    void openReader(final RingStart start) {
        readerArena = tree.attach(TestTree.readerPlan(0));
        reader = tree.reader(readerArena, TestTree.RING, start);
        reader.onLoss(lost -> told.add(-lost));
    }

    /** Sends one message in a transaction of its own. */
    boolean send(final int type, final int length) {
        return commit(() -> offer(type, length));
    }

    /** Sends messages of 100 bytes with types from one number to another, each by itself. */
    void sendAll(final int from, final int to) {
        for (int type = from; type <= to; type++) {
            if (!send(type, 100)) {
                throw new AssertionError("no room for message " + type);
            }
        }
    }

    /** Returns what messages are written from. */
    UnsafeBuffer bytes() {
        return message;
    }

    boolean offer(final int type, final int length) {
        for (int i = 0; i < length; i++) {
            message.putByte(i, (byte) (type * 31 + length + i));
        }
        return writer.offer(type, message, 0, length);
    }

    boolean commit(final BooleanSupplier action) {
        writerArena.journal().begin();
        final boolean done = action.getAsBoolean();
        writerArena.journal().commit();
        return done;
    }

    /** Returns what the reader is told now. */
    List<Long> poll(final int limit) {
        told.clear();
        reader.poll(
                (type, buffer, index, length) -> {
                    for (int i = 0; i < length; i++) {
                        assertEquals((byte) (type * 31 + length + i), buffer.getByte(index + i));
                    }
                    told.add((long) type);
                },
                limit);
        return List.copyOf(told);
    }

    /** Stores something into the reader's cursor. */
    void setCursor(final long position) {
        readerArena.memory().putLong(ArenaLayout.cursor(0) + ArenaLayout.CURSOR_POSITION, position);
    }

    long cursor() {
        return readerArena.memory().getLong(ArenaLayout.cursor(0) + ArenaLayout.CURSOR_POSITION);
    }

    /**
     * Runs rounds of work again and again and returns the fewest bytes that they allocated: a
     * compiled method that is given up moves its objects back to the heap, once, so one of the
     * windows has to be free of any.
     */
    static long allocatedBytes(final int rounds, final IntConsumer work) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long fewest = Long.MAX_VALUE;
        for (int window = 0; window < 10 && fewest != 0; window++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int round = 0; round < rounds; round++) {
                work.accept(round);
            }
            fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return fewest;
    }

    void sound() {
        final Memory memory = writerArena.memory();
        final Structure ring = ArenaDirectory.find(memory, "ring:results");
        assertEquals(List.of(), RingInvariants.check(memory, ring));
        assertEquals(List.of(), RingInvariants.checkFlights(memory, ring));
    }
}
