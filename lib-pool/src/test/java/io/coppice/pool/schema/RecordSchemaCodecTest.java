package io.coppice.pool.schema;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordSchemaCodecTest {
    private static final long SEED = 20261121;
    private static final int ROUNDS = 20_000;

    @Test
    void readsEverySchemaItWrote() {
        final Random random = new Random(SEED);
        for (int round = 0; round < 1000; round++) {
            final RecordSchema schema = Schemas.random(random);
            final RecordSchema again = RecordSchema.decode(schema.encode());
            final String where = "seed " + SEED + ", round " + round;
            assertEquals(schema.name(), again.name(), where);
            assertEquals(schema.bytes(), again.bytes(), where);
            assertEquals(schema.fields(), again.fields(), where);
            assertEquals(schema.fingerprint(), again.fingerprint(), where);
            assertArrayEquals(schema.encode(), again.encode(), where);
        }
    }

    @Test
    void readsTheLargestSchema() {
        final RecordSchemaBuilder builder = RecordSchema.builder("n".repeat(63));
        for (int i = 0; i < 256; i++) {
            builder.byteField("f".repeat(60) + (100 + i));
        }
        final RecordSchema schema = builder.build();
        assertEquals(RecordSchemaLayout.ENCODED_BYTES_MAX, schema.encodedBytes());
        assertEquals(schema.fields(), RecordSchema.decode(schema.encode()).fields());
    }

    @Test
    void saysWhatIsWrongWithBytesThatAreNoSchema() {
        assertEquals("schema: 0 bytes are none", refusal(new byte[0]));
        assertEquals("schema: 19272 bytes are none", refusal(new byte[19272]));
        assertEquals("schema: is of version 0, this program knows 1", refusal(new byte[100]));
        assertEquals("schema: claims 65535 fields", changed(2, 0xff, 0xff));
        assertEquals("schema: field 0 is of no known type: 9", changed(8, 9));
        assertEquals("schema: field 0 is of no known type: 0", changed(10, 1));
        assertEquals("schema: ends in the name of field 0", changed(9, 0xff));
        assertEquals("schema: field 0 is a long of 9 bytes", changed(16, 9));
        assertEquals(
                "schema: record \"account\": field \"balance\" (long at 3) is not aligned to 8",
                changed(12, 3));
        assertEquals(
                "schema: record \"account\": field \"balance\" (long at -1) begins before 0, where"
                        + " the field before it ends",
                changed(12, 0xff, 0xff, 0xff, 0xff));
        assertEquals(
                "schema: record \"account\": field \"owner\" (text of 33 bytes at 8) ends beyond the"
                        + " 40 bytes of the record",
                changed(35, 33));
        assertEquals(
                "schema: record \"account\": field \"owner\" (text of -1 bytes at 8) takes no room",
                changed(35, 0xff, 0xff, 0xff, 0xff));
        assertEquals(
                "schema: record \"account\": 41 bytes are no multiple of 8 up to 16777216",
                changed(4, 41));
        final byte[] encoded = Schemas.account().encode();
        assertEquals("schema: has 52 bytes, not 51", refusal(Arrays.copyOf(encoded, 52)));
        assertEquals("schema: ends in field 1", refusal(Arrays.copyOf(encoded, 30)));
    }

    @Test
    void refusesAnythingElseWithoutAnyOtherError() {
        final Random random = new Random(SEED);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            final byte[] bytes = Schemas.random(random).encode();
            final int flips = 1 + random.nextInt(3);
            for (int i = 0; i < flips; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            final byte[] cut =
                    random.nextInt(4) == 0
                            ? Arrays.copyOf(bytes, random.nextInt(bytes.length))
                            : bytes;
            try {
                // What is not refused is another schema, written in the one way it can be.
                assertArrayEquals(cut, RecordSchema.decode(cut).encode());
            } catch (final ArenaException expected) {
                refused++;
            } catch (final RuntimeException | Error wrong) {
                throw new AssertionError("seed " + SEED + ", round " + round, wrong);
            }
        }
        assertTrue(refused > ROUNDS / 3, refused + " refused");
    }

    private static String changed(final int at, final int... values) {
        final byte[] bytes = Schemas.account().encode();
        for (int i = 0; i < values.length; i++) {
            bytes[at + i] = (byte) values[i];
        }
        return refusal(bytes);
    }

    private static String refusal(final byte[] bytes) {
        return assertThrows(ArenaException.class, () -> RecordSchema.decode(bytes)).getMessage();
    }
}
