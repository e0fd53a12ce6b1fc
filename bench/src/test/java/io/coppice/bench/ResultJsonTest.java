package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class ResultJsonTest {
    @Test
    void hasTheKeysThatReadersRelyOn() throws IOException {
        final JsonNode whole = json();
        assertEquals(List.of("machine", "rows", "distributions", "notRun", "aims"), keys(whole));
        assertEquals(
                List.of("cpuModel", "cores", "memoryBytes", "kernel", "jdk", "date"),
                keys(whole.get("machine")));
        for (final JsonNode row : whole.get("rows")) {
            assertEquals(
                    List.of(
                            "case", "subject", "unit", "p50", "p99", "max", "n", "ratio", "min",
                            "p90"),
                    keys(row));
        }
        assertEquals(SampleRows.ROWS.size(), whole.get("rows").size());
    }

    @Test
    void keepsNumbersAsNumbersAndLeavesCoppicesRatioOut() throws IOException {
        final JsonNode whole = json();
        final JsonNode own = whole.get("rows").get(0);
        final JsonNode other = whole.get("rows").get(1);
        assertEquals(123.4568, own.get("p50").asDouble());
        assertEquals(20, own.get("n").asInt());
        assertTrue(own.get("ratio").isNull());
        assertFalse(other.get("ratio").isTextual());
        assertEquals(2.9965, other.get("ratio").asDouble());
        assertEquals("A \"fast\" CPU", whole.get("machine").get("cpuModel").asText());
        assertTrue(whole.get("aims").get(0).get("met").asBoolean());
        assertFalse(whole.get("aims").get(1).get("met").asBoolean());
        assertEquals(2.5, whole.get("aims").get(1).get("limit").asDouble());
        assertEquals(3L << 30, whole.get("machine").get("memoryBytes").asLong());
    }

    @Test
    void tellsMorePercentilesAndWhoDidNotRun() throws IOException {
        final Histogram times = Distribution.newHistogram();
        for (int us = 1; us <= 1_000; us++) {
            Distribution.record(times, us * 1_000L);
        }
        final Distribution values = new Distribution(Unit.US);
        values.add(times);
        final JsonNode whole =
                new ObjectMapper()
                        .readTree(
                                ResultJson.of(
                                        SampleRows.MACHINE,
                                        SampleRows.ROWS,
                                        List.of(new Curve("trip", "coppice", values)),
                                        List.of(new LeftOut("trip", "other", "no \"such\" thing")),
                                        List.of()));
        final JsonNode curve = whole.get("distributions").get(0);
        assertEquals(
                List.of("case", "subject", "unit", "p50", "p90", "p99", "p99.9", "max", "n"),
                keys(curve));
        assertEquals(900, curve.get("p90").asDouble(), 1);
        assertEquals(1_000, curve.get("n").asInt());
        assertEquals("no \"such\" thing", whole.get("notRun").get(0).get("reason").asText());
    }

    @Test
    void looksAtThisMachine() {
        final Machine here = Machine.here();
        assertTrue(here.cores() > 0);
        assertTrue(here.date().matches("\\d{4}-\\d{2}-\\d{2}"), here::date);
        assertTrue(here.jdk().startsWith(System.getProperty("java.runtime.version")), here::jdk);
        assertFalse(here.line().contains("\n"));
    }

    private static JsonNode json() throws IOException {
        return new ObjectMapper()
                .readTree(
                        ResultJson.of(
                                SampleRows.MACHINE,
                                SampleRows.ROWS,
                                List.of(),
                                List.of(),
                                SampleRows.AIMS));
    }

    private static List<String> keys(final JsonNode object) {
        final List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }
}
