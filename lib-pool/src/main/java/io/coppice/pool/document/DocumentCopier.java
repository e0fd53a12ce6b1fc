package io.coppice.pool.document;

import static io.coppice.pool.document.DocumentLayout.DEPTH_MAX;
import static io.coppice.pool.document.DocumentLayout.ENTRY_BYTES;
import static io.coppice.pool.document.DocumentLayout.ENTRY_KEY;
import static io.coppice.pool.document.DocumentLayout.NODE_HEAD_BYTES;
import static io.coppice.pool.document.DocumentLayout.VALUE_PAYLOAD;
import static io.coppice.pool.document.DocumentLayout.align;

/**
 * Measures a value and copies it, with all that is in it and none of what is not any more, into the
 * space of an editor that has room. Ends also where the source is damaged: a sound value is no
 * longer than its document.
 */
final class DocumentCopier {
    private final DocumentTree from;
    private long left;

    DocumentCopier(final DocumentTree from) {
        this.from = from;
    }

    /** Returns what a copy takes in bytes. */
    long measure(final long tag, final long payload, final int depth) {
        left = from.space.end();
        return measureValue(tag, payload, depth);
    }

    private long measureValue(final long tag, final long payload, final int depth) {
        return switch (from.type(tag)) {
            case TEXT, BYTES -> {
                from.data(tag, payload);
                yield spend(align(DocumentLayout.length(tag)));
            }
            case ARRAY -> measureNode(false, from.node(payload), depth);
            case TABLE -> measureNode(true, from.node(payload), depth);
            default -> 0;
        };
    }

    private long measureNode(final boolean isTable, final int node, final int depth) {
        requireDepth(depth);
        final int size = DocumentLayout.size(from.nodeHead(isTable, node));
        long bytes = size == 0 ? 0 : spend(DocumentLayout.nodeBytes(isTable, size));
        for (int entry = 0; entry < size; entry++) {
            if (isTable) {
                bytes += spend(align(from.keyLength(node, entry)));
            }
            final int at = node + DocumentLayout.value(isTable, entry);
            bytes +=
                    measureValue(
                            from.space.getLong(at),
                            from.space.getLong(at + VALUE_PAYLOAD),
                            depth + 1);
        }
        return bytes;
    }

    /** Copies a value; returns the payload of the copy. */
    long copy(final DocumentEditor to, final long tag, final long payload, final int depth) {
        left = from.space.end();
        return copyValue(to, tag, payload, depth);
    }

    private long copyValue(
            final DocumentEditor to, final long tag, final long payload, final int depth) {
        return switch (from.type(tag)) {
            case TEXT, BYTES -> copyBytes(to, from.data(tag, payload), DocumentLayout.length(tag));
            case ARRAY -> copyNode(to, false, from.node(payload), depth);
            case TABLE -> copyNode(to, true, from.node(payload), depth);
            default -> payload;
        };
    }

    private long copyBytes(final DocumentEditor to, final int position, final int length) {
        spend(align(length));
        final int copy = to.append(length);
        to.space().copy(copy, from.space, position, length);
        return copy;
    }

    private long copyNode(
            final DocumentEditor to, final boolean isTable, final int node, final int depth) {
        requireDepth(depth);
        final int size = DocumentLayout.size(from.nodeHead(isTable, node));
        if (size == 0) {
            return DocumentTree.NO_NODE;
        }
        spend(DocumentLayout.nodeBytes(isTable, size));
        final int copy = to.appendNode(isTable, size);
        for (int entry = 0; entry < size; entry++) {
            if (isTable) {
                final int at = NODE_HEAD_BYTES + entry * ENTRY_BYTES;
                final int length = from.keyLength(node, entry);
                to.space().putLong(copy + at, from.space.getLong(node + at));
                to.space()
                        .putLong(
                                copy + at + ENTRY_KEY,
                                copyBytes(to, from.key(node, entry), length));
            }
            final int at = DocumentLayout.value(isTable, entry);
            final long tag = from.space.getLong(node + at);
            final long payload = from.space.getLong(node + at + VALUE_PAYLOAD);
            to.space().putLong(copy + at, tag);
            to.space().putLong(copy + at + VALUE_PAYLOAD, copyValue(to, tag, payload, depth + 1));
        }
        to.space().putLong(copy, DocumentLayout.nodeHead(size, size));
        to.buildIndex(isTable, copy, size, size);
        return copy;
    }

    private void requireDepth(final int depth) {
        if (depth >= DEPTH_MAX) {
            throw new IllegalArgumentException(
                    from.space.name + ": values would be nested deeper than " + DEPTH_MAX);
        }
    }

    private long spend(final long bytes) {
        left -= bytes;
        if (left < 0) {
            throw from.space.damaged(from.space.end(), "ends less than what its values take");
        }
        return bytes;
    }
}
