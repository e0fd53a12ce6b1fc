package io.coppice.bench;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * The other side of a pipe or a socket: gives back each message until there is none any more.
 * Without an argument it uses stdin and stdout, with one the socket of that path.
 */
public final class EchoChild {
    private EchoChild() {}

    /** Runs until the other side closes. */
    public static void main(final String[] args) throws IOException {
        if (args.length == 0) {
            echoPipe();
        } else {
            echoSocket(Path.of(args[0]));
        }
    }

    private static void echoPipe() throws IOException {
        final byte[] message = new byte[RoundTrips.MESSAGE_BYTES];
        try (FileInputStream in = new FileInputStream(FileDescriptor.in);
                FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            while (in.readNBytes(message, 0, message.length) == message.length) {
                out.write(message);
            }
        }
    }

    private static void echoSocket(final Path path) throws IOException {
        final ByteBuffer message = ByteBuffer.allocateDirect(RoundTrips.MESSAGE_BYTES);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            while (channel.read(message) >= 0) {
                if (!message.hasRemaining()) {
                    message.flip();
                    while (message.hasRemaining()) {
                        channel.write(message);
                    }
                    message.clear();
                }
            }
        }
    }
}
