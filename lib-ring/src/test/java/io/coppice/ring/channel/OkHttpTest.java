package io.coppice.ring.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.ring.channel.Stream.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * OkHttp and its MockWebServer, neither of which knows of channels, talk HTTP over them: handed the
 * factories, they are told nothing else.
 */
@Timeout(120)
class OkHttpTest {
    private static final int PORT = 4711;
    private static final int LARGE = 3_000_000;

    @TempDir Path folder;

    private final Set<Socket> used = ConcurrentHashMap.newKeySet();

    private MockWebServer server;

    private OkHttpClient client;

    private void start(final Kind kind, final List<Protocol> protocols) throws IOException {
        final Path path = folder.resolve("http");
        final ChannelSettings settings = Stream.settings(kind);
        server = new MockWebServer();
        server.setServerSocketFactory(new CoppiceServerSocketFactory(address -> path, settings));
        server.setProtocols(protocols);
        server.start(InetAddress.getLoopbackAddress(), PORT);
        client =
                new OkHttpClient.Builder()
                        .socketFactory(new CoppiceSocketFactory(address -> path, settings))
                        .protocols(protocols)
                        .eventListener(
                                new EventListener() {
                                    @Override
                                    public void connectionAcquired(
                                            final Call call, final Connection connection) {
                                        used.add(connection.socket());
                                    }
                                })
                        .build();
    }

    @AfterEach
    void stop() {
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
        server.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JDK")
    void requestsShareAConnection(final Kind kind) throws Exception {
        start(kind, List.of(Protocol.HTTP_1_1));
        for (int i = 0; i < 20; i++) {
            server.enqueue(new MockResponse.Builder().body("answer " + i).build());
            assertEquals("answer " + i, new String(get("/" + i), StandardCharsets.UTF_8));
            assertEquals("/" + i, server.takeRequest().getUrl().encodedPath());
        }
        assertEquals(1, used.size());
        final AcceleratedSocket socket =
                assertInstanceOf(AcceleratedSocket.class, used.iterator().next());
        assertEquals(kind != Kind.PLAIN, socket.isAccelerated());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JDK")
    void largeBodiesGoBothWays(final Kind kind) throws Exception {
        start(kind, List.of(Protocol.HTTP_1_1));
        final byte[] body = new byte[LARGE];
        new Random(4).nextBytes(body);
        server.enqueue(
                new MockResponse.Builder().chunkedBody(new Buffer().write(body), 10_000).build());
        final Request post =
                new Request.Builder().url(server.url("/")).post(RequestBody.create(body)).build();
        try (Response response = client.newCall(post).execute()) {
            assertArrayEquals(body, response.body().bytes());
        }
        assertEquals(LARGE, server.takeRequest().getBodySize());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JDK")
    void manyStreamsShareAConnectionOfHttp2(final Kind kind) throws Exception {
        start(kind, List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        final byte[] body = new byte[LARGE / 10];
        new Random(5).nextBytes(body);
        final int calls = 24;
        for (int i = 0; i < calls; i++) {
            server.enqueue(new MockResponse.Builder().body(new Buffer().write(body)).build());
        }
        final ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            final List<Future<byte[]>> answers =
                    IntStream.range(0, calls)
                            .mapToObj(i -> threads.submit(() -> get("/" + i)))
                            .toList();
            for (final Future<byte[]> answer : answers) {
                assertArrayEquals(body, answer.get());
            }
        } finally {
            threads.shutdown();
        }
        assertTrue(used.stream().allMatch(AcceleratedSocket.class::isInstance));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JDK")
    void anAnswerThatDoesNotComeTimesOut(final Kind kind) throws Exception {
        start(kind, List.of(Protocol.HTTP_1_1));
        server.enqueue(
                new MockResponse.Builder().headersDelay(30, TimeUnit.SECONDS).body("late").build());
        client = client.newBuilder().readTimeout(100, TimeUnit.MILLISECONDS).build();
        assertThrows(SocketTimeoutException.class, () -> get("/"));
    }

    private byte[] get(final String path) throws IOException {
        final Request request = new Request.Builder().url(server.url(path)).build();
        try (Response response = client.newCall(request).execute()) {
            assertEquals(200, response.code());
            return response.body().bytes();
        }
    }
}
