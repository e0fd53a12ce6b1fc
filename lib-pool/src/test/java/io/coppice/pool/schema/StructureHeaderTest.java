package io.coppice.pool.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaException;
import io.coppice.pool.TestArena;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StructureHeaderTest {
    private static final long SEED = 3;
    private static final int ROUNDS = 20_000;
    private static final int OFFSET = 128;
    private static final RecordSchema KEY = RecordSchema.builder("key").longField("id").build();

    private final TestArena arena = new TestArena(4096);
    private final StructureHeader header = StructureHeader.of(KEY, Schemas.account(), 1000, 25);

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void readsWhatItWrote() {
        assertFalse(StructureHeader.isPresent(arena.memory(), OFFSET, header.bytes()));
        header.write(arena.memory(), OFFSET);
        assertTrue(StructureHeader.isPresent(arena.memory(), OFFSET, header.bytes()));
        final StructureHeader there = read();
        assertEquals(KEY.fields(), there.keySchema().fields());
        assertEquals(Schemas.account().fields(), there.recordSchema().fields());
        assertEquals(1000, there.bodyBytes());
        assertEquals(25, there.capacity());
        assertEquals(192, there.bodyOffset());
        assertEquals(192, StructureHeader.bytes(KEY, Schemas.account()));
        assertEquals(1192, there.bytes());
        assertNull(header.difference(there));
        assertNull(header.fieldDifference(there));
        assertEquals(List.of(), check());
    }

    @Test
    void worksWithoutSchemas() {
        final StructureHeader bare = StructureHeader.of(null, null, 1, 0);
        assertEquals(64, bare.bodyOffset());
        bare.write(arena.memory(), OFFSET);
        final StructureHeader there =
                StructureHeader.read("bare", arena.memory(), OFFSET, bare.bytes());
        assertNull(there.keySchema());
        assertNull(there.recordSchema());
        assertNull(bare.difference(there));
        assertEquals(
                "key schema is new, record schema is new, capacity grew from 0 to 25",
                header.difference(there));
        assertNull(header.fieldDifference(there));
        assertEquals(
                "key schema is gone, record schema is gone, capacity shrank from 25 to 0",
                bare.difference(header));
    }

    @Test
    void storesNothingOutsideItself() {
        header.write(arena.memory(), OFFSET);
        final byte[] image = arena.image();
        for (int i = 0; i < image.length; i++) {
            if (i < OFFSET || i >= OFFSET + header.bodyOffset()) {
                assertEquals(0, image[i], "byte " + i);
            }
        }
    }

    @Test
    void saysWhatABuildChanges() {
        final RecordSchema limited =
                RecordSchema.builder("account")
                        .longField("balance")
                        .text("owner", 32)
                        .longField("limit")
                        .build();
        final StructureHeader changed = StructureHeader.of(KEY, limited, 1200, 30);
        assertEquals(
                "record grew from 40 to 48 bytes, capacity grew from 25 to 30",
                changed.difference(header));
        assertEquals("field \"limit\" (long at 40) is new", changed.fieldDifference(header));
        assertEquals(
                "size in bytes grew from 1000 to 1001",
                StructureHeader.of(KEY, Schemas.account(), 1001, 25).difference(header));
        assertEquals(
                "key of 8 bytes changed",
                StructureHeader.of(
                                RecordSchema.builder("key").intField("id").build(),
                                Schemas.account(),
                                1000,
                                25)
                        .difference(header));
    }

    @Test
    void refusesNumbersOutOfRange() {
        refuses("a body of 0 bytes for 1 records", () -> StructureHeader.of(null, null, 0, 1));
        refuses("a body of 1 bytes for -1 records", () -> StructureHeader.of(null, null, 1, -1));
        refuses(
                "a body of 9223372036854775807 bytes for 1 records",
                () -> StructureHeader.of(null, null, Long.MAX_VALUE, 1));
        refuses("a structure of 1192 bytes at offset 8", () -> header.write(arena.memory(), 8));
        refuses(
                "a structure of 1192 bytes at offset 3072",
                () -> header.write(arena.memory(), 3072));
    }

    @Test
    void invariantsNameWhatIsWrong() {
        final String who = "structure: header at offset 128: ";
        assertEquals(List.of(who + "there is none"), check());
        header.write(arena.memory(), OFFSET);
        wrong(0, 0, false, who + "there is none");
        wrong(
                0,
                StructureHeaderLayout.magicAndVersion(2),
                false,
                who + "is of format 2, this program knows 1");
        wrong(48, 1, false, who + "is damaged, its checksum is wrong");
        wrong(48, -1, true, who + "a capacity of -1");
        wrong(40, 1, true, who + "the fingerprint is not that of its schemas");
        wrong(8, 64, true, who + "the body is said to be at 64, not 192");
        wrong(
                16,
                1001,
                true,
                who + "a body of 1001 bytes at 192 is not the rest of the structure's 1192");
        wrong(24, 64L | -1L << 32, true, who + "a key schema of -1 bytes");
        wrong(24, 64L | 20_000L << 32, true, who + "a key schema of 20000 bytes");
        wrong(24, 72L | 25L << 32, true, who + "the key schema is said to be at 72, not 64");
        wrong(64, 0, true, who + "key schema: is of version 0, this program knows 1");
        assertEquals(List.of(), check());
        assertEquals(
                List.of("structure: header at offset 8: is not aligned to 64"),
                StructureHeaderInvariants.check(arena.memory(), 8, 100));
        assertEquals(
                List.of(
                        "structure: header at offset 64: 5000 bytes are not within the arena's 4096"),
                StructureHeaderInvariants.check(arena.memory(), 64, 5000));
        assertEquals(
                List.of(
                        "structure: header at offset -64: 64 bytes are not within the arena's 4096"),
                StructureHeaderInvariants.check(arena.memory(), -64, 64));
    }

    /** With the checksum put right again, so that what lies behind it is met as well. */
    @Test
    void reportsWhateverTheBytesAre() {
        final Random random = new Random(SEED);
        int wrong = 0;
        for (int round = 0; round < ROUNDS; round++) {
            arena.setImage(0, new byte[4096]);
            header.write(arena.memory(), OFFSET);
            final int flips = 1 + random.nextInt(4);
            for (int i = 0; i < flips; i++) {
                final int at = OFFSET + random.nextInt((int) header.bodyOffset());
                arena.setImage(at, new byte[] {(byte) random.nextInt()});
            }
            if (random.nextInt(4) != 0) {
                reseal();
            }
            final long bytes = random.nextInt(8) == 0 ? random.nextInt(2000) : header.bytes();
            try {
                wrong += StructureHeaderInvariants.check(arena.memory(), OFFSET, bytes).size();
            } catch (final RuntimeException | Error thrown) {
                throw new AssertionError("seed " + SEED + ", round " + round, thrown);
            }
        }
        assertTrue(wrong > ROUNDS / 2, wrong + " wrong");
    }

    private void wrong(
            final int word, final long value, final boolean sealed, final String expected) {
        final byte[] before = arena.image();
        arena.setWord(OFFSET + word, value);
        if (sealed) {
            reseal();
        }
        assertEquals(List.of(expected), check());
        assertEquals(
                expected.replace("structure:", "accounts:"),
                assertThrows(ArenaException.class, this::read).getMessage());
        arena.setImage(0, before);
    }

    private void reseal() {
        arena.setWord(
                OFFSET + StructureHeaderLayout.CHECKSUM,
                StructureHeaderReader.checksum(arena.memory(), OFFSET));
    }

    private List<String> check() {
        return StructureHeaderInvariants.check(arena.memory(), OFFSET, header.bytes());
    }

    private StructureHeader read() {
        return StructureHeader.read("accounts", arena.memory(), OFFSET, header.bytes());
    }

    private static void refuses(final String expected, final Runnable action) {
        assertEquals(
                expected, assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
