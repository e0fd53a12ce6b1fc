package io.coppice.ring.channel;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.Callback;

/** A program that uses Jetty and names nothing of ours, but to say at its end what was counted. */
final class JettyMain {
    private static final int THREADS = 4;
    private static final int ROUNDS = 8;
    private static final int[] SIZES = {0, 1, 999, 1 << 16, 1 << 20};

    private JettyMain() {}

    /**
     * Serves, or asks, or both.
     *
     * @param arguments path, "server" or "client" or "both"; a client gets the server's port as
     *     well
     */
    public static void main(final String[] arguments) throws Exception {
        final Path path = Path.of(arguments[0]);
        final Server server = arguments[1].equals("client") ? null : serve(path);
        final int port =
                server == null
                        ? Integer.parseInt(arguments[2])
                        : ((ServerConnector) server.getConnectors()[1]).getLocalPort();
        if (arguments[1].equals("server")) {
            System.out.println("port " + port);
            // Until the test closes it.
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        } else {
            ask(path, port);
            askTheJdk();
        }
        if (server != null) {
            server.stop();
        }
        report();
    }

    private static Server serve(final Path path) throws Exception {
        final Server server = new Server();
        final UnixDomainServerConnector unix = new UnixDomainServerConnector(server);
        unix.setUnixDomainPath(path);
        server.addConnector(unix);
        server.addConnector(new ServerConnector(server));
        server.setHandler(
                new Handler.Abstract() {
                    @Override
                    public boolean handle(
                            final org.eclipse.jetty.server.Request request,
                            final Response response,
                            final Callback callback) {
                        Content.copy(request, response, callback);
                        return true;
                    }
                });
        server.start();
        return server;
    }

    private static void ask(final Path path, final int port) throws Exception {
        final HttpClient client = new HttpClient();
        client.start();
        final List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            final Random random = new Random(i);
            final FutureTask<Void> task =
                    new FutureTask<>(
                            () -> {
                                for (int round = 0; round < ROUNDS; round++) {
                                    ask(client, path, port, random);
                                }
                                return null;
                            });
            tasks.add(task);
            new Thread(task).start();
        }
        for (final FutureTask<Void> task : tasks) {
            task.get();
        }
        client.stop();
    }

    private static void ask(
            final HttpClient client, final Path path, final int port, final Random random)
            throws Exception {
        for (final int size : SIZES) {
            final byte[] body = new byte[size];
            random.nextBytes(body);
            final URI unix = URI.create("http://localhost/" + size);
            check(body, client.newRequest(unix).transport(new Transport.TCPUnix(path)));
            check(body, client.newRequest("localhost", port));
        }
    }

    /** The JDK's own server and client have selectors too. */
    private static void askTheJdk() throws Exception {
        final HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    final byte[] body = exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        final byte[] body = new byte[1 << 20];
        new Random(7).nextBytes(body);
        try (java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient()) {
            final URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
            final byte[] answer =
                    client.send(
                                    HttpRequest.newBuilder(uri)
                                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofByteArray())
                            .body();
            if (!Arrays.equals(body, answer)) {
                throw new AssertionError("the JDK's server sent back " + answer.length + " bytes");
            }
        }
        server.stop(0);
    }

    private static void check(final byte[] body, final Request request) throws Exception {
        final ContentResponse response =
                request.method("POST")
                        .body(new BytesRequestContent(body))
                        .timeout(30, TimeUnit.SECONDS)
                        .send();
        if (response.getStatus() != 200 || !Arrays.equals(body, response.getContent())) {
            throw new AssertionError("a body of " + body.length + " came back as " + response);
        }
    }

    private static void report() {
        final SelectorProvider provider = SelectorProvider.provider();
        if (provider instanceof final CoppiceSelectorProvider ours) {
            System.out.println(
                    "counted "
                            + ours.channels()
                            + " "
                            + ours.bytesRead()
                            + " "
                            + ours.bytesWritten());
        } else {
            System.out.println("provider " + provider.getClass().getName());
        }
    }
}
