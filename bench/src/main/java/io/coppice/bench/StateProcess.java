package io.coppice.bench;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;

/** A {@link StateChild} as the bench sees it. For one thread. */
final class StateProcess {
    /**
     * The same for all, so that none has an advantage: what {@code bin/coppice} gives the benches,
     * and what Chronicle Map and LMDB ask for in addition.
     */
    private static final List<String> OPTIONS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:-UsePerfData",
                    "-Xmx512m",
                    "-XX:MaxDirectMemorySize=512m",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "--add-opens=java.base/java.io=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "--add-opens=java.base/java.util=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
                    "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                    "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
                    "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED");

    private final StateSubject subject;
    private final Scratch scratch;
    private final Process child;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final List<Double> meansNs = new ArrayList<>();

    private StateProcess(final StateSubject subject, final Scratch scratch, final Process child) {
        this.subject = subject;
        this.scratch = scratch;
        this.child = child;
        this.in = new DataInputStream(child.getInputStream());
        this.out = new DataOutputStream(child.getOutputStream());
    }

    /** Starts the JVM of a subject; {@link #awaitReady} must follow. */
    static StateProcess start(final Scratch scratch, final StateSubject subject)
            throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Commands.java());
        command.addAll(OPTIONS);
        // Native libraries that are unpacked somewhere are to go with everything else.
        command.add("-Djava.io.tmpdir=" + scratch.file(""));
        command.add("-cp");
        command.add(Commands.classPath());
        command.add(StateChild.class.getName());
        command.add(subject.name());
        command.add(scratch.file("state-" + subject.name()).toString());
        return new StateProcess(
                subject,
                scratch,
                scratch.start(
                        new ProcessBuilder(command)
                                .redirectError(
                                        Redirect.to(
                                                scratch.file(subject.name() + ".out").toFile()))));
    }

    StateSubject subject() {
        return subject;
    }

    /** Returns nanoseconds per operation of each sample that was kept. */
    List<Double> meansNs() {
        return meansNs;
    }

    /** Waits until the state is made. */
    void awaitReady() throws IOException, NotRunException {
        awaitOk();
    }

    /**
     * Has samples taken, one after another.
     *
     * @param kept whether they count
     */
    void measure(final int samples, final boolean kept) throws IOException, NotRunException {
        final int operations = subject.operations();
        request(samples, operations);
        awaitOk();
        for (int sample = 0; sample < samples; sample++) {
            final double meanNs = (double) in.readLong() / operations;
            if (kept) {
                meansNs.add(meanNs);
            }
        }
    }

    /** Has the state checked, and ends the JVM. */
    void finish() throws IOException, NotRunException {
        request(0, 0);
        awaitOk();
        stop();
    }

    /** Ends the JVM, whatever it is doing. */
    void stop() {
        Scratch.endWithDescendants(child);
    }

    private void request(final int samples, final int operations) throws NotRunException {
        try {
            out.writeInt(samples);
            out.writeInt(operations);
            out.flush();
        } catch (final IOException gone) {
            throw gone();
        }
    }

    private void awaitOk() throws IOException, NotRunException {
        final int reply = in.read();
        if (reply < 0) {
            throw gone();
        }
        if (reply == StateChild.OK) {
            return;
        }
        final String reason = in.readUTF();
        if (reply == StateChild.WRONG) {
            throw new BenchFailure(
                    BenchFailure.BUG, subject.caseName() + ", " + subject.label() + ": " + reason);
        }
        throw new NotRunException(reason);
    }

    private NotRunException gone() {
        scratch.requireOpen();
        stop();
        return new NotRunException("its JVM ended with " + child.exitValue());
    }
}
