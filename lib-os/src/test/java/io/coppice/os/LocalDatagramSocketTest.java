package io.coppice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalDatagramSocketTest {
    @TempDir private Path folder;

    @BeforeEach
    void onLinux() {
        Assumptions.assumeTrue(OperatingSystemContract.isLinux(), "Linux");
    }

    @Test
    void whatIsSentToAPathIsReceivedThereWholeAndInOrder() {
        carries(folder.resolve("socket").toString());
        assertTrue(Files.exists(folder.resolve("socket")));
    }

    @Test
    void anAbstractNameIsNoFile() {
        carries("@coppice-test-" + ProcessHandle.current().pid() + "-abstract");
    }

    private static void carries(final String address) {
        try (LocalDatagramSocket manager = LocalDatagramSocket.at(address);
                LocalDatagramSocket service = LocalDatagramSocket.to(address)) {
            assertNull(manager.receive());
            assertTrue(send(service, "READY=1\n"));
            assertTrue(send(service, "STATUS=grün\n"));
            assertEquals("READY=1\n", manager.receive());
            assertEquals("STATUS=grün\n", manager.receive());
            assertNull(manager.receive());
            assertThrows(OsException.class, () -> LocalDatagramSocket.at(address));
        }
    }

    @Test
    void nobodyThereIsNoErrorAndSomebodyLaterIsFound() throws Exception {
        final Path path = folder.resolve("late");
        try (LocalDatagramSocket service = LocalDatagramSocket.to(path.toString())) {
            assertFalse(send(service, "READY=1\n"));
            try (LocalDatagramSocket manager = LocalDatagramSocket.at(path.toString())) {
                assertTrue(send(service, "READY=1\n"));
                assertEquals("READY=1\n", manager.receive());
            }
            assertFalse(send(service, "READY=1\n"), "it has closed its end");
            Files.delete(path);
            try (LocalDatagramSocket another = LocalDatagramSocket.at(path.toString())) {
                assertTrue(send(service, "READY=1\n"));
                assertEquals("READY=1\n", another.receive());
            }
        }
    }

    @Test
    void aFullQueueRefusesAndDoesNotWait() {
        final String address = folder.resolve("full").toString();
        try (LocalDatagramSocket manager = LocalDatagramSocket.at(address);
                LocalDatagramSocket service = LocalDatagramSocket.to(address)) {
            int sent = 0;
            while (send(service, "STATUS=" + sent)) {
                sent++;
            }
            assertEquals("STATUS=0", manager.receive());
            assertTrue(send(service, "STATUS=last"));
            int received = 1;
            String last = "";
            for (String next = manager.receive(); next != null; next = manager.receive()) {
                last = next;
                received++;
            }
            assertEquals("STATUS=last", last);
            assertEquals(sent + 1, received);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "@", "relative/socket", "vsock:2:1234", "/nul\0byte"})
    void whatIsNoAddressOpensNothing(final String address) {
        assertNull(LocalDatagramSocket.to(address));
    }

    @Test
    void thePathMayBeAsLongAsTheKernelTakes() {
        final String longest = "/" + "x".repeat(106);
        try (LocalDatagramSocket socket = LocalDatagramSocket.to(longest)) {
            assertNotNull(socket);
        }
        assertNull(LocalDatagramSocket.to(longest + "x"));
    }

    private static boolean send(final LocalDatagramSocket socket, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return socket.send(bytes, bytes.length);
    }
}
