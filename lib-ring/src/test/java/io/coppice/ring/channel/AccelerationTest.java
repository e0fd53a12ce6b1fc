package io.coppice.ring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccelerationTest {
    @ParameterizedTest
    @CsvSource({
        "/run/a.sock, /run/a.sock, true",
        "/run/a.sock, /run/a.sock2, false",
        "/run/a.sock, /run/../run/./a.sock, true",
        "/run/./x/../a.sock, /run/a.sock, true",
        "/run/a*, /run/a.sock, true",
        "/run/a*, /run/b.sock, false",
        "/run/a*, /run/sub/a.sock, false",
        "/run/*, /run/sub/a.sock, true",
        "/run/*, /runner, false",
        "*, /anything, true",
        "::/a::/b:, /b, true",
        "::/a::/b:, /c, false",
        "/a:/b*:/c, /bb, true",
        "a.sock, a.sock, true",
        "'', /a, false",
    })
    void coversWhatTheListSays(final String list, final String path, final boolean covered) {
        assertEquals(covered, Acceleration.parse(list).covers(Path.of(path)));
    }

    @Test
    void relativePathsAreTakenFromTheWorkingDirectory() {
        assertTrue(Acceleration.parse("a.sock").covers(Path.of("a.sock").toAbsolutePath()));
        assertTrue(Acceleration.all().covers(Path.of("x")));
        assertFalse(Acceleration.none().covers(Path.of("x")));
    }

    @Test
    void theSystemPropertyStandsForTheVariable() {
        assertFalse(Acceleration.fromEnvironment().covers(Path.of("/run/a.sock")));
        System.setProperty(Acceleration.PROPERTY, "/run/a.sock");
        try {
            assertTrue(Acceleration.fromEnvironment().covers(Path.of("/run/a.sock")));
        } finally {
            System.clearProperty(Acceleration.PROPERTY);
        }
    }

    @Test
    void aStarMayOnlyBeTheLastCharacter() {
        final IllegalArgumentException wrong =
                assertThrows(IllegalArgumentException.class, () -> Acceleration.parse("/a:/b*c"));
        assertEquals(
                "COPPICE_ACCELERATE: \"/b*c\": * may only be the last character",
                wrong.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"63, 0, 1", "96, 0, 1", "0, 0, 1", "64, -1, 1", "64, 0, 0"})
    void settingsOutOfRangeAreRefused(final int capacity, final long spin, final long handshake) {
        final ChannelSettings settings = ChannelSettings.defaults();
        assertThrows(
                IllegalArgumentException.class,
                () -> settings.withCapacity(capacity).withSpin(spin).withHandshake(handshake));
    }
}
