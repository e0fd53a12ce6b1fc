package io.coppice.bench.ring;

import io.coppice.bench.BenchFailure;
import io.coppice.bench.Commands;
import io.coppice.bench.NotRunException;
import io.coppice.bench.Scratch;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The processes of one subject as the bench sees them. For one thread. */
final class RingGroup {
    /** The same for all; what a medium needs beside them it is given alone. */
    private static final List<String> OPTIONS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:-UsePerfData",
                    "-Xms64m",
                    "-Xmx256m",
                    "--enable-native-access=ALL-UNNAMED",
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(120);
    private static final long END_S = 10;

    private final Scratch scratch;
    private final Traffic traffic;
    private final Medium medium;
    private final Path folder;
    private final Control control;
    private final List<Process> processes = new ArrayList<>();
    private int turns;

    private RingGroup(
            final Scratch scratch,
            final Traffic traffic,
            final Medium medium,
            final Path folder,
            final Control control) {
        this.scratch = scratch;
        this.traffic = traffic;
        this.medium = medium;
        this.folder = folder;
        this.control = control;
    }

    /**
     * Starts the processes; {@link #awaitOpen} must follow.
     *
     * @throws NotRunException where the medium's files cannot be made
     */
    static RingGroup start(final Scratch scratch, final Traffic traffic, final Medium medium)
            throws IOException, NotRunException {
        final Path folder = scratch.file("ring-" + traffic + "-" + medium);
        Files.createDirectories(folder);
        final int count = medium.others(traffic) + 1;
        try {
            medium.layOut(folder, count);
        } catch (final Exception refused) {
            throw new NotRunException(String.valueOf(refused.getMessage()), refused);
        }
        final RingGroup group =
                new RingGroup(scratch, traffic, medium, folder, Control.create(folder, count));
        for (int process = 0; process < count; process++) {
            group.processes.add(group.start(process));
        }
        return group;
    }

    private Process start(final int process) throws IOException {
        final List<String> command = new ArrayList<>();
        if (medium.isOneThread()) {
            command.addAll(Cores.prefix(process, medium.others(traffic) + 1));
        }
        command.add(Commands.java());
        command.addAll(OPTIONS);
        command.addAll(medium.options());
        command.add("-Djava.io.tmpdir=" + folder);
        command.add("-cp");
        command.add(Commands.classPath());
        command.add(RingChild.class.getName());
        command.add(traffic.name());
        command.add(medium.name());
        command.add(folder.toString());
        command.add(String.valueOf(process));
        command.add(String.valueOf(ProcessHandle.current().pid()));
        return scratch.start(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                Redirect.to(
                                        folder.resolve("process-" + process + ".out").toFile())));
    }

    Medium medium() {
        return medium;
    }

    /**
     * Waits until each process has its end.
     *
     * @throws NotRunException where one cannot
     */
    void awaitOpen() throws IOException, NotRunException {
        await(ControlLayout.OPENED, 1);
    }

    /**
     * Has messages sent, or round trips made.
     *
     * @throws NotRunException where the medium fails
     * @throws BenchFailure where what was received is not what was sent
     */
    RingTurn turn(final long messages) throws IOException, NotRunException {
        turns++;
        control.go(turns, messages);
        await(ControlLayout.FINISHED, turns);
        final long start = control.word(0, ControlLayout.START_NS);
        long received = messages;
        long end = start;
        for (int other = 1; other < processes.size(); other++) {
            end = Math.max(end, control.word(other, ControlLayout.END_NS));
            final long lost = control.word(other, ControlLayout.LOST);
            final long whole = control.word(other, ControlLayout.RECEIVED);
            if (whole + lost != messages || lost != 0 && !medium.mayLose()) {
                throw wrong(whole + " of " + messages + " messages came, " + lost + " were lost");
            }
            received = Math.min(received, whole);
        }
        final long written = control.word(0, ControlLayout.END_NS) - start;
        return new RingTurn(messages, received, written, end - start);
    }

    /** Returns the times of the last turn's round trips. */
    Histogram times() throws IOException {
        return Histogram.decodeFromByteBuffer(
                ByteBuffer.wrap(Files.readAllBytes(RingChild.times(folder))), 0);
    }

    /** Ends the processes in order, and those that do not, otherwise. */
    void finish() {
        control.go(ControlLayout.END, 0);
        for (final Process process : processes) {
            try {
                process.waitFor(END_S, TimeUnit.SECONDS);
            } catch (final InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        stop();
    }

    /** Ends the processes, whatever they are doing. */
    void stop() {
        processes.forEach(Scratch::endWithDescendants);
    }

    private void await(final int word, final long value) throws IOException, NotRunException {
        final long start = System.nanoTime();
        while (true) {
            final int seen = control.done();
            if (isEach(word, value)) {
                return;
            }
            if (System.nanoTime() - start > PATIENCE_NS) {
                throw wrong("did not come to an end in 120 s");
            }
            control.awaitDone(seen, LOOK_NS);
        }
    }

    private boolean isEach(final int word, final long value) throws IOException, NotRunException {
        boolean isEach = true;
        for (int process = 0; process < processes.size(); process++) {
            // Before the word is looked at: whoever has ended since has stored it.
            final boolean isAlive = processes.get(process).isAlive();
            final long failed = control.word(process, ControlLayout.FAILED);
            if (failed != 0) {
                final String reason = Files.readString(RingChild.failure(folder, process));
                if (failed == ControlLayout.WRONG) {
                    throw wrong(reason);
                }
                throw new NotRunException(reason);
            }
            if (control.word(process, word) != value) {
                if (!isAlive) {
                    scratch.requireOpen();
                    throw new NotRunException(
                            "its JVM ended with " + processes.get(process).exitValue());
                }
                isEach = false;
            }
        }
        return isEach;
    }

    private BenchFailure wrong(final String what) {
        return new BenchFailure(
                BenchFailure.BUG, traffic.caseName() + ", " + medium.label() + ": " + what);
    }
}
