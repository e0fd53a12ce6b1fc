package io.coppice.pool.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentPathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "customer.address.city",
                "lines[3].amount",
                "[0][1][]",
                "\"a.b\"[0].\"\".\"quo\\\"te\".\"back\\\\slash\"",
                "with space.Århus"
            })
    void isPrintedAsItIsRead(final String path) {
        assertEquals(path, DocumentPath.of(path).toString());
    }

    @Test
    void isBuiltStepByStep() {
        final DocumentPath path = DocumentPath.ROOT.key("a.b").index(2).key("c").append();
        assertEquals("\"a.b\"[2].c[]", path.toString());
        assertEquals(4, path.steps());
        assertThrows(IllegalArgumentException.class, () -> path.index(-1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a. | character 2: a key is missing",
                ".a | character 0: a key is missing",
                "a..b | character 2: a key is missing",
                "a[1 | character 1: a bracket that is not closed",
                "a[x] | character 2: an index below",
                "a[99999999999] | an index below",
                "a[0]b | character 4: a dot or a bracket comes here",
                "\"a | character 0: a quote that is not closed",
                "a]b | character 1: a dot or a bracket comes here"
            })
    void saysWhereItIsWrong(final String path, final String message) {
        final Exception wrong =
                assertThrows(IllegalArgumentException.class, () -> DocumentPath.of(path));
        assertTrue(wrong.getMessage().contains(message), wrong.getMessage());
    }

    @Test
    void depthAndKeysAreBounded() {
        final String deepest = "[0]".repeat(DocumentLayout.DEPTH_MAX);
        assertEquals(DocumentLayout.DEPTH_MAX, DocumentPath.of(deepest).steps());
        assertThrows(IllegalArgumentException.class, () -> DocumentPath.of(deepest + "[0]"));
        final String longest = "x".repeat(DocumentLayout.KEY_BYTES_MAX);
        assertEquals(longest, DocumentPath.of(longest).toString());
        assertThrows(IllegalArgumentException.class, () -> DocumentPath.of(longest + "x"));
        assertThrows(IllegalArgumentException.class, () -> DocumentPath.of("\ud800"));
    }
}
