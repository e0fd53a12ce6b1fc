package io.coppice.examples.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coppice.examples.catalog.extract.Extraction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonLineTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void hasAllKeysInOrder() {
        final Extraction found =
                new Extraction("text/plain", 12, 11, "T", "A", "en", Documents.SHA256);

        assertEquals(
                "{\"path\":\"a/b\",\"outcome\":\"ok\",\"mediaType\":\"text/plain\",\"bytes\":12,"
                        + "\"textLength\":11,\"title\":\"T\",\"author\":\"A\",\"language\":\"en\","
                        + "\"sha256\":\""
                        + Documents.SHA256
                        + "\",\"attempts\":1,\"detail\":null}\n",
                line(Documents.ok("a/b", found)));
    }

    @Test
    void saysNullForWhatIsNotKnown() {
        assertEquals(
                "{\"path\":\"x\",\"outcome\":\"timed-out\",\"mediaType\":null,\"bytes\":null,"
                        + "\"textLength\":null,\"title\":null,\"author\":null,\"language\":null,"
                        + "\"sha256\":null,\"attempts\":2,"
                        + "\"detail\":\"no result within the deadline\"}\n",
                line(Documents.died("x", DocumentOutcome.TIMED_OUT, 137)));
    }

    @Test
    void isOneLineOfJsonForEveryCharacter() throws IOException {
        for (int first = 0; first <= Character.MAX_CODE_POINT; first += 64) {
            final StringBuilder text = new StringBuilder();
            for (int point = first; point < first + 64; point++) {
                if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                    text.appendCodePoint(point);
                }
            }
            final String whole = text.toString();
            final String line =
                    line(Documents.ok("p", new Extraction("a/b", 1, 1, whole, null, null, "")));

            assertEquals(line.length() - 1, line.indexOf('\n'));
            assertEquals(whole, JSON.readTree(line).get("title").asText());
        }
    }

    @Test
    void escapesControlCharactersByNumber() {
        final String line = line(Documents.failed("new\nline\t\u001f", "say \"no\" \\"));

        assertTrue(line.startsWith("{\"path\":\"new\\u000aline\\u0009\\u001f\","), line);
        assertTrue(line.endsWith("\"detail\":\"say \\\"no\\\" \\\\\"}\n"), line);
    }

    @Test
    void replacesHalvesOfSurrogatePairs() throws IOException {
        final DocumentResult result =
                new DocumentResult(
                        new byte[] {'p'},
                        DocumentOutcome.OK,
                        1,
                        0,
                        new Extraction("a/b", 1, 1, "\udc00a\ud800", "\ud800\udc00", null, ""),
                        "");
        final JsonNode line = JSON.readTree(JsonLine.of(result));

        assertEquals("\ufffda\ufffd", line.get("title").asText());
        assertEquals("\ud800\udc00", line.get("author").asText());
    }

    private static String line(final Documents.Message message) {
        return new String(JsonLine.of(Documents.result(message)), StandardCharsets.UTF_8);
    }
}
