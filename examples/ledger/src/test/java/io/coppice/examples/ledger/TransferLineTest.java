package io.coppice.examples.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransferLineTest {
    private final TransferLine line = new TransferLine();

    @Test
    void readsFourNumbers() {
        assertTrue(read("7,12,900,100"));
        assertEquals(7, line.id());
        assertEquals(12, line.from());
        assertEquals(900, line.to());
        assertEquals(100, line.cents());
        assertTrue(read("9223372036854775807,9223372036854775807,1,1000000000000"));
        assertEquals(Long.MAX_VALUE, line.id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                ",,,",
                "1,2,3",
                "1,2,3,",
                "1,2,3,4,",
                "1,2,3,4,5",
                "0,2,3,4",
                "1,0,3,4",
                "1,2,0,4",
                "1,2,3,0",
                "1,2,2,4",
                "1,2,3,-4",
                "1,2,3,4 ",
                " 1,2,3,4",
                "1,2,3,1000000000001",
                "9223372036854775808,2,3,4",
                "1,2,3,99999999999999999999999",
                "id,from,to,cents",
                "1,2,3,\u0664"
            })
    void refusesWhatIsNoTransfer(final String text) {
        assertFalse(read(text), text);
    }

    @Test
    void readsNothingBeyondItsEnd() {
        final byte[] bytes = "1,2,3,45,6".getBytes(StandardCharsets.UTF_8);
        assertTrue(line.read(new UnsafeBuffer(bytes), 0, 7));
        assertEquals(4, line.cents());
        assertFalse(line.read(new UnsafeBuffer(bytes), 0, 6));
    }

    private boolean read(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return line.read(new UnsafeBuffer(bytes), 0, bytes.length);
    }
}
