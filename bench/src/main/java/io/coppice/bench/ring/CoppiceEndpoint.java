package io.coppice.bench.ring;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.Arena;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.Journal;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.Bells;
import io.coppice.pool.board.RootBells;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.OnRootLoss;
import io.coppice.pool.plan.RestartPlan;
import io.coppice.pool.plan.RestartPolicy;
import io.coppice.ring.MessageHandler;
import io.coppice.ring.RingMode;
import io.coppice.ring.RingReader;
import io.coppice.ring.RingSettings;
import io.coppice.ring.RingWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Rings between the arenas of daemons, as root lays them out. What is sent at a time is one
 * transaction; so is what is taken at a time.
 */
final class CoppiceEndpoint implements Endpoint {
    private static final int RING_BYTES = Medium.CAPACITY_BYTES;
    private static final long ARENA_BYTES = RING_BYTES + (1L << 20);

    /** That of a manifest that does not say. */
    private static final long JOURNAL_BYTES = 256 * 1024;

    private static final int TYPE = 1;
    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Seat seat;
    private final boolean parks;
    private final Bells bells;
    private final Journal journal;
    private final Memory memory;
    private final RingWriter writer;
    private final RingReader reader;
    private final Waiting room = new Waiting();
    private MessageCheck check;
    private final MessageHandler handler;
    private final MessageHandler answering;

    CoppiceEndpoint(final Seat seat, final RingMode mode, final boolean parks) {
        this.seat = seat;
        this.parks = parks;
        this.bells = Bells.open(OperatingSystem.current(), seat.folder());
        final DaemonPlan own = plan(seat.process());
        final Arena arena =
                Arena.attach(
                        MappedFile.writable(seat.folder().resolve(own.arenaFile())),
                        own,
                        OwnerWord.of(own.slot(), 1));
        arena.recover();
        this.journal = arena.journal();
        this.memory = arena.memory();
        final RingSettings settings =
                mode == RingMode.LATEST
                        ? RingSettings.latest(RING_BYTES)
                        : RingSettings.lossless(RING_BYTES);
        this.writer =
                seat.sends()
                        ? RingWriter.open(
                                arena,
                                own,
                                seat.outName(),
                                settings,
                                readers(),
                                seat.folder(),
                                bells)
                        : null;
        this.reader =
                seat.receives()
                        ? RingReader.open(
                                arena,
                                plan(seat.isFirst() ? 1 : 0),
                                seat.inName(),
                                seat.folder(),
                                bells)
                        : null;
        arena.seal();
        this.handler = (type, buffer, index, length) -> check.take(buffer, index, length);
        this.answering =
                (type, buffer, index, length) -> {
                    final long number = check.next();
                    check.take(buffer, index, length);
                    fill(writer.tryClaim(TYPE, length), number);
                };
        if (reader != null) {
            reader.onLoss(messages -> check.lost(messages));
        }
    }

    /** Makes arenas and bells, as root does before it starts a daemon. */
    static void layOut(final Path folder, final int processes) {
        final OperatingSystem os = OperatingSystem.current();
        RootBells.create(os, folder, processes + 1);
        for (int process = 0; process < processes; process++) {
            final DaemonPlan plan = plan(process);
            ArenaFile.create(os, folder.resolve(plan.arenaFile()), plan);
        }
    }

    @Override
    public void prepare() {
        // A reader takes part from its first look on.
        if (reader != null && reader.poll(handler, 1) != 0) {
            throw new IllegalStateException("a message is there before any was sent");
        }
    }

    @Override
    public void send(final long first, final int count) {
        int sent = 0;
        while (sent < count) {
            journal.begin();
            int claimed = 0;
            long payload = writer.tryClaim(TYPE, seat.messageBytes());
            while (payload != RingWriter.NO_SPACE) {
                fill(payload, first + sent + claimed);
                claimed++;
                payload =
                        sent + claimed < count
                                ? writer.tryClaim(TYPE, seat.messageBytes())
                                : RingWriter.NO_SPACE;
            }
            journal.commit();
            sent += claimed;
            while (sent < count && !writer.hasRoom(seat.messageBytes())) {
                room.idle();
            }
        }
        room.reset();
    }

    private void fill(final long payload, final long number) {
        for (int word = 0; word < seat.messageBytes() / Long.BYTES; word++) {
            memory.putLong(payload + (long) word * Long.BYTES, number + word);
        }
    }

    @Override
    public int receive(final MessageCheck messages, final int limit) {
        return poll(messages, handler, limit);
    }

    /** As a daemon does: the message is used, and answered, in one transaction. */
    @Override
    public boolean answer(final MessageCheck messages, final long number) {
        return poll(messages, answering, 1) > 0;
    }

    private int poll(final MessageCheck messages, final MessageHandler to, final int limit) {
        check = messages;
        if (!parks) {
            return reader.poll(to, limit);
        }
        final int slot = slot(seat.process());
        final int seen = bells.sequence(slot);
        final int count = reader.poll(to, limit);
        if (count == 0) {
            bells.await(slot, seen, PATIENCE_NS);
        }
        return count;
    }

    @Override
    public void idle(final Waiting waiting) {
        if (!parks) {
            waiting.idle();
        }
    }

    private List<DaemonPlan> readers() {
        return seat.isFirst()
                ? IntStream.rangeClosed(1, seat.others()).mapToObj(CoppiceEndpoint::plan).toList()
                : List.of(plan(0));
    }

    private static int slot(final int process) {
        return process + 1;
    }

    private static DaemonPlan plan(final int process) {
        return new DaemonPlan(
                "process" + process,
                slot(process),
                CoppiceEndpoint.class.getName(),
                ARENA_BYTES,
                JOURNAL_BYTES,
                "",
                List.of(),
                List.of(),
                false,
                OnCrash.RESUME,
                OnRootLoss.CONTINUE,
                new RestartPlan(RestartPolicy.ALWAYS, 1, 2, 3, 4, 5, 6),
                1,
                2,
                3,
                4,
                5,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                0);
    }
}
