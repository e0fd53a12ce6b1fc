package io.coppice.ring.channel;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.ring.channel.Stream.Kind;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What sockets of the JDK (over TCP, for it has no others) do, held against sockets over channels,
 * made by the factories that libraries are handed.
 */
@Timeout(60)
class SocketContractTest {
    private static final int MORE_THAN_FITS = 16 << 20;

    @TempDir Path folder;

    private SocketFactory sockets;

    private ServerSocket server;

    private Socket near;

    private Socket far;

    private Thread last;

    private void listen(final Kind kind) throws IOException {
        if (kind == Kind.JDK) {
            sockets = SocketFactory.getDefault();
            server =
                    ServerSocketFactory.getDefault()
                            .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        } else {
            final Path path = folder.resolve("socket");
            final ChannelSettings settings = Stream.settings(kind);
            sockets = new CoppiceSocketFactory(address -> path, settings);
            server =
                    new CoppiceServerSocketFactory(address -> path, settings)
                            .createServerSocket(4711, 5);
        }
    }

    private void connect(final Kind kind) throws IOException {
        listen(kind);
        near = sockets.createSocket(InetAddress.getLoopbackAddress(), server.getLocalPort());
        far = server.accept();
        assertTrue(kind == Kind.JDK || near instanceof AcceleratedSocket);
        if (near instanceof final AcceleratedSocket socket) {
            assertEquals(kind != Kind.PLAIN, socket.isAccelerated());
        }
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        if (near != null) {
            near.close();
            far.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void streamsCarryBytes(final Kind kind) throws Exception {
        connect(kind);
        final DataOutputStream out = new DataOutputStream(near.getOutputStream());
        out.writeUTF("question");
        out.write(255);
        final DataInputStream in = new DataInputStream(far.getInputStream());
        assertEquals("question", in.readUTF());
        assertEquals(255, in.read());
        assertEquals(0, in.available());
        out.writeInt(7);
        await().until(() -> in.available() == 4);
        out.writeInt(8);
        await().until(() -> in.available() == 8);
        assertEquals(7, in.readInt());
        assertEquals(8, in.readInt());
        near.close();
        assertEquals(-1, in.read());
        assertEquals(0, in.read(new byte[0]));
    }

    @ParameterizedTest
    @EnumSource
    void largeWritesArrive(final Kind kind) throws Exception {
        connect(kind);
        final byte[] sent = new byte[MORE_THAN_FITS];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) (i * 31 >> 4);
        }
        final FutureTask<Boolean> writing =
                start(
                        () -> {
                            near.getOutputStream().write(sent);
                            near.shutdownOutput();
                            return true;
                        });
        assertArrayEquals(sent, far.getInputStream().readAllBytes());
        assertTrue(writing.get());
    }

    @ParameterizedTest
    @EnumSource
    void aReadTimesOutAndTheStreamGoesOn(final Kind kind) throws Exception {
        connect(kind);
        near.setSoTimeout(20);
        assertEquals(20, near.getSoTimeout());
        for (int i = 0; i < 2; i++) {
            final SocketTimeoutException late =
                    assertThrows(SocketTimeoutException.class, () -> near.getInputStream().read());
            assertEquals("Read timed out", late.getMessage());
        }
        far.getOutputStream().write(5);
        near.setSoTimeout(0);
        assertEquals(5, near.getInputStream().read());
        assertThrows(IllegalArgumentException.class, () -> near.setSoTimeout(-1));
    }

    @ParameterizedTest
    @EnumSource
    void acceptTimesOut(final Kind kind) throws Exception {
        listen(kind);
        server.setSoTimeout(20);
        final SocketTimeoutException late =
                assertThrows(SocketTimeoutException.class, () -> server.accept());
        assertEquals("Accept timed out", late.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsWhoWaits(final Kind kind) throws Exception {
        connect(kind);
        final FutureTask<Integer> reading = start(() -> near.getInputStream().read());
        awaitWaiting(reading);
        near.close();
        assertEquals("Socket closed", message(reading));
        final FutureTask<Socket> accepting = start(() -> server.accept());
        awaitWaiting(accepting);
        server.close();
        assertEquals("Socket closed", message(accepting));
        assertTrue(near.isClosed() && near.isConnected() && server.isClosed());
        assertThrows(SocketException.class, () -> near.getInputStream());
        assertThrows(SocketException.class, () -> near.setSoTimeout(1));
        assertThrows(SocketException.class, () -> server.accept());
    }

    @ParameterizedTest
    @EnumSource
    void closingAStreamClosesTheSocket(final Kind kind) throws Exception {
        connect(kind);
        near.getOutputStream().close();
        assertTrue(near.isClosed());
        assertEquals(-1, far.getInputStream().read());
        far.getInputStream().close();
        assertTrue(far.isClosed());
    }

    @ParameterizedTest
    @EnumSource
    void directionsAreShutOneByOne(final Kind kind) throws Exception {
        connect(kind);
        assertFalse(near.isOutputShutdown() || near.isInputShutdown());
        near.getOutputStream().write(1);
        near.shutdownOutput();
        assertTrue(near.isOutputShutdown());
        assertThrows(SocketException.class, () -> near.getOutputStream());
        assertThrows(SocketException.class, () -> near.shutdownOutput());
        assertEquals(1, far.getInputStream().read());
        assertEquals(-1, far.getInputStream().read());
        far.getOutputStream().write(2);
        assertEquals(2, near.getInputStream().read());
        near.shutdownInput();
        assertTrue(near.isInputShutdown());
        assertThrows(SocketException.class, () -> near.getInputStream());
        assertFalse(near.isClosed());
    }

    @ParameterizedTest
    @EnumSource
    void writingToAnEndThatIsClosedFails(final Kind kind) throws Exception {
        connect(kind);
        far.close();
        // Over TCP the first ones may still be taken.
        await().until(
                        () -> {
                            try {
                                near.getOutputStream().write(1);
                                return false;
                            } catch (final SocketException broken) {
                                return true;
                            }
                        });
        assertFalse(near.isClosed());
    }

    @ParameterizedTest
    @EnumSource
    void whoConnectsAndGoesBeforeTheAcceptIsHeard(final Kind kind) throws Exception {
        listen(kind);
        try (Socket early = sockets.createSocket("localhost", server.getLocalPort())) {
            early.getOutputStream().write(new byte[] {1, 2, 3});
        }
        near = server.accept();
        far = near;
        assertArrayEquals(new byte[] {1, 2, 3}, near.getInputStream().readAllBytes());
    }

    @ParameterizedTest
    @EnumSource
    void stateAndOptionsAreThoseOfASocket(final Kind kind) throws Exception {
        listen(kind);
        final Socket socket = sockets.createSocket();
        assertFalse(socket.isConnected() || socket.isClosed());
        assertThrows(SocketException.class, () -> socket.getInputStream());
        final InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
        socket.connect(address, 1000);
        near = socket;
        far = server.accept();
        assertTrue(socket.isConnected() && socket.isBound());
        assertThrows(SocketException.class, () -> socket.connect(address));
        assertEquals(address.getPort(), socket.getPort());
        assertEquals(address, socket.getRemoteSocketAddress());
        assertTrue(socket.getInetAddress().isLoopbackAddress());
        socket.setTcpNoDelay(true);
        assertTrue(socket.getTcpNoDelay());
        socket.setKeepAlive(true);
        assertTrue(socket.getOption(StandardSocketOptions.SO_KEEPALIVE));
        assertEquals(-1, socket.getSoLinger());
        socket.setSoLinger(true, 3);
        assertEquals(3, socket.getSoLinger());
        socket.setSoLinger(false, 0);
        assertEquals(-1, socket.getSoLinger());
        assertTrue(socket.getSendBufferSize() > 0 && socket.getReceiveBufferSize() > 0);
        assertTrue(socket.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY));
        socket.close();
        socket.close();
        assertTrue(socket.isClosed());
    }

    @ParameterizedTest
    @EnumSource
    void connectingWhereNobodyListensIsRefused(final Kind kind) throws Exception {
        listen(kind);
        final int port = server.getLocalPort();
        server.close();
        final InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        // A port that is taken, so that neither another program listens there by now nor the
        // kernel gives it to the one that connects.
        try (Socket holder = new Socket();
                Socket socket = sockets.createSocket()) {
            holder.bind(address);
            assertThrows(SocketException.class, () -> socket.connect(address));
        }
    }

    private <T> FutureTask<T> start(final Callable<T> work) {
        final FutureTask<T> task = new FutureTask<>(work);
        last = new Thread(task);
        last.setDaemon(true);
        last.start();
        return task;
    }

    /** Until the thread started last waits, in the kernel or for a lock. */
    private void awaitWaiting(final FutureTask<?> task) {
        await().until(
                        () ->
                                task.isDone()
                                        || last.getState() == Thread.State.WAITING
                                        || Arrays.stream(last.getStackTrace())
                                                .anyMatch(StackTraceElement::isNativeMethod));
    }

    private static String message(final FutureTask<?> task) {
        final Throwable failure = assertThrows(ExecutionException.class, task::get).getCause();
        assertInstanceOf(SocketException.class, failure);
        return failure.getMessage();
    }
}
