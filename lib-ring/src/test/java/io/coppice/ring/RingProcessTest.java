package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.ring.Exchange.Receiver;
import io.coppice.ring.Exchange.Sender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two processes exchange numbered messages while either is killed by SIGKILL, again and again, and
 * started again.
 */
class RingProcessTest {
    private static final int MESSAGES = 20_000;
    private static final int KILLS = 20;
    private static final long SEED = 20261121;
    private static final long STEP_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long WAIT_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int BURST = 50;

    @TempDir Path folder;

    private final Process[] ends = new Process[2];

    /** The writing process: sends until the last message was sent and read. */
    static final class SenderMain {
        public static void main(final String[] args) {
            final RingMode mode = RingMode.valueOf(args[1]);
            final TestTree tree = TestTree.open(Path.of(args[0]), 1, settings(mode));
            final Sender sender = new Sender(tree);
            final Random random = new Random(sender.sent());
            while (sender.sent() < MESSAGES) {
                final int bell = tree.bells().sequence(TestTree.WRITER_SLOT);
                final int count = (int) Math.min(1 + random.nextInt(3), MESSAGES - sender.sent());
                if (!sender.send(count)) {
                    tree.bells().await(TestTree.WRITER_SLOT, bell, WAIT_NS);
                }
                if (mode.mayOvertake() && sender.sent() % BURST < count) {
                    // Nothing holds it back, and it shall be there to be killed.
                    tree.bells().await(TestTree.WRITER_SLOT, bell, PAUSE_NS);
                }
            }
        }
    }

    /** The reading process: adds up until it has the last message. */
    static final class ReceiverMain {
        public static void main(final String[] args) {
            final TestTree tree =
                    TestTree.open(Path.of(args[0]), 1, settings(RingMode.valueOf(args[1])));
            final int slot = TestTree.readerPlan(0).slot();
            final Receiver receiver = new Receiver(tree);
            while (receiver.received() < MESSAGES) {
                final int bell = tree.bells().sequence(slot);
                if (receiver.receive(5) == 0) {
                    tree.bells().await(slot, bell, WAIT_NS);
                }
            }
        }
    }

    static RingSettings settings(final RingMode mode) {
        return switch (mode) {
            case LOSSLESS -> RingSettings.lossless(TestTree.CAPACITY);
            case LATEST -> RingSettings.latest(TestTree.CAPACITY);
            case DROPPING ->
                    RingSettings.lossless(TestTree.CAPACITY)
                            .reader("reader0", ReaderPolicy.droppingAtOnce());
        };
    }

    @Test
    void everyMessageCountsOnceUnderSigkill() throws IOException, InterruptedException {
        final Receiver received = exchange(RingMode.LOSSLESS);
        assertEquals(0, received.lost());
        assertEquals((long) MESSAGES * (MESSAGES + 1) / 2, received.sum());
    }

    @ParameterizedTest
    @EnumSource(names = {"LATEST", "DROPPING"})
    void everyMessageCountsOnceOrIsToldToBeLostUnderSigkill(final RingMode mode)
            throws IOException, InterruptedException {
        final Receiver received = exchange(mode);
        assertTrue(received.lost() > 0 && received.messages() > 0);
        System.out.println(mode + ": of these, " + received.lost() + " were lost and told so");
    }

    private Receiver exchange(final RingMode mode) throws IOException, InterruptedException {
        final TestTree tree = TestTree.create(folder, 1, settings(mode));
        // Lays both arenas out, so that progress can be watched from here.
        final Sender sent = new Sender(tree);
        final Receiver received = new Receiver(tree);
        // It takes part before the first message, so that it is told of all that it loses.
        assertEquals(0, received.receive(1));
        final Random random = new Random(SEED);
        start(0, mode);
        start(1, mode);
        int kills = 0;
        for (int i = 1; i <= KILLS; i++) {
            // Kills come at points of progress, spread over the whole exchange, not at points of
            // time.
            awaitReceived(received, (long) MESSAGES * i / (KILLS + 2) + random.nextInt(100));
            final int victim = random.nextInt(2);
            kill(victim);
            kills++;
            start(victim, mode);
        }
        awaitReceived(received, MESSAGES);
        for (final Process end : ends) {
            assertTrue(end.waitFor(STEP_TIMEOUT_NS, TimeUnit.NANOSECONDS));
            assertEquals(0, end.exitValue(), Files.readString(folder.resolve("stderr")));
        }
        assertEquals(MESSAGES, sent.sent());
        assertEquals(MESSAGES, received.received());
        assertEquals(MESSAGES, received.messages() + received.lost());
        assertEquals("", Files.readString(folder.resolve("stderr")));
        System.out.println(
                "ring between processes: "
                        + MESSAGES
                        + " messages exact under "
                        + kills
                        + " kills");
        return received;
    }

    @AfterEach
    void killTheRest() throws InterruptedException {
        for (int i = 0; i < ends.length; i++) {
            kill(i);
        }
    }

    private void start(final int end, final RingMode mode) throws IOException {
        final Class<?> main = end == 0 ? SenderMain.class : ReceiverMain.class;
        ends[end] =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx32m",
                                "--add-opens",
                                "java.base/jdk.internal.misc=ALL-UNNAMED",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName(),
                                folder.toString(),
                                mode.name())
                        .redirectError(
                                ProcessBuilder.Redirect.appendTo(folder.resolve("stderr").toFile()))
                        .start();
    }

    private void kill(final int end) throws InterruptedException {
        if (ends[end] != null) {
            // SIGKILL; the reaped exit is the death certificate that lets a successor start.
            ends[end].destroyForcibly().waitFor();
        }
    }

    private void awaitReceived(final Receiver received, final long count) throws IOException {
        final long start = System.nanoTime();
        while (received.received() < count) {
            if (System.nanoTime() - start > STEP_TIMEOUT_NS) {
                throw new AssertionError(
                        received.received()
                                + " of "
                                + count
                                + " received; "
                                + Files.readString(folder.resolve("stderr")));
            }
            Thread.onSpinWait();
        }
    }
}
