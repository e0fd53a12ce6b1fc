package io.coppice.examples.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class MediaTypeTableTest {
    private final UnsafeBuffer state = new UnsafeBuffer(new byte[CatalogLayout.STATE_BYTES]);
    private final UnsafeBuffer types =
            new UnsafeBuffer(
                    new byte[CatalogLayout.MEDIA_TYPES_MAX * CatalogLayout.TYPE_ENTRY_BYTES]);
    private final MediaTypeTable table = new MediaTypeTable(state, types);

    @Test
    void countsEachTypeInItsEntry() {
        assertEquals(0, table.count("text/plain", 5));
        assertEquals(1, table.count("text/html", 7));
        assertEquals(0, table.count("text/plain", 6));

        assertEquals(2, table.size());
        assertEquals("text/plain", table.name(0));
        assertEquals(2, table.documents(0));
        assertEquals(11, table.bytes(0));
        assertEquals(1, table.documents(1));
    }

    @Test
    void countsWhatHasNoPlaceTogether() {
        for (int i = 0; i < CatalogLayout.MEDIA_TYPES_MAX; i++) {
            assertEquals(i, table.count("type/" + i, 1));
        }

        assertEquals(MediaTypeTable.OTHER, table.count("one/more", 3));
        assertEquals(MediaTypeTable.OTHER, table.count("two/more", 4));
        assertEquals(5, table.count("type/5", 1));
        assertEquals(2, state.getLong(CatalogLayout.OTHER_DOCUMENTS));
        assertEquals(7, state.getLong(CatalogLayout.OTHER_BYTES));
        assertEquals(2, table.documents(5));
    }

    @Test
    void takesNamesUpToTheirRoom() {
        final String longest = "x".repeat(CatalogLayout.TYPE_NAME_BYTES_MAX);

        assertEquals(0, table.count(longest, 1));
        assertEquals(MediaTypeTable.OTHER, table.count(longest + "x", 1));
        assertEquals(longest, table.name(0));
    }

    @Test
    void forgetsWithOneWord() {
        table.count("text/plain", 5);

        state.putLong(CatalogLayout.MEDIA_TYPES, 0);

        assertEquals(0, table.count("text/html", 7));
        assertEquals("text/html", table.name(0));
        assertEquals(1, table.documents(0));
        assertEquals(7, table.bytes(0));
    }
}
