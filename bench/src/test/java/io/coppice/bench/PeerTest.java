package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.bench.ServiceLines.Began;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class PeerTest {
    @Test
    void readsWhatAServiceSaysOfItself() {
        assertEquals(new Began(12, 3_456), Began.parse("12 3456", 99));
        assertEquals(new Began(12, 99), Began.parse("12", 99));
    }

    @Test
    void takesTheNewestOfSeveralIncarnations() throws Exception {
        try (Scratch scratch = Scratch.create(Path.of("unused"))) {
            final Path fifo = scratch.file("fifo");
            final ServiceLines lines = ServiceLines.open(scratch, fifo);
            assertNull(lines.next(0));
            Files.writeString(fifo, "1 10\n2 20\n");
            Began last = lines.next(30);
            while (last != null && last.pid() != 2) {
                last = lines.next(30);
            }
            assertEquals(new Began(2, 20), last);
        }
    }

    @Test
    void measuresAServiceThatIsStartedAgain() throws Exception {
        final long pid;
        try (Scratch scratch = Scratch.create(Path.of("unused"))) {
            final PeerService service = PeerService.in(scratch);
            final Peer peer = Peer.start(scratch, service, Peer.Kind.LOOP);
            final long first = peer.servicePid();
            assertTrue(peer.killToBegunNs() > 0);
            assertNotEquals(first, peer.servicePid());
            assertTrue(peer.killToBegunNs() > 0);
            pid = peer.servicePid();
            assertTrue(ProcessHandle.of(pid).isPresent());
        }
        ProcessHandle.of(pid).ifPresent(service -> service.onExit().join());
    }

    @Test
    void findsProgramsOnly() throws Exception {
        assertTrue(Files.isExecutable(OnPath.find("sh")));
        assertNull(OnPath.find("no-such-program-anywhere"));
    }
}
