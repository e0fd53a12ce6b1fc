package io.coppice.root.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes as people write them. */
final class SizesTest {
    private static final String UNITS = " (units: B, KiB, MiB, GiB, TiB)";

    @ParameterizedTest
    @CsvSource({
        "0 B, 0",
        "512 B, 512",
        "4 KiB, 4096",
        "64MiB, 67108864",
        "1 GiB, 1073741824",
        "16 TiB, 17592186044416",
        "9223372036854775807 B, 9223372036854775807"
    })
    void readsSizes(final String text, final long bytes) {
        assertEquals(bytes, Sizes.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1, 1 B", "1024, 1 KiB", "1536, 1536 B", "67108864, 64 MiB"})
    void writesSizesExactly(final long bytes, final String text) {
        assertEquals(text, Sizes.format(bytes));
        assertEquals(bytes, Sizes.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1536, 1.5 KiB",
        "67108864, 64 MiB",
        "21181235, 20.2 MiB"
    })
    void roundsSizesForPeople(final long bytes, final String text) {
        assertEquals(text, Sizes.rounded(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "64 kB, 64 KiB",
        "64 KB, 64 KiB",
        "64 MB, 64 MiB",
        "2GB, 2 GiB",
        "1 TB, 1 TiB",
        "64m, 64 MiB",
        "64 mib, 64 MiB",
        "1.5 GiB, 1536 MiB",
        "064 MiB, 64 MiB",
        "64  MiB, 64 MiB",
        "7 bytes, 7 B"
    })
    void suggestsTheSpellingThatWasMeant(final String text, final String meant) {
        assertEquals(
                '"' + text + "\" is not a size; write it as \"" + meant + '"' + UNITS,
                refusal(text));
    }

    @Test
    void refusesNumberWithoutUnit() {
        assertEquals("\"64\" has no unit; add one, for example \"64 MiB\"" + UNITS, refusal("64"));
    }

    @Test
    void refusesUnknownUnit() {
        assertEquals(
                "\"64 pages\" is not a size; \"pages\" is no unit of it" + UNITS,
                refusal("64 pages"));
    }

    @Test
    void refusesWhatDoesNotFitSixtyThreeBits() {
        assertEquals(
                "\"8388608 TiB\" is too large; write at most \"8388607 TiB\"",
                refusal("8388608 TiB"));
        assertEquals(
                "\"9999999999999999999 B\" is too large; write at most \"8388607 TiB\"",
                refusal("9999999999999999999 B"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "MiB",
                "-1 MiB",
                "+1 MiB",
                "1e3 MiB",
                "1,5 MiB",
                "0x10 B",
                "64 MiB\n"
            })
    void refusesWhatIsNoNumberAndUnit(final String text) {
        assertEquals(
                Quoted.text(text)
                        + " is not a size; write a whole number and a unit, for example \"64 MiB\""
                        + UNITS,
                refusal(text));
    }

    @Test
    void refusesNegativeSizesToFormat() {
        assertThrows(IllegalArgumentException.class, () -> Sizes.format(-1));
    }

    private static String refusal(final String text) {
        return assertThrows(QuantityException.class, () -> Sizes.parse(text)).getMessage();
    }
}
