package io.coppice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PortableOperatingSystemTest extends OperatingSystemContract {
    private final OperatingSystem os = new PortableOperatingSystem();

    @Override
    OperatingSystem os() {
        return os;
    }

    @Test
    void marksNoWordWhenAThreadEnds() {
        assertEquals(0, os.markOnThreadEnd(8));
    }

    @Test
    void saysThatItIsTheFallback() {
        assertEquals("portable", os.name());
    }
}
