package io.coppice.pool.document;

import org.agrona.MutableDirectBuffer;

/**
 * Walks over the values of an array or table: an array by place, a table in the order in which its
 * keys were first put. Each call looks the place up anew, so what is removed on the way moves the
 * rest down; inside of {@link DocumentReader#read} the whole walk is over one version.
 *
 * <pre>{@code
 * for (boolean at = cursor.first(LINES); at; at = cursor.next()) {
 *     sum += cursor.getLong(AMOUNT, 0);
 * }
 * }</pre>
 *
 * <p>The getters take a path from the value on, {@link DocumentPath#ROOT} for the value itself. For
 * the thread of its document; allocates nothing.
 */
public final class DocumentCursor {
    private final DocumentValues values;
    private DocumentPath path = DocumentPath.ROOT;
    private int entry;

    DocumentCursor(final DocumentValues values) {
        this.values = values;
    }

    /** Goes to the first value of an array or table; returns whether there is one. */
    public boolean first(final DocumentPath ofPath) {
        path = ofPath;
        entry = 0;
        return isThere();
    }

    /** Goes on; returns whether there is a value. */
    public boolean next() {
        entry++;
        return isThere();
    }

    /** Returns the place of the value, from 0. */
    public int place() {
        return entry;
    }

    /**
     * Copies the key of the value out as UTF-8.
     *
     * @return its length in bytes, or {@link DocumentValues#ABSENT} in an array
     * @throws IndexOutOfBoundsException where it does not fit; {@link DocumentLayout#KEY_BYTES_MAX}
     *     always do
     */
    public int key(final MutableDirectBuffer to, final int index) {
        return values.key(path, entry, to, index);
    }

    /** Returns what is there. */
    public ValueType type(final DocumentPath below) {
        return values.type(path, entry, below);
    }

    /** Returns how large it is, see {@link DocumentValues#size(DocumentPath)}. */
    public int size(final DocumentPath below) {
        return values.size(path, entry, below);
    }

    /** Returns a boolean. */
    public boolean getBoolean(final DocumentPath below, final boolean otherwise) {
        return values.getBoolean(path, entry, below, otherwise);
    }

    /** Returns a number. */
    public long getLong(final DocumentPath below, final long otherwise) {
        return values.getLong(path, entry, below, otherwise);
    }

    /** Returns a floating-point number. */
    public double getDouble(final DocumentPath below, final double otherwise) {
        return values.getDouble(path, entry, below, otherwise);
    }

    /** Copies a text out, see {@link DocumentValues#getText}. */
    public int getText(final DocumentPath below, final MutableDirectBuffer to, final int index) {
        return values.copyOut(path, entry, below, ValueType.TEXT, to, index);
    }

    /** Copies bytes out, see {@link DocumentValues#getBytes}. */
    public int getBytes(final DocumentPath below, final MutableDirectBuffer to, final int index) {
        return values.copyOut(path, entry, below, ValueType.BYTES, to, index);
    }

    private boolean isThere() {
        return values.type(path, entry, DocumentPath.ROOT) != ValueType.ABSENT;
    }
}
