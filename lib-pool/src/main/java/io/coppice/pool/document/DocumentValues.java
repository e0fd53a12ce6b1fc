package io.coppice.pool.document;

import io.coppice.pool.ArenaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What can be read of a document, by its writer and by others alike. Each call answers from one
 * version. A value that is not there and one that is null give what the caller says otherwise; one
 * of another type is an {@link IllegalStateException}. A document that is no more is an {@link
 * ArenaException}, and so is one that is damaged.
 *
 * <p>Calls with a {@link DocumentPath} allocate nothing, unless they return text; those that take a
 * text read it as {@link DocumentPath#of} does. For one thread.
 */
public abstract class DocumentValues {
    /** There is no such value, or it is null. */
    public static final int ABSENT = -1;

    /** No place: the value itself. */
    static final int ITSELF = -1;

    final DocumentTree tree;
    final DocumentCopier copier;

    DocumentValues(final DocumentTree tree) {
        this.tree = tree;
        this.copier = new DocumentCopier(tree);
    }

    /** Shows the version that is to be read. */
    abstract void enter();

    /** Returns whether all that was read since was of that version; otherwise it is read again. */
    abstract boolean leave();

    /**
     * Returns the reference that opens the document, in any process: one word that may stand
     * anywhere in the arena, or in a message. Never 0.
     */
    public abstract long reference();

    /** Returns what is there. */
    public final ValueType type(final DocumentPath path) {
        return type(path, ITSELF, DocumentPath.ROOT);
    }

    /** Does what the other one does, for a path as text. */
    public final ValueType type(final CharSequence path) {
        return type(DocumentPath.of(path));
    }

    /**
     * Returns how many values an array or table has, or how many bytes a text or bytes; {@link
     * #ABSENT} where there is nothing or null.
     */
    public final int size(final DocumentPath path) {
        return size(path, ITSELF, DocumentPath.ROOT);
    }

    /** Does what the other one does, for a path as text. */
    public final int size(final CharSequence path) {
        return size(DocumentPath.of(path));
    }

    /** Returns a boolean. */
    public final boolean getBoolean(final DocumentPath path, final boolean otherwise) {
        return getBoolean(path, ITSELF, DocumentPath.ROOT, otherwise);
    }

    /** Does what the other one does, for a path as text. */
    public final boolean getBoolean(final CharSequence path, final boolean otherwise) {
        return getBoolean(DocumentPath.of(path), otherwise);
    }

    /** Returns a number. */
    public final long getLong(final DocumentPath path, final long otherwise) {
        return getLong(path, ITSELF, DocumentPath.ROOT, otherwise);
    }

    /** Does what the other one does, for a path as text. */
    public final long getLong(final CharSequence path, final long otherwise) {
        return getLong(DocumentPath.of(path), otherwise);
    }

    /** Returns a floating-point number, or the one nearest to a number. */
    public final double getDouble(final DocumentPath path, final double otherwise) {
        return getDouble(path, ITSELF, DocumentPath.ROOT, otherwise);
    }

    /** Does what the other one does, for a path as text. */
    public final double getDouble(final CharSequence path, final double otherwise) {
        return getDouble(DocumentPath.of(path), otherwise);
    }

    /**
     * Copies a text out as UTF-8.
     *
     * @return its length in bytes, or {@link #ABSENT}
     * @throws IndexOutOfBoundsException where it does not fit
     */
    public final int getText(
            final DocumentPath path, final MutableDirectBuffer to, final int index) {
        return copyOut(path, ITSELF, DocumentPath.ROOT, ValueType.TEXT, to, index);
    }

    /** Copies bytes out; for the rest see {@link #getText}. */
    public final int getBytes(
            final DocumentPath path, final MutableDirectBuffer to, final int index) {
        return copyOut(path, ITSELF, DocumentPath.ROOT, ValueType.BYTES, to, index);
    }

    /** Returns a text, or null where there is none; allocates. */
    public final String text(final DocumentPath path) {
        while (true) {
            final int length = locateSize(path);
            final UnsafeBuffer bytes = new UnsafeBuffer(new byte[Math.max(length, 0)]);
            if (length == ABSENT || getIfStill(path, bytes)) {
                return length == ABSENT
                        ? null
                        : new String(bytes.byteArray(), StandardCharsets.UTF_8);
            }
        }
    }

    /** Does what the other one does, for a path as text. */
    public final String text(final CharSequence path) {
        return text(DocumentPath.of(path));
    }

    /**
     * Writes a value as JSON (RFC 8259) on one line, bytes as {@code {"$bytes": "<base64>"}}, an
     * absent value as null; allocates.
     *
     * @throws IllegalStateException where a number is none that JSON has
     */
    public final void toJson(final DocumentPath path, final Appendable to) throws IOException {
        while (true) {
            String json = null;
            RuntimeException damage = null;
            enter();
            try {
                json = new JsonPrinter(tree).print(path);
            } catch (final ArenaException | IllegalStateException wrong) {
                damage = wrong;
            }
            if (leave()) {
                if (damage != null) {
                    throw damage;
                }
                to.append(json);
                return;
            }
        }
    }

    /** Returns the whole document as JSON on one line. */
    public final String toJson() {
        final StringBuilder json = new StringBuilder();
        try {
            toJson(DocumentPath.ROOT, json);
        } catch (final IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
        return json.toString();
    }

    /** Returns a new cursor over the values of an array or table. */
    public final DocumentCursor cursor() {
        return new DocumentCursor(this);
    }

    final ValueType type(final DocumentPath path, final int entry, final DocumentPath below) {
        return locate(path, entry, below) ? tree.type() : ValueType.ABSENT;
    }

    final int size(final DocumentPath path, final int entry, final DocumentPath below) {
        while (true) {
            if (!locate(path, entry, below)) {
                return ABSENT;
            }
            final ValueType type = tree.type();
            if (type == ValueType.TEXT || type == ValueType.BYTES) {
                tree.data();
                return DocumentLayout.length(tree.tag());
            }
            if (type != ValueType.ARRAY && type != ValueType.TABLE) {
                if (type == ValueType.NULL) {
                    return ABSENT;
                }
                throw isOf(path, type, "something that has a size");
            }
            int size = 0;
            ArenaException damage = null;
            try {
                size = DocumentLayout.size(tree.nodeHead(type == ValueType.TABLE, tree.node()));
            } catch (final ArenaException damaged) {
                damage = damaged;
            }
            if (isStill(damage)) {
                return size;
            }
        }
    }

    final boolean getBoolean(
            final DocumentPath path,
            final int entry,
            final DocumentPath below,
            final boolean otherwise) {
        return has(path, entry, below, ValueType.BOOLEAN) ? tree.payload() != 0 : otherwise;
    }

    final long getLong(
            final DocumentPath path,
            final int entry,
            final DocumentPath below,
            final long otherwise) {
        return has(path, entry, below, ValueType.LONG) ? tree.payload() : otherwise;
    }

    final double getDouble(
            final DocumentPath path,
            final int entry,
            final DocumentPath below,
            final double otherwise) {
        if (locate(path, entry, below) && tree.type() == ValueType.LONG) {
            return (double) tree.payload();
        }
        return has(path, entry, below, ValueType.DOUBLE)
                ? Double.longBitsToDouble(tree.payload())
                : otherwise;
    }

    final int copyOut(
            final DocumentPath path,
            final int entry,
            final DocumentPath below,
            final ValueType type,
            final MutableDirectBuffer to,
            final int index) {
        while (true) {
            if (!has(path, entry, below, type)) {
                return ABSENT;
            }
            final int from = tree.data();
            final int length = DocumentLayout.length(tree.tag());
            to.boundsCheck(index, length);
            ArenaException damage = null;
            try {
                tree.space.copyOut(from, to, index, length);
            } catch (final ArenaException damaged) {
                damage = damaged;
            }
            if (isStill(damage)) {
                return length;
            }
        }
    }

    /** Copies the key of an entry out; {@link #ABSENT} where there is none. */
    final int key(
            final DocumentPath path,
            final int entry,
            final MutableDirectBuffer to,
            final int index) {
        while (true) {
            if (!locate(path, ITSELF, DocumentPath.ROOT) || tree.type() != ValueType.TABLE) {
                return ABSENT;
            }
            ArenaException damage = null;
            int length = ABSENT;
            try {
                final int node = tree.node();
                if (entry < DocumentLayout.size(tree.nodeHead(true, node))) {
                    final int key = tree.key(node, entry);
                    length = tree.keyLength(node, entry);
                    if (to.capacity() - index >= length) {
                        tree.space.copyOut(key, to, index, length);
                    }
                }
            } catch (final ArenaException damaged) {
                damage = damaged;
            }
            if (isStill(damage)) {
                to.boundsCheck(index, Math.max(length, 0));
                return length;
            }
        }
    }

    private int locateSize(final DocumentPath path) {
        if (!has(path, ITSELF, DocumentPath.ROOT, ValueType.TEXT)) {
            return ABSENT;
        }
        tree.data();
        return DocumentLayout.length(tree.tag());
    }

    /** Copies a text that may be of another length by now. */
    private boolean getIfStill(final DocumentPath path, final UnsafeBuffer to) {
        return locateSize(path) == to.capacity() && getTextOf(path, to) == to.capacity();
    }

    private int getTextOf(final DocumentPath path, final UnsafeBuffer to) {
        try {
            return getText(path, to, 0);
        } catch (final IndexOutOfBoundsException grown) {
            // It is longer than it was a moment ago: the caller asks again.
            return ABSENT;
        }
    }

    /** Returns whether a value is there that is not null; it must be of the type then. */
    private boolean has(
            final DocumentPath path,
            final int entry,
            final DocumentPath below,
            final ValueType wanted) {
        if (!locate(path, entry, below) || tree.type() == ValueType.NULL) {
            return false;
        }
        if (tree.type() != wanted) {
            throw isOf(path, tree.type(), wanted.toString());
        }
        return true;
    }

    /** Selects a value; its tag and payload are of a version then. */
    private boolean locate(final DocumentPath path, final int entry, final DocumentPath below) {
        while (true) {
            enter();
            boolean found = false;
            ArenaException damage = null;
            try {
                found = tree.find(path);
                if (found && entry != ITSELF) {
                    found = tree.findEntry(entry) && tree.findBelow(below);
                }
                if (found) {
                    tree.type();
                }
            } catch (final ArenaException damaged) {
                damage = damaged;
            }
            if (isStill(damage)) {
                return found;
            }
            Thread.onSpinWait();
        }
    }

    private boolean isStill(final ArenaException damage) {
        final boolean still = leave();
        if (still && damage != null) {
            throw damage;
        }
        return still;
    }

    private IllegalStateException isOf(
            final DocumentPath path, final ValueType found, final String wanted) {
        return new IllegalStateException(
                tree.space.name
                        + ": document 0x"
                        + Long.toHexString(reference())
                        + ": "
                        + path
                        + " is of type "
                        + found
                        + ", not "
                        + wanted);
    }
}
