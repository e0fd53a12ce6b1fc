package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class TextScratchTest {
    @Test
    void encodesEveryCodePointAsTheJdkDoes() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            assertEncodedAsTheJdkDoes(Character.toString(point));
        }
    }

    @Test
    void encodesRandomCharactersAsTheJdkDoes() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int round = 0; round < 10_000; round++) {
            final StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                // Half of them from the surrogates, paired and alone.
                text.append(
                        (char)
                                (random.nextBoolean()
                                        ? random.nextInt(0x10000)
                                        : 0xd800 + random.nextInt(0x800)));
            }
            assertEncodedAsTheJdkDoes(text.toString());
        }
    }

    @Test
    void growsToWhatItsUserCanStoreAndNoFurther() {
        final TextScratch scratch = new TextScratch(100);

        assertEquals(64, scratch.buffer().capacity());
        assertEquals(100, scratch.atLeast(65).capacity());
        assertSame(scratch.buffer(), scratch.atLeast(100));
    }

    private static void assertEncodedAsTheJdkDoes(final String text) {
        final byte[] expected = text.getBytes(StandardCharsets.UTF_8);
        final byte[] actual = new byte[(int) TextScratch.utf8Bytes(text)];
        TextScratch.encodeUtf8(text, new UnsafeBuffer(actual), 0);
        assertArrayEquals(expected, actual, text);
    }
}
