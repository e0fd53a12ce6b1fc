package io.coppice.bench.ring;

import io.coppice.bench.BenchFailure;
import io.coppice.bench.Distribution;
import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The JVM of one end. Arguments: names of a {@link Traffic} and a {@link Medium}, a folder, the
 * number of the process, the pid of the bench. It makes a turn whenever the {@link Control} says
 * so, and sleeps in between.
 */
public final class RingChild {
    /** How many messages are taken at a time, at most. */
    private static final int TAKEN_MOST = 64;

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Seat seat;
    private final Control control;
    private final long parentPid;
    private final MessageCheck check;
    private final Waiting waiting = new Waiting();
    private final Histogram times = Distribution.newHistogram();
    private Endpoint endpoint;
    private long sent;

    private RingChild(final Seat seat, final long parentPid) {
        this.seat = seat;
        this.control = Control.open(seat.folder());
        this.parentPid = parentPid;
        this.check = new MessageCheck(seat.messageBytes());
    }

    /** Runs until it is told to end, or the bench is gone. */
    public static void main(final String[] args) throws IOException {
        final Traffic traffic = Traffic.valueOf(args[0]);
        final Medium medium = Medium.valueOf(args[1]);
        final Seat seat =
                new Seat(
                        Path.of(args[2]),
                        Integer.parseInt(args[3]),
                        medium.others(traffic),
                        traffic.isRoundTrip(),
                        traffic.messageBytes(),
                        traffic.batch());
        final long parentPid = Long.parseLong(args[4]);
        // Whoever waits for another process in a turn would do so for ever without the bench.
        if (OperatingSystem.current().dieWithParent(Signals.KILL, parentPid)) {
            new RingChild(seat, parentPid).serve(medium);
        }
        // Some media leave threads behind that would keep the JVM.
        System.exit(0);
    }

    /** Returns where a process leaves the reason why it failed. */
    static Path failure(final Path folder, final int process) {
        return folder.resolve("failure-" + process);
    }

    /** Returns where the first process leaves the times of a turn. */
    static Path times(final Path folder) {
        return folder.resolve("times");
    }

    private void serve(final Medium medium) throws IOException {
        try {
            endpoint = medium.open(seat);
            control.putWord(seat.process(), ControlLayout.OPENED, 1);
            control.countDone();
            int turn = 0;
            while (turn != ControlLayout.END) {
                final int next = control.awaitGo(turn, LOOK_NS);
                if (next != turn && next != ControlLayout.END) {
                    make(next, control.messages());
                } else if (OperatingSystem.current().parentPid() != parentPid) {
                    return;
                }
                turn = next;
            }
        } catch (final BenchFailure wrong) {
            fail(ControlLayout.WRONG, wrong.getMessage());
        } catch (final Exception | LinkageError | OutOfMemoryError failed) {
            failed.printStackTrace();
            fail(ControlLayout.NOT_RUN, reason(failed));
        }
    }

    private void make(final int turn, final long messages) throws Exception {
        final long lostBefore = check.lost();
        if (seat.receives()) {
            endpoint.prepare();
        }
        control.putWord(seat.process(), ControlLayout.READY, turn);
        waiting.reset();
        if (seat.isFirst()) {
            awaitOthers(turn);
            put(ControlLayout.START_NS, System.nanoTime());
        }
        if (!seat.bothWays()) {
            if (seat.isFirst()) {
                sendAll(messages);
            } else {
                receiveAll(messages);
            }
            put(ControlLayout.END_NS, System.nanoTime());
        } else if (seat.isFirst()) {
            times.reset();
            ask(messages);
            put(ControlLayout.END_NS, System.nanoTime());
            leaveTimes();
        } else {
            answer(messages);
            put(ControlLayout.END_NS, System.nanoTime());
        }
        final long lost = check.lost() - lostBefore;
        put(ControlLayout.LOST, lost);
        put(ControlLayout.RECEIVED, seat.receives() ? messages - lost : 0);
        put(ControlLayout.FINISHED, turn);
        control.countDone();
    }

    private void awaitOthers(final int turn) {
        for (int other = 1; other <= seat.others(); other++) {
            while (control.word(other, ControlLayout.READY) != turn) {
                waiting.idle();
            }
        }
        waiting.reset();
    }

    private void sendAll(final long messages) throws Exception {
        final long end = sent + messages;
        while (sent < end) {
            final int count = (int) Math.min(seat.batch(), end - sent);
            endpoint.send(sent, count);
            sent += count;
        }
    }

    private void receiveAll(final long messages) throws Exception {
        final long end = check.next() + messages;
        while (check.next() < end) {
            receive(TAKEN_MOST);
        }
    }

    private void ask(final long messages) throws Exception {
        for (final long end = sent + messages; sent < end; sent++) {
            final long start = System.nanoTime();
            endpoint.send(sent, 1);
            while (check.next() == sent) {
                receive(1);
            }
            Distribution.record(times, System.nanoTime() - start);
        }
    }

    private void answer(final long messages) throws Exception {
        for (final long end = sent + messages; sent < end; sent++) {
            while (!endpoint.answer(check, sent)) {
                endpoint.idle(waiting);
            }
            waiting.reset();
        }
    }

    private void receive(final int limit) throws Exception {
        if (endpoint.receive(check, limit) > 0) {
            waiting.reset();
        } else {
            endpoint.idle(waiting);
        }
    }

    private void put(final int word, final long value) {
        control.putWord(seat.process(), word, value);
    }

    private void leaveTimes() throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(times.getNeededByteBufferCapacity());
        bytes.limit(times.encodeIntoByteBuffer(bytes)).rewind();
        final byte[] encoded = new byte[bytes.remaining()];
        bytes.get(encoded);
        Files.write(times(seat.folder()), encoded);
    }

    private void fail(final int how, final String reason) throws IOException {
        Files.writeString(failure(seat.folder(), seat.process()), reason);
        put(ControlLayout.FAILED, how);
        control.countDone();
    }

    /** Returns the first line of what is at the bottom of it. */
    private static String reason(final Throwable failed) {
        Throwable cause = failed;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString().lines().findFirst().orElse("?");
    }
}
