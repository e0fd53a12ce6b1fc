package io.coppice.ring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.coppice.ring.channel.Stream.Kind;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.server.TServer;
import org.apache.thrift.server.TSimpleServer;
import org.apache.thrift.transport.TServerSocket;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransportException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server and a client of Thrift, neither of which knows of channels, are handed our sockets. */
@Timeout(60)
class ThriftTest {
    private static final int CALLS = 500;
    private static final int PORT = 4712;

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JDK")
    void callsAreAnswered(final Kind kind) throws Exception {
        final Path path = folder.resolve("thrift");
        final ChannelSettings settings = Stream.settings(kind);
        final TServerSocket listening =
                new TServerSocket(
                        new CoppiceServerSocketFactory(address -> path, settings)
                                .createServerSocket(PORT));
        final TServer server =
                new TSimpleServer(new TServer.Args(listening).processor(ThriftTest::answer));
        final Thread serving = new Thread(server::serve);
        serving.start();
        try (Socket socket =
                        new CoppiceSocketFactory(address -> path, settings)
                                .createSocket("localhost", PORT);
                TSocket transport = new TSocket(socket)) {
            final TProtocol protocol = new TBinaryProtocol(transport);
            final byte[] payload = new byte[20_000];
            for (int i = 0; i < CALLS; i++) {
                protocol.writeMessageBegin(new TMessage("echo", TMessageType.CALL, i));
                protocol.writeString("call " + i);
                protocol.writeBinary(ByteBuffer.wrap(payload, 0, i * 40));
                protocol.writeMessageEnd();
                transport.flush();
                assertEquals(i, protocol.readMessageBegin().seqid);
                assertEquals("call " + i, protocol.readString());
                assertEquals(i * 40, protocol.readI32());
                protocol.readMessageEnd();
            }
            socket.setSoTimeout(50);
            final TTransportException late =
                    assertThrows(TTransportException.class, protocol::readMessageBegin);
            assertEquals(TTransportException.TIMED_OUT, late.getType());
        } finally {
            server.stop();
            serving.join();
        }
    }

    private static void answer(final TProtocol in, final TProtocol out) throws TException {
        final TMessage call = in.readMessageBegin();
        final String text = in.readString();
        final int length = in.readBinary().remaining();
        in.readMessageEnd();
        out.writeMessageBegin(new TMessage(call.name, TMessageType.REPLY, call.seqid));
        out.writeString(text);
        out.writeI32(length);
        out.writeMessageEnd();
        out.getTransport().flush();
    }
}
