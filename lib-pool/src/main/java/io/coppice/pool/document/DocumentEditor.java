package io.coppice.pool.document;

import static io.coppice.pool.document.DocumentLayout.CAPACITY_MIN;
import static io.coppice.pool.document.DocumentLayout.ENTRY_BYTES;
import static io.coppice.pool.document.DocumentLayout.ENTRY_KEY;
import static io.coppice.pool.document.DocumentLayout.NODE_HEAD_BYTES;
import static io.coppice.pool.document.DocumentLayout.VALUE_BYTES;
import static io.coppice.pool.document.DocumentLayout.VALUE_PAYLOAD;
import static io.coppice.pool.document.DocumentLayout.align;

import io.coppice.pool.StructureFullException;
import org.agrona.DirectBuffer;

/**
 * Changes the values of a document by copying: what a committed version leads to is never stored
 * into. A value that changes is stored into a copy of its array or table, and so on up to the root,
 * or up to the first one that was itself written since the last savepoint: that one nobody else
 * sees, and a return to the savepoint does not lead to it, so it is changed in place and without
 * saving. All room is there before the first of an operation's stores, so that a refusal leaves the
 * document as it was.
 */
final class DocumentEditor {
    private static final int GROWTH = 2;
    private static final int TRIES = 3;

    private final DocumentRoot root;
    private final DocumentTree tree;
    private final DocumentSpace space;

    DocumentEditor(final DocumentTree tree, final DocumentRoot root) {
        this.root = root;
        this.tree = tree;
        this.space = tree.space;
    }

    DocumentSpace space() {
        return space;
    }

    /** Takes room behind all that there is; the caller has seen to it that there is some. */
    int append(final long bytes) {
        return root.append(align(bytes));
    }

    /** Takes room for an array or table, which is not filled in. */
    int appendNode(final boolean isTable, final int capacity) {
        return append(DocumentLayout.nodeBytes(isTable, capacity));
    }

    /**
     * Puts a value where a path says; arrays and tables on the way are made.
     *
     * @param data of a text or bytes, or null where the payload says all
     */
    void put(
            final DocumentPath path,
            final long tag,
            final long payload,
            final DirectBuffer data,
            final int index) {
        final int length = data == null ? 0 : DocumentLayout.length(tag);
        root.begin();
        makeRoom(path, align(length));
        long newPayload = payload;
        if (data != null) {
            final int position = append(length);
            space.putBytes(position, data, index, length);
            newPayload = position;
        }
        link(path, tag, newPayload);
    }

    /** Makes room for a value and for all that has to be copied to put it where a path says. */
    void makeRoom(final DocumentPath path, final long valueBytes) {
        int tries = 0;
        while (root.makeRoom(valueBytes + bytesToPut(path), true)) {
            if (++tries == TRIES) {
                throw root.full();
            }
        }
    }

    /** Returns what has to be copied and made to put a value where a path says, in bytes. */
    long bytesToPut(final DocumentPath path) {
        final boolean found = tree.find(path);
        if (tree.isBlocked()) {
            throw blocked(path);
        }
        if (found) {
            return bytesToSet(path, path.steps() - 1);
        }
        final int level = tree.levels() - 1;
        final boolean isTable = path.isKey(level);
        final long head = tree.nodeHead(isTable, tree.node(level));
        requirePlace(path, level, DocumentLayout.size(head));
        long bytes = keyBytes(path, level);
        if (!hasRoom(tree.node(level), head)) {
            bytes += DocumentLayout.nodeBytes(isTable, grown(head)) + bytesToSet(path, level - 1);
        }
        for (int step = level + 1; step < path.steps(); step++) {
            requirePlace(path, step, 0);
            bytes +=
                    DocumentLayout.nodeBytes(path.isKey(step), CAPACITY_MIN) + keyBytes(path, step);
        }
        return bytes;
    }

    private long bytesToSet(final DocumentPath path, final int fromLevel) {
        long bytes = 0;
        for (int level = fromLevel; level >= 0 && !root.isFresh(tree.node(level)); level--) {
            final boolean isTable = path.isKey(level);
            final long head = tree.nodeHead(isTable, tree.node(level));
            bytes += DocumentLayout.nodeBytes(isTable, DocumentLayout.capacity(head));
        }
        return bytes;
    }

    /** Puts a value, whose data is in the document, where a path says; there is room. */
    void link(final DocumentPath path, final long valueTag, final long valuePayload) {
        long tag = valueTag;
        long payload = valuePayload;
        int level = path.steps() - 1;
        if (!tree.find(path)) {
            level = tree.levels() - 1;
            for (int step = path.steps() - 1; step > level; step--) {
                final boolean isTable = path.isKey(step);
                final int node = appendNode(isTable, CAPACITY_MIN);
                space.putLong(node, DocumentLayout.nodeHead(0, CAPACITY_MIN));
                insert(path, step, node, tag, payload);
                tag = nodeTag(isTable);
                payload = node;
            }
            final int node = tree.node(level);
            final int roomy = withRoom(path.isKey(level), node);
            insert(path, level, roomy, tag, payload);
            if (roomy == node) {
                return;
            }
            tag = nodeTag(path.isKey(level));
            payload = roomy;
            level--;
        }
        set(path, level, tag, payload);
    }

    /** Sets a value of the array or table of a level, and what must lead to its copy. */
    private void set(
            final DocumentPath path,
            final int fromLevel,
            final long valueTag,
            final long valuePayload) {
        long tag = valueTag;
        long payload = valuePayload;
        for (int level = fromLevel; level >= 0; level--) {
            final boolean isTable = path.isKey(level);
            final int node = tree.node(level);
            final int changed = root.isFresh(node) ? node : copyOf(isTable, node);
            final int at = changed + DocumentLayout.value(isTable, tree.entry(level));
            space.putLong(at, tag);
            space.putLong(at + VALUE_PAYLOAD, payload);
            if (changed == node) {
                return;
            }
            tag = nodeTag(isTable);
            payload = changed;
        }
        root.setValue(tag, payload);
    }

    /** Removes a value; what stands behind it in an array moves down. */
    boolean remove(final DocumentPath path) {
        if (path.steps() == 0) {
            throw new IllegalArgumentException(
                    space.name + ": the root value is not removed: put another, or release it all");
        }
        root.begin();
        int tries = 0;
        do {
            if (!tree.find(path)) {
                return false;
            }
            if (tries++ == TRIES) {
                throw root.full();
            }
        } while (root.makeRoom(bytesToRemove(path), true));
        final int level = path.steps() - 1;
        final boolean isTable = path.isKey(level);
        final int node = tree.node(level);
        final long head = tree.nodeHead(isTable, node);
        final int left = DocumentLayout.size(head) - 1;
        final boolean inPlace = root.isFresh(node);
        final int capacity = inPlace ? DocumentLayout.capacity(head) : Math.max(left, CAPACITY_MIN);
        final int target = inPlace ? node : appendNode(isTable, capacity);
        final int entry = tree.entry(level);
        final int entryBytes = isTable ? ENTRY_BYTES : VALUE_BYTES;
        final int hole = NODE_HEAD_BYTES + entry * entryBytes;
        if (!inPlace) {
            space.copy(
                    target + NODE_HEAD_BYTES,
                    space,
                    node + NODE_HEAD_BYTES,
                    hole - NODE_HEAD_BYTES);
        }
        space.copy(target + hole, space, node + hole + entryBytes, (left - entry) * entryBytes);
        space.putLong(target, DocumentLayout.nodeHead(left, capacity));
        buildIndex(isTable, target, left, capacity);
        if (!inPlace) {
            set(path, level - 1, nodeTag(isTable), target);
        }
        return true;
    }

    private long bytesToRemove(final DocumentPath path) {
        final int level = path.steps() - 1;
        final boolean isTable = path.isKey(level);
        final int node = tree.node(level);
        if (root.isFresh(node)) {
            return 0;
        }
        final int left = DocumentLayout.size(tree.nodeHead(isTable, node)) - 1;
        return DocumentLayout.nodeBytes(isTable, Math.max(left, CAPACITY_MIN))
                + bytesToSet(path, level - 1);
    }

    /** Fills the index of a table from its entries. */
    void buildIndex(final boolean isTable, final int node, final int size, final int capacity) {
        final int slots = isTable ? DocumentLayout.indexSlots(capacity) : 0;
        final int index = node + (int) DocumentLayout.index(capacity);
        for (int slot = 0; slot < slots; slot += 2) {
            space.putLong(index + slot * Integer.BYTES, 0);
        }
        for (int entry = 0; slots > 0 && entry < size; entry++) {
            enter(node, capacity, entry);
        }
    }

    private void enter(final int node, final int capacity, final int entry) {
        final int slots = DocumentLayout.indexSlots(capacity);
        final int index = node + (int) DocumentLayout.index(capacity);
        final long word = space.getLong(node + NODE_HEAD_BYTES + entry * ENTRY_BYTES);
        int slot = (int) (word >>> Integer.SIZE) & slots - 1;
        int left = slots;
        while (space.getInt(index + slot * Integer.BYTES) != 0) {
            if (--left == 0) {
                throw space.damaged(node, "has an index without an empty slot");
            }
            slot = slot + 1 & slots - 1;
        }
        space.putInt(index + slot * Integer.BYTES, entry + 1);
    }

    /** Adds a value to an array or table that was written since the savepoint and has room. */
    private void insert(
            final DocumentPath path,
            final int step,
            final int node,
            final long tag,
            final long payload) {
        final boolean isTable = path.isKey(step);
        final long head = space.getLong(node);
        final int size = DocumentLayout.size(head);
        final int capacity = DocumentLayout.capacity(head);
        if (isTable) {
            final int length = (int) path.word(step);
            final int key = append(length);
            space.putBytes(key, path.key(step), 0, length);
            final int at = node + NODE_HEAD_BYTES + size * ENTRY_BYTES;
            space.putLong(at, path.word(step));
            space.putLong(at + ENTRY_KEY, key);
        }
        final int at = node + DocumentLayout.value(isTable, size);
        space.putLong(at, tag);
        space.putLong(at + VALUE_PAYLOAD, payload);
        if (isTable && DocumentLayout.indexSlots(capacity) > 0) {
            enter(node, capacity, size);
        }
        space.putLong(node, DocumentLayout.nodeHead(size + 1, capacity));
    }

    /** Returns an array or table that one more value can be added to in place. */
    private int withRoom(final boolean isTable, final int node) {
        final long head = tree.nodeHead(isTable, node);
        if (hasRoom(node, head)) {
            return node;
        }
        final int size = DocumentLayout.size(head);
        final int capacity = grown(head);
        final int copy = appendNode(isTable, capacity);
        if (size > 0) {
            space.copy(
                    copy + NODE_HEAD_BYTES,
                    space,
                    node + NODE_HEAD_BYTES,
                    size * (isTable ? ENTRY_BYTES : VALUE_BYTES));
        }
        space.putLong(copy, DocumentLayout.nodeHead(size, capacity));
        buildIndex(isTable, copy, size, capacity);
        return copy;
    }

    private int copyOf(final boolean isTable, final int node) {
        final int capacity = DocumentLayout.capacity(tree.nodeHead(isTable, node));
        final int copy = appendNode(isTable, capacity);
        space.copy(copy, space, node, (int) DocumentLayout.nodeBytes(isTable, capacity));
        return copy;
    }

    private boolean hasRoom(final int node, final long head) {
        return root.isFresh(node) && DocumentLayout.size(head) < DocumentLayout.capacity(head);
    }

    private static int grown(final long head) {
        final int capacity = DocumentLayout.capacity(head);
        return DocumentLayout.size(head) < capacity
                ? capacity
                : Math.min(Math.max(CAPACITY_MIN, capacity * GROWTH), DocumentLayout.ENTRIES_MAX);
    }

    private static long keyBytes(final DocumentPath path, final int step) {
        return path.isKey(step) ? align(path.key(step).capacity()) : 0;
    }

    static long nodeTag(final boolean isTable) {
        return DocumentLayout.tag(isTable ? ValueType.TABLE : ValueType.ARRAY, 0);
    }

    private void requirePlace(final DocumentPath path, final int step, final int size) {
        if (size == DocumentLayout.ENTRIES_MAX) {
            throw new StructureFullException(
                    root.describe() + ": " + path, "values", size, space.name);
        }
        if (!path.isKey(step) && path.place(step) != DocumentPath.APPEND) {
            if (path.place(step) != size) {
                throw new IndexOutOfBoundsException(
                        root.describe() + ": " + path + ": an array there has " + size + " values");
            }
        }
    }

    private IllegalStateException blocked(final DocumentPath path) {
        return new IllegalStateException(
                root.describe()
                        + ": "
                        + path
                        + ": step "
                        + tree.levels()
                        + " meets a "
                        + tree.type()
                        + ": put a "
                        + (path.isKey(tree.levels()) ? "table" : "array")
                        + " there first");
    }
}
