package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arenas that are damaged under the daemons that run on them, one alone and one with a standby. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class HostileArenaIT {
    @RegisterExtension static final TestArea AREA = TestArea.forTheClass();

    private static HostileTree hostile;

    @BeforeAll
    static void start() {
        hostile = new HostileTree(new TestTree(AREA, HostileTree.manifest("arenas")).up());
    }

    @BeforeEach
    void begin() {
        hostile.dropWhatWasSetAside();
        hostile.awaitRecovery(HostileTree.VICTIM, 0);
        hostile.awaitRecovery(HostileTree.PAIR, 0);
        hostile.begin();
    }

    @AfterEach
    void nobodyElseIsTouched() {
        hostile.assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(strings = {HostileTree.VICTIM, HostileTree.PAIR})
    void cutOffToNothing(final String daemon) throws IOException {
        truncate(daemon, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {HostileTree.VICTIM, HostileTree.PAIR})
    void cutOffInTheMiddle(final String daemon) throws IOException {
        truncate(daemon, 5000);
    }

    @ParameterizedTest
    @ValueSource(strings = {HostileTree.VICTIM, HostileTree.PAIR})
    void unlinked(final String daemon) throws IOException {
        final long epoch = hostile.tree().epoch(daemon);
        Files.delete(arena(daemon));
        HostileTree.killAll(hostile.processes(daemon));
        hostile.awaitRecovery(daemon, epoch);
        assertTrue(Files.isRegularFile(arena(daemon)), "there is a fresh one");
    }

    @ParameterizedTest
    @ValueSource(strings = {HostileTree.VICTIM, HostileTree.PAIR})
    void filledWithRandomBytes(final String daemon) throws IOException {
        final long seed = System.nanoTime();
        System.out.println("HostileArenaIT: " + daemon + ", seed " + seed);
        final byte[] noise = new byte[(int) Files.size(arena(daemon))];
        new Random(seed).nextBytes(noise);
        final long epoch = hostile.tree().epoch(daemon);
        try (RandomAccessFile file = new RandomAccessFile(arena(daemon).toFile(), "rw")) {
            file.write(noise);
        }
        // Whether or not its processes have noticed.
        HostileTree.killAll(hostile.processes(daemon));
        hostile.awaitRecovery(daemon, epoch);
    }

    private static void truncate(final String daemon, final long bytes) throws IOException {
        final long epoch = hostile.tree().epoch(daemon);
        try (RandomAccessFile file = new RandomAccessFile(arena(daemon).toFile(), "rw")) {
            file.setLength(bytes);
        }
        hostile.awaitRecovery(daemon, epoch);
    }

    private static Path arena(final String daemon) {
        return hostile.tree().folder().resolve(daemon + ".arena");
    }
}
