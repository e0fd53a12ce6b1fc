package io.coppice.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A program that measures itself: a line feed on its standard input asks for one round, a line with
 * nanoseconds on its standard output is the answer, and the end of the input is its end.
 */
final class SelfTimed {
    private final String subject;
    private final Process program;
    private final OutputStream out;
    private final BufferedReader in;

    /** Of a process that has just been started; {@code subject} is what its row is called. */
    SelfTimed(final String subject, final Process program) {
        this.subject = subject;
        this.program = program;
        this.out = program.getOutputStream();
        this.in = program.inputReader(StandardCharsets.US_ASCII);
    }

    /**
     * Returns how long one round took, in nanoseconds.
     *
     * @throws NotRunException where the program has ended
     */
    long roundNs() throws IOException, NotRunException {
        out.write('\n');
        out.flush();
        final String line = in.readLine();
        if (line == null) {
            throw new NotRunException("the program has ended");
        }
        return Long.parseLong(line);
    }

    /** Returns what its row is called. */
    String subject() {
        return subject;
    }

    void stop() {
        Scratch.endWithDescendants(program);
    }
}
