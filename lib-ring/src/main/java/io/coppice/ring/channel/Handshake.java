package io.coppice.ring.channel;

import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * How two ends agree on a segment, over the socket and before all else. Numbers are little-endian.
 *
 * <pre>
 *   connecting end:  magic 8, version 4, 0 4
 *   accepting end:   magic 8, version 4, choice 4, nonce 8, pathBytes 4, path
 *   connecting end:  choice 1
 * </pre>
 *
 * The accepting end makes the segment. Choice is 1 for shared memory and 0 for the socket: the
 * accepting end chooses that where it can make no segment, the connecting one where it cannot map
 * it, since it sees another file system. Then both go on over the same socket. Whoever speaks
 * something else is cut off, and so is whoever says nothing until the deadline.
 *
 * <p>The connecting end removes the file's name as soon as it has mapped it, before it says so; the
 * accepting end does it however the handshake ends. What is left is the death of both in between:
 * {@link SegmentFile#sweep}.
 */
final class Handshake {
    private static final System.Logger LOG = System.getLogger(Handshake.class.getName());
    private static final long MAGIC = SegmentLayout.MAGIC;
    private static final int VERSION = 1;
    private static final int PATH_MOST = 4096;
    private static final int HELLO_BYTES = 16;
    private static final int ANSWER_BYTES = 28;
    private static final int SOCKET = 0;
    private static final int SHARED = 1;

    private final SocketChannel socket;
    private final ChannelSettings settings;
    private final String who;
    private final long deadlineNs;

    private Handshake(
            final SocketChannel socket, final ChannelSettings settings, final String who) {
        this.socket = socket;
        this.settings = settings;
        this.who = who;
        this.deadlineNs = System.nanoTime() + settings.handshakeNs();
    }

    /** Agrees as the end that accepted; the socket is left open where it fails. */
    static Connection accept(
            final SocketChannel socket, final ChannelSettings settings, final String who)
            throws IOException {
        socket.configureBlocking(false);
        return new Handshake(socket, settings, who).accept();
    }

    /** Agrees as the end that connected; the socket is left open where it fails. */
    static Connection connect(
            final SocketChannel socket, final ChannelSettings settings, final String who)
            throws IOException {
        socket.configureBlocking(false);
        return new Handshake(socket, settings, who).connect();
    }

    private Connection accept() throws IOException {
        checkGreeting(read(HELLO_BYTES));
        final SegmentFile file = makeFile();
        if (file == null) {
            write(answer(SOCKET, 0, ""));
            read(1);
            return new PlainConnection(socket);
        }
        try (file) {
            final Segment segment = file.layOut(settings.capacityBytes());
            try {
                write(answer(SHARED, file.nonce(), file.path().toString()));
                final int choice = read(1).get();
                if (choice == SHARED) {
                    return new Endpoint(segment, socket, true, settings.spinNs());
                }
            } catch (final IOException | RuntimeException failed) {
                segment.unmap();
                throw failed;
            }
            segment.unmap();
            return new PlainConnection(socket);
        }
    }

    /** Returns null where this end can make no segment. */
    private SegmentFile makeFile() {
        if (!Segment.isSupported()) {
            return null;
        }
        try {
            return SegmentFile.create(settings.folder(), settings.capacityBytes());
        } catch (final IOException full) {
            LOG.log(Level.WARNING, () -> who + ": goes over the socket: " + full);
            return null;
        }
    }

    private Connection connect() throws IOException {
        write(greeting(HELLO_BYTES).putInt(0).flip());
        final ByteBuffer answer = read(ANSWER_BYTES);
        checkGreeting(answer);
        final int choice = answer.getInt();
        final long nonce = answer.getLong();
        final int length = answer.getInt();
        if (choice == SOCKET) {
            write(ByteBuffer.wrap(new byte[] {SOCKET}));
            return new PlainConnection(socket);
        }
        if (length <= 0 || length > PATH_MOST) {
            throw new IOException(who + ": names a segment by " + length + " bytes; connect again");
        }
        final Path path = Path.of(StandardCharsets.UTF_8.decode(read(length)).toString());
        final Segment segment = openSegment(path, nonce);
        if (segment == null) {
            write(ByteBuffer.wrap(new byte[] {SOCKET}));
            return new PlainConnection(socket);
        }
        try {
            Files.deleteIfExists(path);
            write(ByteBuffer.wrap(new byte[] {SHARED}));
            return new Endpoint(segment, socket, false, settings.spinNs());
        } catch (final IOException | RuntimeException failed) {
            segment.unmap();
            throw failed;
        }
    }

    /** Returns null where this end cannot map it. */
    private Segment openSegment(final Path path, final long nonce) {
        if (!Segment.isSupported()) {
            return null;
        }
        try {
            return Segment.open(path, nonce);
        } catch (final IOException elsewhere) {
            LOG.log(Level.WARNING, () -> who + ": goes over the socket: " + elsewhere);
            return null;
        }
    }

    private static ByteBuffer greeting(final int bytes) {
        return ByteBuffer.allocate(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(MAGIC)
                .putInt(VERSION);
    }

    private static ByteBuffer answer(final int choice, final long nonce, final String path) {
        final byte[] name = path.getBytes(StandardCharsets.UTF_8);
        return greeting(ANSWER_BYTES + name.length)
                .putInt(choice)
                .putLong(nonce)
                .putInt(name.length)
                .put(name)
                .flip();
    }

    private void checkGreeting(final ByteBuffer from) throws IOException {
        final long magic = from.getLong();
        final int version = from.getInt();
        if (magic != MAGIC || version != VERSION) {
            throw new IOException(
                    who
                            + ": the other end does not speak version "
                            + VERSION
                            + " of accelerated channels; accelerate the path in both programs or in"
                            + " neither");
        }
    }

    private ByteBuffer read(final int bytes) throws IOException {
        final ByteBuffer into = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try (Selector selector = JdkChannels.openSelector()) {
            socket.register(selector, SelectionKey.OP_READ);
            while (into.hasRemaining()) {
                final int count = socket.read(into);
                if (count < 0) {
                    throw new EOFException(
                            who + ": the other end went away during the handshake; connect again");
                }
                if (count == 0) {
                    await(selector);
                }
            }
        }
        return into.flip();
    }

    /** Whoever reads nothing of a few bytes is not there for a handshake. */
    private void write(final ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            if (socket.write(from) == 0) {
                throw new IOException(who + ": the other end takes no handshake; connect again");
            }
        }
    }

    private void await(final Selector selector) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new ClosedByInterruptException();
        }
        final long left = deadlineNs - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException(
                    who
                            + ": the other end said nothing within "
                            + TimeUnit.NANOSECONDS.toMillis(settings.handshakeNs())
                            + " ms; accelerate the path in both programs or in neither");
        }
        selector.select(TimeUnit.NANOSECONDS.toMillis(left) + 1);
        selector.selectedKeys().clear();
    }
}
