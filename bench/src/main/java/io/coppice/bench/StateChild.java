package io.coppice.bench;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The JVM of one subject: it does on stdin's word what its {@link StateWork} can do, and times it
 * by itself. The first argument is the name of a {@link StateSubject}, the second a folder.
 *
 * <p>Requests are { samples: int, operations: int }, both 0 to end. A reply is a byte, {@link #OK},
 * {@link #FAILED} or {@link #WRONG}; after the first come the samples in nanoseconds as longs,
 * after the others comes a reason in UTF, and the end. One reply comes unasked, when the state is
 * made.
 */
public final class StateChild {
    /** It was done. */
    static final int OK = 0;

    /** The subject does not run here, or no longer. */
    static final int FAILED = 1;

    /** The subject ran, and its state is not what it must be. */
    static final int WRONG = 2;

    private final DataInputStream in;
    private final DataOutputStream out;

    private StateChild(final DataInputStream in, final DataOutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** Runs until it is told to end, or the other side is gone. */
    public static void main(final String[] args) throws IOException {
        // Libraries that greet on stdout must not disturb what is said there.
        System.setOut(System.err);
        final StateChild child =
                new StateChild(
                        new DataInputStream(new FileInputStream(FileDescriptor.in)),
                        new DataOutputStream(
                                new BufferedOutputStream(
                                        new FileOutputStream(FileDescriptor.out))));
        child.serve(StateSubject.valueOf(args[0]), Path.of(args[1]));
        // Some libraries leave threads behind that would keep the JVM.
        System.exit(0);
    }

    private void serve(final StateSubject subject, final Path folder) throws IOException {
        try {
            final StateWork work = subject.make(Files.createDirectories(folder));
            reply(OK);
            int samples = in.readInt();
            int operations = in.readInt();
            while (samples > 0) {
                final long[] ns = measure(work, samples, operations);
                out.writeByte(OK);
                for (final long each : ns) {
                    out.writeLong(each);
                }
                out.flush();
                samples = in.readInt();
                operations = in.readInt();
            }
            work.verify();
            reply(OK);
        } catch (final BenchFailure wrong) {
            out.writeByte(WRONG);
            out.writeUTF(wrong.getMessage());
            out.flush();
        } catch (final Exception | LinkageError | OutOfMemoryError failed) {
            failed.printStackTrace();
            out.writeByte(FAILED);
            out.writeUTF(reason(failed));
            out.flush();
        }
    }

    private void reply(final int what) throws IOException {
        out.writeByte(what);
        out.flush();
    }

    private static long[] measure(final StateWork work, final int samples, final int operations)
            throws Exception {
        final long[] ns = new long[samples];
        // Not counted: the others had the caches meanwhile.
        work.run(operations);
        for (int sample = 0; sample < samples; sample++) {
            final long start = System.nanoTime();
            work.run(operations);
            ns[sample] = System.nanoTime() - start;
        }
        return ns;
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
