package io.coppice.ring.channel;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** What a socket reads. Closing it closes the socket. */
final class SocketInput extends InputStream {
    private final AcceleratedSocket socket;
    private final Connection connection;
    private final SocketOptionValues options;
    private final byte[] single = new byte[1];

    SocketInput(
            final AcceleratedSocket socket,
            final Connection connection,
            final SocketOptionValues options) {
        this.socket = socket;
        this.connection = connection;
        this.options = options;
    }

    @Override
    public int read() throws IOException {
        synchronized (single) {
            return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
        }
    }

    @Override
    public int read(final byte[] to, final int index, final int length) throws IOException {
        Objects.checkFromIndexSize(index, length, to.length);
        if (length == 0) {
            return 0;
        }
        final int millis = options.timeout();
        final int count;
        try {
            count =
                    connection.read(
                            to,
                            index,
                            length,
                            millis == 0
                                    ? Connection.FOREVER
                                    : TimeUnit.MILLISECONDS.toNanos(millis));
        } catch (final ClosedChannelException closed) {
            throw socketClosed(closed);
        }
        if (count == 0) {
            throw new SocketTimeoutException("Read timed out");
        }
        return count;
    }

    @Override
    public int available() throws IOException {
        try {
            return connection.available();
        } catch (final ClosedChannelException closed) {
            throw socketClosed(closed);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Says it as streams of sockets do. */
    static SocketException socketClosed(final ClosedChannelException closed) {
        final SocketException says = new SocketException("Socket closed");
        says.initCause(closed);
        return says;
    }
}
