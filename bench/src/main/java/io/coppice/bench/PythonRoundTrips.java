package io.coppice.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.StringTokenizer;

/** A process pool of Python's standard library, measured by Python itself. */
final class PythonRoundTrips implements RoundTrips {
    private static final String SCRIPT =
            """
            import multiprocessing, sys, time

            def echo(message):
                return message

            if __name__ == "__main__":
                with multiprocessing.Pool(1) as pool:
                    message = b"x" * %d
                    for line in sys.stdin:
                        times = []
                        for _ in range(int(line)):
                            start = time.perf_counter_ns()
                            reply = pool.apply(echo, (message,))
                            times.append(time.perf_counter_ns() - start)
                            assert reply == message
                        print(*times, flush=True)
            """
                    .formatted(MESSAGE_BYTES);

    private final Process child;
    private final OutputStream out;
    private final BufferedReader in;

    private PythonRoundTrips(final Process child) {
        this.child = child;
        this.out = child.getOutputStream();
        this.in = child.inputReader(StandardCharsets.US_ASCII);
    }

    /** Returns nothing where there is no {@code python3}. */
    static Optional<PythonRoundTrips> start(final Scratch scratch) throws IOException {
        final Path script = scratch.file("pool.py");
        Files.writeString(script, SCRIPT);
        final ProcessBuilder builder =
                new ProcessBuilder("python3", script.toString())
                        .redirectError(Redirect.to(scratch.file("python.out").toFile()));
        try {
            return Optional.of(new PythonRoundTrips(scratch.start(builder)));
        } catch (final IOException missing) {
            return Optional.empty();
        }
    }

    @Override
    public String subject() {
        return "Python process pool";
    }

    @Override
    public long[] measure(final int rounds) throws IOException {
        out.write((rounds + "\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
        final String line = in.readLine();
        if (line == null) {
            throw new BenchFailure(BenchFailure.BUG, "the Python process pool died");
        }
        final StringTokenizer words = new StringTokenizer(line);
        final long[] ns = new long[rounds];
        for (int round = 0; round < rounds; round++) {
            ns[round] = Long.parseLong(words.nextToken());
        }
        return ns;
    }

    @Override
    public void stop() {
        Scratch.endWithDescendants(child);
    }
}
