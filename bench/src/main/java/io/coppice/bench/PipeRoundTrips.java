package io.coppice.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.Arrays;

/** Stdin and stdout of a child JVM. */
final class PipeRoundTrips implements RoundTrips {
    private final Process child;
    private final OutputStream out;
    private final InputStream in;

    private PipeRoundTrips(final Process child) {
        this.child = child;
        this.out = child.getOutputStream();
        this.in = child.getInputStream();
    }

    static PipeRoundTrips start(final Scratch scratch) throws IOException {
        return new PipeRoundTrips(
                scratch.start(
                        new ProcessBuilder(
                                        Commands.java(),
                                        "-XX:+UseSerialGC",
                                        "-cp",
                                        Commands.classPath(),
                                        EchoChild.class.getName())
                                .redirectError(Redirect.to(scratch.file("pipe.out").toFile()))));
    }

    @Override
    public String subject() {
        return "pipe to a JVM";
    }

    @Override
    public long[] measure(final int rounds) throws IOException {
        final long[] ns = new long[rounds];
        final byte[] request = new byte[MESSAGE_BYTES];
        final byte[] reply = new byte[MESSAGE_BYTES];
        for (int round = 0; round < rounds; round++) {
            request[0] = (byte) round;
            final long start = System.nanoTime();
            out.write(request);
            out.flush();
            final int length = in.readNBytes(reply, 0, reply.length);
            ns[round] = System.nanoTime() - start;
            if (length < reply.length || !Arrays.equals(request, reply)) {
                throw new BenchFailure(BenchFailure.BUG, "the child behind the pipe died");
            }
        }
        return ns;
    }

    @Override
    public void stop() {
        Scratch.endWithDescendants(child);
    }
}
