package io.coppice.ring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.coppice.ring.channel.Stream.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a selector over endpoints needs of them: nothing waits, and what it waits for rings. */
@Timeout(60)
class EndpointSelectorTest {
    private static final int BOTH = SelectionKey.OP_READ | SelectionKey.OP_WRITE;

    @TempDir Path folder;

    private Selector selector;

    private AcceleratedChannel near;

    private AcceleratedChannel far;

    private Endpoint endpoint;

    @BeforeEach
    void connect() throws IOException {
        final ChannelSettings settings = Stream.settings(Kind.ASLEEP);
        try (ChannelServer server = ChannelServer.bind(folder.resolve("socket"), settings, 4)) {
            near = AcceleratedChannel.connect(folder.resolve("socket"), settings);
            far = server.accept();
        }
        endpoint = assertInstanceOf(Endpoint.class, near.connection());
        selector = Selector.open();
        endpoint.socket().register(selector, SelectionKey.OP_READ);
    }

    @AfterEach
    void close() throws IOException {
        near.close();
        far.close();
        selector.close();
    }

    private void unpark() {
        endpoint.takeBells();
        endpoint.unpark(true);
        endpoint.unpark(false);
    }

    @Test
    void nothingWaits() throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocate(1 << 17);
        assertEquals(SelectionKey.OP_WRITE, endpoint.readyOps(BOTH));
        assertEquals(0, near.read(buffer, 0));
        assertEquals(1 << 16, near.tryWrite(buffer));
        assertEquals(0, near.tryWrite(buffer));
        assertEquals(0, endpoint.readyOps(BOTH));
        far.read(ByteBuffer.allocate(1));
        assertEquals(SelectionKey.OP_WRITE, endpoint.readyOps(BOTH));
        assertEquals(1, near.tryWrite(buffer));
    }

    @Test
    void bytesRing() throws IOException {
        far.write(ByteBuffer.allocate(3));
        assertEquals(0, selector.selectNow(), "nobody sleeps, so there is no bell");
        assertEquals(SelectionKey.OP_READ, endpoint.park(SelectionKey.OP_READ));
        assertEquals(3, near.read(ByteBuffer.allocate(9), 0));
        assertEquals(0, endpoint.park(SelectionKey.OP_READ));
        far.write(ByteBuffer.allocate(2));
        assertEquals(1, selector.select());
        far.write(ByteBuffer.allocate(2));
        unpark();
        selector.selectedKeys().clear();
        assertEquals(0, selector.selectNow());
        assertEquals(4, near.read(ByteBuffer.allocate(9), 0));
    }

    @Test
    void whoeverTakesBellsTellsTheOthers() throws IOException {
        final AtomicInteger told = new AtomicInteger();
        endpoint.onBells(told::incrementAndGet);
        endpoint.takeBells();
        assertEquals(0, told.get());
        assertEquals(0, endpoint.park(SelectionKey.OP_READ));
        far.write(ByteBuffer.allocate(2));
        endpoint.takeBells();
        assertEquals(1, told.get());
        assertEquals(0, selector.selectNow());
        far.close();
        assertEquals(2, near.read(ByteBuffer.allocate(9), 0));
        assertEquals(-1, near.read(ByteBuffer.allocate(9), 0));
        assertEquals(2, told.get(), "the end is told of as well");
    }

    @Test
    void roomRings() throws IOException {
        near.tryWrite(ByteBuffer.allocate(1 << 17));
        assertEquals(0, endpoint.park(BOTH));
        far.read(ByteBuffer.allocate(1));
        assertEquals(1, selector.select());
        unpark();
        assertEquals(SelectionKey.OP_WRITE, endpoint.readyOps(BOTH));
    }

    @Test
    void anEndRings() throws IOException {
        assertEquals(0, endpoint.park(SelectionKey.OP_READ));
        far.close();
        assertEquals(1, selector.select());
        unpark();
        assertEquals(BOTH, endpoint.readyOps(BOTH));
        assertEquals(-1, near.read(ByteBuffer.allocate(1), 0));
        near.close();
        assertEquals(0, endpoint.park(BOTH), "it is closed");
    }
}
