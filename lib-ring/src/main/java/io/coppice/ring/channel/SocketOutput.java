package io.coppice.ring.channel;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;

/** What a socket writes. Closing it closes the socket. */
final class SocketOutput extends OutputStream {
    private final AcceleratedSocket socket;
    private final Connection connection;
    private final byte[] single = new byte[1];

    SocketOutput(final AcceleratedSocket socket, final Connection connection) {
        this.socket = socket;
        this.connection = connection;
    }

    @Override
    public void write(final int value) throws IOException {
        synchronized (single) {
            single[0] = (byte) value;
            write(single, 0, 1);
        }
    }

    /**
     * A write that the other end's going cut short is tried again, so that it fails as it should.
     */
    @Override
    public void write(final byte[] from, final int index, final int length) throws IOException {
        Objects.checkFromIndexSize(index, length, from.length);
        try {
            int done = 0;
            while (done < length) {
                done += connection.write(from, index + done, length - done);
            }
        } catch (final ClosedChannelException closed) {
            throw SocketInput.socketClosed(closed);
        } catch (final SocketException says) {
            throw says;
        } catch (final IOException broken) {
            // Sockets say everything by this class, and libraries look for it.
            final SocketException says = new SocketException(broken.getMessage());
            says.initCause(broken);
            throw says;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
