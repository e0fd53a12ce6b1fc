package io.coppice.os;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The other process of a test: a JVM on the test class path, and what it does there. */
final class ChildProcess {
    /** A child that nobody ends, ends by itself, so that a broken test leaves nothing behind. */
    private static final long LIFETIME_MS = 120_000;

    private static final long WAIT_NS = 3_600_000_000_000L;

    private ChildProcess() {}

    /** Starts a JVM; what it prints is to be read with {@link #line}. */
    static Process start(final OperatingSystem os, final String... arguments) throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-D" + OperatingSystem.SELECT_PROPERTY + "=" + os.name());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(ChildProcess.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** Reads one line that a child prints; bytes of later lines are left in the pipe. */
    static String line(final Process child) throws IOException {
        final StringBuilder line = new StringBuilder();
        for (int c = child.getInputStream().read(); c != '\n'; c = child.getInputStream().read()) {
            if (c < 0) {
                throw new IOException("the child ended after printing \"" + line + "\"");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    /** What the child does. */
    public static void main(final String[] arguments) throws Exception {
        final OperatingSystem os = OperatingSystem.current();
        switch (arguments[0]) {
            case "answer":
                answer(os, Path.of(arguments[1]), Integer.parseInt(arguments[2]));
                break;
            case "startTime":
                System.out.println(os.startTime(Long.parseLong(arguments[1])));
                break;
            case "session":
                os.newSession();
                os.newSession();
                System.out.println("leader");
                Thread.sleep(LIFETIME_MS);
                break;
            case "parentOf":
                parentOf(os, arguments[1]);
                break;
            case "armed":
                System.out.println(os.dieWithParent(Signals.KILL, Long.parseLong(arguments[1])));
                Thread.sleep(LIFETIME_MS);
                break;
            case "unarmed":
                System.out.println(os.parentPid() == Long.parseLong(arguments[1]));
                Thread.sleep(LIFETIME_MS);
                break;
            case "adopts":
                adopt(os, arguments[1]);
                break;
            default:
                throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Answers each odd number in the word with the even one after it. */
    private static void answer(final OperatingSystem os, final Path file, final int rounds) {
        final SharedWord word = SharedWord.map(file);
        for (int round = 0; round < rounds; round++) {
            word.awaitValue(os, 2 * round + 1, WAIT_NS);
            word.set(2 * round + 2);
            os.futexWake(word.address(), 1);
        }
    }

    /** Has a shell leave a child behind that runs a line, and reaps that one. */
    private static void adopt(final OperatingSystem os, final String line) throws Exception {
        final ProcessTree tree = os.processTree();
        tree.adoptOrphans();
        final boolean before = tree.mayHaveOrphans();
        final Process shell =
                new ProcessBuilder("sh", "-c", "(" + line + ") > /dev/null & echo $!").start();
        final long orphan = Long.parseLong(line(shell));
        shell.waitFor();
        while (tree.endedChild() != orphan) {
            Thread.onSpinWait();
        }
        final boolean meanwhile =
                tree.mayHaveOrphans()
                        && tree.orphans().size() == 1
                        && tree.orphans().get(0).pid() == orphan;
        final int other = tree.reap(orphan, 1);
        final int status = tree.reap(orphan, 0);
        System.out.println(
                before
                        + " "
                        + meanwhile
                        + " "
                        + tree.mayHaveOrphans()
                        + " "
                        + other
                        + " "
                        + status
                        + " "
                        + tree.reap(orphan, 0)
                        + " "
                        + tree.endedChild());
    }

    private static void parentOf(final OperatingSystem os, final String role) throws Exception {
        final long self = ProcessHandle.current().pid();
        final Process child = start(os, role, Long.toString(self));
        final BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII));
        System.out.println(child.pid() + " " + output.readLine());
        Thread.sleep(LIFETIME_MS);
    }
}
