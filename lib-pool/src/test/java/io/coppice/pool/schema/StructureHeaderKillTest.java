package io.coppice.pool.schema;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.coppice.pool.KillEverywhere;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kills the writing of a header at every store, under the rule of an arena: what was left in INIT
 * is cleared, and written anew. A reader finds a whole header or none at every point.
 */
@Tag("cuts")
class StructureHeaderKillTest {
    private static final long INIT = 1;
    private static final long STATIC = 2;
    private static final int PHASE = 0;
    private static final int OFFSET = 64;

    private final StructureHeader header =
            StructureHeader.of(
                    RecordSchema.builder("k").longField("id").build(),
                    RecordSchema.builder("r").longField("a").text("b", 8).build(),
                    8,
                    1);

    @Test
    void survivesADeathAtEveryStoreOfAHeader() {
        try (TestArena arena = new TestArena(256)) {
            layOut(arena.memory());
            final byte[] whole = arena.image();
            arena.setImage(0, new byte[256]);
            final long points =
                    new KillEverywhere(
                                    "structure header",
                                    arena,
                                    this::layOut,
                                    this::recover,
                                    (memory, where) -> {
                                        assertArrayEquals(whole, arena.image(), where);
                                        assertEquals(List.of(), check(memory), where);
                                    })
                            .run();
            assertFalse(points < 100, points + " points");
        }
    }

    private void layOut(final Memory memory) {
        memory.putLongRelease(PHASE, INIT);
        header.write(memory, OFFSET);
        memory.putLongRelease(PHASE, STATIC);
    }

    private void recover(final Memory memory) {
        // A death leaves a whole header or one that nobody takes for one.
        if (StructureHeader.isPresent(memory, OFFSET, header.bytes())) {
            assertEquals(List.of(), check(memory));
        }
        if (memory.getLong(PHASE) != STATIC) {
            memory.putLongRelease(PHASE, INIT);
            // Upwards, the magic first, as the reset of an arena does.
            for (long at = OFFSET; at < OFFSET + header.bodyOffset(); at += 8) {
                memory.putLong(at, 0);
            }
            layOut(memory);
        }
    }

    private List<String> check(final Memory memory) {
        return StructureHeaderInvariants.check(memory, OFFSET, header.bytes());
    }
}
