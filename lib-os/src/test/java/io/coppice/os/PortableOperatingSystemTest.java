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
    void saysThatItIsTheFallback() {
        assertEquals("portable", os.name());
    }
}
