package io.coppice.pool.document;

import static io.coppice.pool.document.DocumentLayout.ENTRY_BYTES;
import static io.coppice.pool.document.DocumentLayout.ENTRY_KEY;
import static io.coppice.pool.document.DocumentLayout.NODE_HEAD_BYTES;
import static io.coppice.pool.document.DocumentLayout.VALUE_PAYLOAD;

import org.agrona.DirectBuffer;

/**
 * The values of one version of a document: finds what a path names, and remembers the way. Trusts
 * no word that it reads, and looks at no more of them than the document has. An array or table that
 * is empty may have no node, which {@link #NO_NODE} says.
 */
final class DocumentTree {
    static final int NO_NODE = -1;
    static final int NO_ENTRY = -1;

    static final int ARRAY = ValueType.ARRAY.ordinal();
    static final int TABLE = ValueType.TABLE.ordinal();
    private static final ValueType[] TYPES = ValueType.values();

    final DocumentSpace space;
    private final int[] nodes = new int[DocumentLayout.DEPTH_MAX];
    private final int[] entries = new int[DocumentLayout.DEPTH_MAX];
    private int levels;
    private boolean blocked;
    private long rootTag;
    private long rootPayload;
    private long tag;
    private long payload;

    DocumentTree(final DocumentSpace space) {
        this.space = space;
    }

    /** Shows a version, whose space is shown already. */
    void wrap(final long ofTag, final long ofPayload) {
        rootTag = ofTag;
        rootPayload = ofPayload;
        select(ofTag, ofPayload);
    }

    void select(final long ofTag, final long ofPayload) {
        tag = ofTag;
        payload = ofPayload;
    }

    /**
     * Goes to a value from the root. Where there is none, the last level is the array or table that
     * lacks the step, unless a value is in the way that is neither.
     */
    boolean find(final DocumentPath path) {
        select(rootTag, rootPayload);
        return findBelow(path);
    }

    /** Goes to a value from the one that is selected; levels begin with it. */
    boolean findBelow(final DocumentPath path) {
        levels = 0;
        blocked = false;
        for (int step = 0; step < path.steps(); step++) {
            final boolean isKey = path.isKey(step);
            if (DocumentLayout.type(tag) != (isKey ? TABLE : ARRAY)) {
                blocked = true;
                return false;
            }
            final int node = node();
            final int entry =
                    isKey
                            ? findKey(node, path.key(step), path.word(step))
                            : findPlace(node, path.place(step));
            nodes[levels] = node;
            entries[levels++] = entry;
            if (entry == NO_ENTRY) {
                return false;
            }
            selectEntry(isKey, node, entry);
        }
        return true;
    }

    /** Goes to a value of the array or table that is selected. */
    boolean findEntry(final int entry) {
        final int type = DocumentLayout.type(tag);
        if (type != ARRAY && type != TABLE) {
            return false;
        }
        final int node = node();
        if (entry < 0 || entry >= DocumentLayout.size(nodeHead(type == TABLE, node))) {
            return false;
        }
        selectEntry(type == TABLE, node, entry);
        return true;
    }

    private void selectEntry(final boolean isTable, final int node, final int entry) {
        final int at = node + DocumentLayout.value(isTable, entry);
        select(space.getLong(at), space.getLong(at + VALUE_PAYLOAD));
    }

    int levels() {
        return levels;
    }

    int node(final int level) {
        return nodes[level];
    }

    int entry(final int level) {
        return entries[level];
    }

    /** Returns whether a value is in the way of the path that was looked for. */
    boolean isBlocked() {
        return blocked;
    }

    long tag() {
        return tag;
    }

    long payload() {
        return payload;
    }

    ValueType type() {
        return type(tag);
    }

    ValueType type(final long ofTag) {
        final int type = DocumentLayout.type(ofTag);
        if (type == 0 || type >= TYPES.length) {
            throw space.damaged(space.end(), "ends a document with a value of type " + type);
        }
        return TYPES[type];
    }

    /** Returns where the array or table that is selected begins. */
    int node() {
        return node(payload);
    }

    int node(final long ofPayload) {
        if (ofPayload < NO_NODE || ofPayload >= DocumentLayout.BYTES_MAX) {
            throw space.damaged(ofPayload, "is where an array or a table should be");
        }
        return (int) ofPayload;
    }

    /** Returns size and capacity of an array or table, all of which lies in the document. */
    long nodeHead(final boolean isTable, final int node) {
        if (node == NO_NODE) {
            return 0;
        }
        space.require(node, NODE_HEAD_BYTES);
        final long head = space.getLong(node);
        final int size = DocumentLayout.size(head);
        final int capacity = DocumentLayout.capacity(head);
        if (size < 0 || size > capacity || capacity > DocumentLayout.ENTRIES_MAX) {
            throw space.damaged(node, "has " + size + " values of " + capacity);
        }
        space.require(node, DocumentLayout.nodeBytes(isTable, capacity));
        return head;
    }

    /** Returns where the text or the bytes that are selected begin; all of them are there. */
    int data() {
        return data(tag, payload);
    }

    int data(final long ofTag, final long ofPayload) {
        space.require(ofPayload, DocumentLayout.length(ofTag));
        return (int) ofPayload;
    }

    /** Returns where the key of an entry begins; all of it is there. */
    int key(final int node, final int entry) {
        final int at = node + NODE_HEAD_BYTES + entry * ENTRY_BYTES;
        final long position = space.getLong(at + ENTRY_KEY);
        final int length = keyLength(node, entry);
        space.require(position, length);
        return (int) position;
    }

    int keyLength(final int node, final int entry) {
        final int length = (int) space.getLong(node + NODE_HEAD_BYTES + entry * ENTRY_BYTES);
        if (length < 0 || length > DocumentLayout.KEY_BYTES_MAX) {
            throw space.damaged(node, "has a key of " + length + " bytes");
        }
        return length;
    }

    private int findPlace(final int node, final int place) {
        final int size = DocumentLayout.size(nodeHead(false, node));
        return place >= 0 && place < size ? place : NO_ENTRY;
    }

    /** Returns the entry of a key, or {@link #NO_ENTRY}. */
    int findKey(final int node, final DirectBuffer key, final long word) {
        final long head = nodeHead(true, node);
        final int size = DocumentLayout.size(head);
        final int capacity = DocumentLayout.capacity(head);
        final int slots = DocumentLayout.indexSlots(capacity);
        if (slots == 0) {
            for (int entry = 0; entry < size; entry++) {
                if (isKey(node, entry, key, word)) {
                    return entry;
                }
            }
            return NO_ENTRY;
        }
        final int index = node + (int) DocumentLayout.index(capacity);
        int slot = (int) (word >>> Integer.SIZE) & slots - 1;
        for (int left = slots; left > 0; left--) {
            final int entry = space.getInt(index + slot * Integer.BYTES) - 1;
            if (entry == NO_ENTRY) {
                return NO_ENTRY;
            }
            if (entry < 0 || entry >= size) {
                throw space.damaged(node, "has entry " + entry + " of " + size + " in its index");
            }
            if (isKey(node, entry, key, word)) {
                return entry;
            }
            slot = slot + 1 & slots - 1;
        }
        throw space.damaged(node, "has an index without an empty slot");
    }

    private boolean isKey(
            final int node, final int entry, final DirectBuffer key, final long word) {
        final int length = (int) word;
        return space.getLong(node + NODE_HEAD_BYTES + entry * ENTRY_BYTES) == word
                && space.has(key(node, entry), key, length);
    }
}
