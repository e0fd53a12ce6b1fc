package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cuts")
class CutsTest {
    private final TestArena arena = new TestArena(256);
    private final Memory memory = arena.memory();
    private final TestArena source = new TestArena(8);

    @AfterEach
    void thawAndFree() {
        Cuts.disarm();
        arena.close();
        source.close();
    }

    @Test
    void storesBeforeTheCutHappenAndNoneAfterIt() {
        Cuts.arm(2);
        memory.putLong(0, 1);
        memory.putLong(8, 1);

        assertThrows(Cuts.Cut.class, () -> memory.putLong(16, 1));
        memory.putLong(24, 1);

        assertEquals(1, arena.word(0));
        assertEquals(1, arena.word(8));
        assertEquals(0, arena.word(16));
        assertEquals(0, arena.word(24), "what a finally block stores comes too late");
    }

    @Test
    void thawedMemoryCanBeStoredToAgain() {
        Cuts.arm(0);
        assertThrows(Cuts.Cut.class, () -> memory.putInt(0, 1));
        Cuts.disarm();
        memory.putInt(0, 2);

        assertEquals(2, memory.getInt(0));
    }

    @Test
    void everyKindOfStoreIsCountedAndCut() {
        source.setWord(0, ~0L);
        final Runnable[] stores = {
            () -> memory.putLong(0, ~0),
            () -> memory.putLongRelease(0, ~0),
            () -> memory.putLongVolatile(0, ~0),
            () -> memory.compareAndSetLong(0, 0, ~0),
            () -> memory.getAndAddLong(0, 1),
            () -> memory.putInt(0, ~0),
            () -> memory.putIntVolatile(0, ~0),
            () -> memory.addInt(0, 1),
            () -> memory.putShort(0, (short) ~0),
            () -> memory.putByte(0, (byte) ~0),
            () -> memory.putBytes(0, new byte[] {1, 2, 3}, 0, 3),
            () -> memory.putBytes(0, new UnsafeBuffer(new byte[] {1, 2, 3}), 0, 3),
            () -> memory.putBytes(0, source.memory(), 0, 8),
            () -> memory.fill(0, 1, (byte) 1),
        };
        for (final Runnable store : stores) {
            Cuts.count();
            store.run();
            assertEquals(1, Cuts.disarm());
            arena.setImage(0, new byte[256]);
            Cuts.arm(0);
            assertThrows(Cuts.Cut.class, store::run);
            Cuts.disarm();
            assertArrayEquals(new byte[256], arena.image());
        }
    }

    @Test
    void copyAndFillCanBeCutInTheirMiddle() {
        final byte[] bytes = new byte[20];
        Arrays.fill(bytes, (byte) 1);
        Cuts.arm(1);
        assertThrows(Cuts.Cut.class, () -> memory.putBytes(0, bytes, 0, 20));
        Cuts.disarm();
        assertEquals(0x0101_0101_0101_0101L, arena.word(0));
        assertEquals(0, arena.word(8));

        Cuts.count();
        memory.putBytes(0, bytes, 0, 20);
        assertEquals(3, Cuts.disarm());
        Cuts.arm(5);
        assertThrows(Cuts.Cut.class, () -> memory.fill(64, 8, (byte) 1));
        Cuts.disarm();
        assertEquals(0x01_0101_0101L, arena.word(64));
    }

    @Test
    void overlappingCopiesMoveAsIfThroughASecondBuffer() {
        for (int shift = -17; shift <= 17; shift++) {
            final byte[] expected = new byte[256];
            for (int i = 0; i < 256; i++) {
                expected[i] = (byte) (i * 7);
            }
            arena.setImage(0, expected);
            System.arraycopy(expected, 100, expected, 100 + shift, 45);

            memory.putBytes(100 + shift, memory, 100, 45);

            assertArrayEquals(expected, arena.image(), "shift " + shift);
        }
    }
}
