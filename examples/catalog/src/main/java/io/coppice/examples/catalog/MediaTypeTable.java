package io.coppice.examples.catalog;

import static io.coppice.examples.catalog.CatalogLayout.MEDIA_TYPES;
import static io.coppice.examples.catalog.CatalogLayout.MEDIA_TYPES_MAX;
import static io.coppice.examples.catalog.CatalogLayout.OTHER_BYTES;
import static io.coppice.examples.catalog.CatalogLayout.OTHER_DOCUMENTS;
import static io.coppice.examples.catalog.CatalogLayout.TYPE_BYTES;
import static io.coppice.examples.catalog.CatalogLayout.TYPE_DOCUMENTS;
import static io.coppice.examples.catalog.CatalogLayout.TYPE_ENTRY_BYTES;
import static io.coppice.examples.catalog.CatalogLayout.TYPE_NAME;
import static io.coppice.examples.catalog.CatalogLayout.TYPE_NAME_BYTES;
import static io.coppice.examples.catalog.CatalogLayout.TYPE_NAME_BYTES_MAX;
import static io.coppice.examples.catalog.CatalogLayout.TYPE_NAME_HASH;

import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;

/**
 * How many documents and bytes there are of each media type. It has room for {@value
 * CatalogLayout#MEDIA_TYPES_MAX} types; documents of more types, or of names too long, are counted
 * together. All stores belong to the caller's transaction, and nothing is kept beside the regions.
 */
final class MediaTypeTable {
    /** Index of what has no entry. */
    static final int OTHER = -1;

    private final MutableDirectBuffer state;
    private final MutableDirectBuffer types;

    MediaTypeTable(final MutableDirectBuffer state, final MutableDirectBuffer types) {
        this.state = state;
        this.types = types;
    }

    /** Returns how many types have an entry. */
    int size() {
        return (int) state.getLong(MEDIA_TYPES);
    }

    String name(final int index) {
        final byte[] name = new byte[(int) types.getLong(entry(index) + TYPE_NAME_BYTES)];
        types.getBytes(entry(index) + TYPE_NAME, name);
        return new String(name, StandardCharsets.UTF_8);
    }

    long documents(final int index) {
        return types.getLong(entry(index) + TYPE_DOCUMENTS);
    }

    long bytes(final int index) {
        return types.getLong(entry(index) + TYPE_BYTES);
    }

    /** Counts a document and returns the index of its type, or {@link #OTHER}. */
    int count(final String mediaType, final long bytes) {
        final byte[] name = mediaType.getBytes(StandardCharsets.UTF_8);
        final int index = find(name);
        if (index == OTHER) {
            state.putLong(OTHER_DOCUMENTS, state.getLong(OTHER_DOCUMENTS) + 1);
            state.putLong(OTHER_BYTES, state.getLong(OTHER_BYTES) + bytes);
        } else {
            final int entry = entry(index);
            types.putLong(entry + TYPE_DOCUMENTS, types.getLong(entry + TYPE_DOCUMENTS) + 1);
            types.putLong(entry + TYPE_BYTES, types.getLong(entry + TYPE_BYTES) + bytes);
        }
        return index;
    }

    private int find(final byte[] name) {
        final long hash = CatalogLayout.hash(name);
        final int size = size();
        for (int i = 0; i < size; i++) {
            if (types.getLong(entry(i) + TYPE_NAME_HASH) == hash && isNamed(i, name)) {
                return i;
            }
        }
        if (size == MEDIA_TYPES_MAX || name.length > TYPE_NAME_BYTES_MAX) {
            return OTHER;
        }
        final int entry = entry(size);
        types.putLong(entry + TYPE_DOCUMENTS, 0);
        types.putLong(entry + TYPE_BYTES, 0);
        types.putLong(entry + TYPE_NAME_HASH, hash);
        types.putLong(entry + TYPE_NAME_BYTES, name.length);
        types.putBytes(entry + TYPE_NAME, name);
        state.putLong(MEDIA_TYPES, size + 1L);
        return size;
    }

    private boolean isNamed(final int index, final byte[] name) {
        final int entry = entry(index);
        if (types.getLong(entry + TYPE_NAME_BYTES) != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (types.getByte(entry + TYPE_NAME + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static int entry(final int index) {
        return index * TYPE_ENTRY_BYTES;
    }
}
