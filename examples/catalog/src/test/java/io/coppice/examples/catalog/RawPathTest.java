package io.coppice.examples.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RawPathTest {
    @Test
    void keepsEveryByteThatANameCanHold() {
        final byte[] name = new byte[254];
        int length = 0;
        for (int value = 1; value < 256; value++) {
            if (value != '/') {
                name[length++] = (byte) value;
            }
        }
        final byte[] absolute = RawPath.join("/folder".getBytes(StandardCharsets.UTF_8), name);
        final Path path = RawPath.toPath(absolute);

        assertArrayEquals(absolute, RawPath.absoluteBytes(path));
        assertArrayEquals(name, RawPath.nameBytes(path));
    }

    @Test
    void theRootFolderHasNoBytes() {
        assertArrayEquals(new byte[0], RawPath.absoluteBytes(Path.of("/")));
        assertEquals(Path.of("/"), RawPath.toPath(new byte[0]));
        assertEquals(Path.of("/x"), RawPath.toPath(RawPath.join(new byte[0], new byte[] {'x'})));
    }

    @Test
    void aFolderHasNoSlashAtItsEnd() {
        final byte[] bytes = RawPath.absoluteBytes(Path.of(System.getProperty("java.io.tmpdir")));

        assertEquals(
                System.getProperty("java.io.tmpdir"), new String(bytes, StandardCharsets.UTF_8));
    }

    @Test
    void textIsUtf8AndRelativeToTheCurrentFolder() {
        final byte[] here = RawPath.absoluteBytes(Path.of(""));

        assertArrayEquals(
                RawPath.join(here, new byte[] {(byte) 0xc3, (byte) 0xa4}),
                RawPath.absoluteBytes(RawPath.ofText("\u00e4")));
        assertArrayEquals(
                new byte[] {'/', (byte) 0xc3, (byte) 0xa4},
                RawPath.absoluteBytes(RawPath.ofText("/\u00e4")));
    }

    @Test
    void refusesAZeroByte() {
        assertThrows(IllegalArgumentException.class, () -> RawPath.ofText("a\0b"));
    }
}
