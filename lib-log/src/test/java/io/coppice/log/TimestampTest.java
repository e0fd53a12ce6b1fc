package io.coppice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimestampTest {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final long YEAR_2500_MS = Instant.parse("2500-01-01T00:00:00Z").toEpochMilli();

    @Test
    void agreesWithTheFormatterOfTheJdk() {
        final Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            final long epochMs = i == 0 ? 0 : random.nextLong(-YEAR_2500_MS, YEAR_2500_MS);
            final StringBuilder text = new StringBuilder();
            Timestamp.append(text, epochMs);
            assertEquals(FORMAT.format(Instant.ofEpochMilli(epochMs)), text.toString());
        }
    }
}
