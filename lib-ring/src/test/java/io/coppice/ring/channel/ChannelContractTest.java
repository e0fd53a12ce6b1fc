package io.coppice.ring.channel;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.ring.channel.Stream.Kind;
import io.coppice.ring.channel.Stream.Pair;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a blocking Unix-domain channel of the JDK does, held against channels that are not
 * accelerated and channels that are. The JDK is one of the kinds, so that nothing is asked here
 * that it does not do.
 */
@Timeout(60)
class ChannelContractTest {
    /** More than a socket and a ring hold. */
    private static final int MORE_THAN_FITS = 4 << 20;

    @TempDir Path folder;

    private Pair pair;

    private Stream near;

    private Stream far;

    private void connect(final Kind kind) throws IOException {
        pair = Stream.pair(kind, folder.resolve("socket"));
        near = pair.connected();
        far = pair.accepted();
    }

    @AfterEach
    void close() throws IOException {
        pair.close();
    }

    @ParameterizedTest
    @EnumSource
    void bytesArriveInOrderThroughEveryKindOfBuffer(final Kind kind) throws Exception {
        connect(kind);
        final byte[] sent = new byte[MORE_THAN_FITS];
        new Random(1).nextBytes(sent);
        final FutureTask<Long> writing = start(() -> writeInPieces(near, sent));
        final byte[] received = new byte[sent.length];
        final Random random = new Random(2);
        int at = 0;
        while (at < received.length) {
            final int length = Math.min(1 + random.nextInt(100_000), received.length - at);
            final ByteBuffer to =
                    random.nextBoolean()
                            ? ByteBuffer.allocateDirect(length)
                            : ByteBuffer.allocate(length + 7).slice(3, length);
            final int count = far.read(to);
            assertEquals(count, to.position());
            to.flip().get(received, at, count);
            at += count;
        }
        assertEquals(sent.length, writing.get());
        assertArrayEquals(sent, received);
    }

    private static long writeInPieces(final Stream to, final byte[] bytes) throws IOException {
        final Random random = new Random(3);
        int at = 0;
        while (at < bytes.length) {
            final int length = Math.min(1 + random.nextInt(300_000), bytes.length - at);
            final ByteBuffer piece = ByteBuffer.wrap(bytes, at, length);
            final ByteBuffer from =
                    switch (random.nextInt(3)) {
                        case 0 -> piece;
                        case 1 -> piece.asReadOnlyBuffer();
                        default -> ByteBuffer.allocateDirect(length).put(piece).flip();
                    };
            assertEquals(length, to.channel().write(from));
            assertFalse(from.hasRemaining());
            at += length;
        }
        return at;
    }

    @ParameterizedTest
    @EnumSource
    void emptyBuffersDoNotWait(final Kind kind) throws IOException {
        connect(kind);
        assertEquals(0, near.read(ByteBuffer.allocate(0)));
        assertEquals(0, near.write());
        assertThrows(
                IllegalArgumentException.class,
                () -> near.read(ByteBuffer.allocate(1).asReadOnlyBuffer()));
    }

    @ParameterizedTest
    @EnumSource
    void whatWasSentBeforeAnEndIsReadBeforeIt(final Kind kind) throws IOException {
        connect(kind);
        far.write((byte) 1, (byte) 2);
        far.close();
        assertEquals(2, near.read(ByteBuffer.allocate(5)));
        assertEquals(-1, near.read(ByteBuffer.allocate(5)));
        assertEquals(-1, near.read(ByteBuffer.allocate(5)));
    }

    @ParameterizedTest
    @EnumSource
    void anEndThatHadNotReadAllIsAReset(final Kind kind) throws IOException {
        connect(kind);
        near.write((byte) 9);
        far.write((byte) 1, (byte) 2);
        far.close();
        assertEquals(2, near.read(ByteBuffer.allocate(5)));
        for (int i = 0; i < 2; i++) {
            final SocketException reset =
                    assertThrows(SocketException.class, () -> near.read(ByteBuffer.allocate(5)));
            assertEquals("Connection reset", reset.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResetIsToldBeforeAnEnd(final Kind kind) throws IOException {
        connect(kind);
        far.write((byte) 1);
        far.output().run();
        near.write((byte) 9);
        far.close();
        assertEquals(1, near.read(ByteBuffer.allocate(5)));
        assertThrows(SocketException.class, () -> near.read(ByteBuffer.allocate(5)));
    }

    @ParameterizedTest
    @EnumSource
    void writingToAnEndThatIsClosedIsABrokenPipe(final Kind kind) throws IOException {
        connect(kind);
        far.close();
        for (int i = 0; i < 2; i++) {
            final IOException broken = assertThrows(IOException.class, () -> near.write((byte) 1));
            assertEquals("Broken pipe", broken.getMessage());
        }
        assertEquals(0, near.write());
        assertTrue(near.channel().isOpen());
    }

    @ParameterizedTest
    @EnumSource
    void outputThatIsShutEndsTheStreamAndTheOtherDirectionGoesOn(final Kind kind) throws Exception {
        connect(kind);
        near.write((byte) 7);
        near.output().run();
        near.output().run();
        assertThrows(ClosedChannelException.class, () -> near.write((byte) 1));
        assertEquals(1, far.read(ByteBuffer.allocate(5)));
        assertEquals(-1, far.read(ByteBuffer.allocate(5)));
        assertEquals(-1, far.read(ByteBuffer.allocate(5)));
        // More than fits, so that the end whose output is shut still wakes the other.
        final FutureTask<Integer> writing =
                start(() -> far.channel().write(ByteBuffer.allocate(MORE_THAN_FITS)));
        int received = 0;
        while (received < MORE_THAN_FITS) {
            received += near.read(ByteBuffer.allocate(10_000));
        }
        assertEquals(MORE_THAN_FITS, writing.get());
    }

    @ParameterizedTest
    @EnumSource
    void outputThatIsShutWakesAReader(final Kind kind) throws Exception {
        connect(kind);
        final FutureTask<Integer> reading = start(() -> far.read(ByteBuffer.allocate(1)));
        awaitWaiting(reading);
        near.output().run();
        assertEquals(-1, reading.get());
    }

    @ParameterizedTest
    @EnumSource
    void inputThatIsShutBreaksThePipe(final Kind kind) throws IOException {
        connect(kind);
        far.write((byte) 1);
        near.input().run();
        near.input().run();
        assertEquals(-1, near.read(ByteBuffer.allocate(1)));
        final IOException broken = assertThrows(IOException.class, () -> far.write((byte) 1));
        assertEquals("Broken pipe", broken.getMessage());
        // The other direction goes on.
        near.write((byte) 3);
        assertEquals(1, far.read(ByteBuffer.allocate(1)));
    }

    @ParameterizedTest
    @EnumSource
    void inputThatIsShutEndsAReadThatWaits(final Kind kind) throws Exception {
        connect(kind);
        final FutureTask<Integer> reading = start(() -> near.read(ByteBuffer.allocate(1)));
        awaitWaiting(reading);
        near.input().run();
        assertEquals(-1, reading.get());
    }

    @ParameterizedTest
    @EnumSource
    void anEndWakesAReader(final Kind kind) throws Exception {
        connect(kind);
        final FutureTask<Integer> reading = start(() -> near.read(ByteBuffer.allocate(1)));
        awaitWaiting(reading);
        far.close();
        assertEquals(-1, reading.get());
    }

    @ParameterizedTest
    @EnumSource
    void anEndWakesAWriterThatToldHowMuchItWrote(final Kind kind) throws Exception {
        connect(kind);
        final FutureTask<Integer> writing =
                start(() -> near.channel().write(ByteBuffer.allocate(MORE_THAN_FITS)));
        awaitWaiting(writing);
        far.close();
        final int sent = writing.get();
        assertTrue(sent > 0 && sent < MORE_THAN_FITS, () -> sent + " sent");
        final IOException broken = assertThrows(IOException.class, () -> near.write((byte) 1));
        assertEquals("Broken pipe", broken.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsAReadThatWaits(final Kind kind) throws Exception {
        connect(kind);
        final FutureTask<Integer> reading = start(() -> near.read(ByteBuffer.allocate(1)));
        awaitWaiting(reading);
        near.close();
        assertInstanceOf(AsynchronousCloseException.class, failure(reading));
        assertThrows(ClosedChannelException.class, () -> near.read(ByteBuffer.allocate(1)));
        assertThrows(ClosedChannelException.class, () -> near.write((byte) 1));
        assertThrows(ClosedChannelException.class, () -> near.input().run());
        assertThrows(ClosedChannelException.class, () -> near.output().run());
        near.close();
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsAWriteThatWaits(final Kind kind) throws Exception {
        connect(kind);
        final FutureTask<Integer> writing =
                start(() -> near.channel().write(ByteBuffer.allocate(MORE_THAN_FITS)));
        awaitWaiting(writing);
        near.close();
        final Throwable failure = failure(writing);
        assertTrue(
                failure == null || failure instanceof AsynchronousCloseException,
                () -> String.valueOf(failure));
        assertFalse(near.channel().isOpen());
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptCloses(final Kind kind) throws Exception {
        connect(kind);
        final FutureTask<Integer> reading =
                new FutureTask<>(() -> near.read(ByteBuffer.allocate(1)));
        final Thread reader = new Thread(reading);
        reader.start();
        await().until(() -> isWaiting(reader));
        reader.interrupt();
        assertInstanceOf(ClosedByInterruptException.class, failure(reading));
        assertFalse(near.channel().isOpen());
        assertEquals(-1, far.read(ByteBuffer.allocate(1)));
        Thread.currentThread().interrupt();
        assertThrows(ClosedByInterruptException.class, () -> far.read(ByteBuffer.allocate(1)));
        assertTrue(Thread.interrupted());
        assertFalse(far.channel().isOpen());
    }

    @ParameterizedTest
    @EnumSource
    void bothDirectionsRunAtOnce(final Kind kind) throws Exception {
        connect(kind);
        final FutureTask<Long> nearWrites = start(() -> fill(near, 1));
        final FutureTask<Long> farWrites = start(() -> fill(far, 2));
        final FutureTask<Long> nearReads = start(() -> count(near, 2));
        assertEquals(MORE_THAN_FITS, count(far, 1));
        assertEquals(MORE_THAN_FITS, nearReads.get());
        assertEquals(MORE_THAN_FITS, nearWrites.get());
        assertEquals(MORE_THAN_FITS, farWrites.get());
    }

    @ParameterizedTest
    @EnumSource
    void manyQuestionsAreAnswered(final Kind kind) throws Exception {
        connect(kind);
        final int rounds = kind == Kind.ACCELERATED ? 200_000 : 5_000;
        final FutureTask<Integer> answering =
                start(
                        () -> {
                            final ByteBuffer buffer = ByteBuffer.allocate(8);
                            int answers = 0;
                            while (far.read(buffer.clear()) == 8) {
                                far.channel().write(buffer.flip());
                                answers++;
                            }
                            return answers;
                        });
        final ByteBuffer buffer = ByteBuffer.allocateDirect(8);
        for (long i = 0; i < rounds; i++) {
            near.channel().write(buffer.clear().putLong(0, i));
            assertEquals(8, near.read(buffer.clear().putLong(0, -1)));
            assertEquals(i, buffer.getLong(0));
        }
        near.close();
        assertEquals(rounds, answering.get());
    }

    private static long fill(final Stream to, final int value) throws IOException {
        final byte[] bytes = new byte[MORE_THAN_FITS];
        Arrays.fill(bytes, (byte) value);
        return to.channel().write(ByteBuffer.wrap(bytes));
    }

    private static long count(final Stream from, final int value) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocate(33_333);
        long count = 0;
        while (count < MORE_THAN_FITS) {
            from.read(buffer.clear());
            buffer.flip();
            while (buffer.hasRemaining()) {
                assertEquals(value, buffer.get());
                count++;
            }
        }
        return count;
    }

    private Thread last;

    private <T> FutureTask<T> start(final Callable<T> work) {
        final FutureTask<T> task = new FutureTask<>(work);
        last = new Thread(task);
        last.setDaemon(true);
        last.start();
        return task;
    }

    /** Until the thread started last is in the kernel, where it waits. */
    private void awaitWaiting(final FutureTask<?> task) {
        await().until(() -> task.isDone() || isWaiting(last));
    }

    private static boolean isWaiting(final Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(
                        frame ->
                                frame.isNativeMethod()
                                        && (frame.getClassName().startsWith("sun.nio.ch.EPoll")
                                                || frame.getMethodName().equals("poll")
                                                || frame.getMethodName().equals("read0")
                                                || frame.getMethodName().equals("write0")));
    }

    private static Throwable failure(final FutureTask<?> task) throws InterruptedException {
        try {
            task.get();
            return null;
        } catch (final java.util.concurrent.ExecutionException failed) {
            return failed.getCause();
        }
    }
}
