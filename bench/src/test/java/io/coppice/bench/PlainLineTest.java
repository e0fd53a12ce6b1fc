package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coppice.examples.catalog.extract.Extraction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class PlainLineTest {
    @Test
    void isALineOfTheCatalogue() {
        final Extraction found = new Extraction("text/plain", 3, 2, "a \"b\"\n", null, "en", "00");
        assertEquals(
                "{\"path\":\"a/b\",\"outcome\":\"ok\",\"mediaType\":\"text/plain\",\"bytes\":3,"
                        + "\"textLength\":2,\"title\":\"a \\\"b\\\"\\u000a\",\"author\":null,"
                        + "\"language\":\"en\",\"sha256\":\"00\",\"attempts\":1,\"detail\":null}\n",
                new String(PlainLine.ok("a/b", found), StandardCharsets.UTF_8));
    }

    @Test
    void saysWhyAFileCouldNotBeRead() throws IOException {
        final JsonNode line = new ObjectMapper().readTree(PlainLine.failed("a", "no \\ way"));
        assertEquals("failed", line.get("outcome").asText());
        assertEquals("no \\ way", line.get("detail").asText());
        assertEquals(11, line.size());
    }
}
