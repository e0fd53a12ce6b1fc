package io.coppice.examples.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTextTest {
    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "61 2f 62, a/b",
        "c3 a4, \u00e4",
        "ff, %FF",
        "61 ff fe 62, a%FF%FEb",
        "c3, %C3",
        "c3 28, %C3(",
        "e2 82, %E2%82",
        "e2 82 41, %E2%82A",
        "c0 af, %C0%AF",
        "ed a0 80, %ED%A0%80",
        "f0 9f 8c b3, \ud83c\udf33",
        "f4 90 80 80, %F4%90%80%80",
        "25 46 46, %FF",
        "e4 2e 74 78 74, %E4.txt"
    })
    void isUtf8WithEveryOtherByteEscaped(final String bytes, final String text) {
        final String[] parts = bytes.split(" ", -1);
        final byte[] path = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            path[i] = (byte) Integer.parseInt(parts[i], 16);
        }

        assertEquals(text, PathText.of(path));
    }

    @ParameterizedTest
    @CsvSource({"plain", "B\u00e4ume", "\ud83c\udf33\ud83c\udf33"})
    void leavesTextAlone(final String text) {
        assertEquals(text, PathText.of(text.getBytes(StandardCharsets.UTF_8)));
    }
}
