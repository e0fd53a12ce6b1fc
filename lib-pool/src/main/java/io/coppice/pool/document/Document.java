package io.coppice.pool.document;

import io.coppice.pool.ArenaException;
import io.coppice.pool.StructureFullException;
import org.agrona.DirectBuffer;

/**
 * A document as its holder reads and changes it: nested arrays and tables of text, bytes, numbers,
 * booleans and nulls. There is no way to put a reference to anything that is not in it: what goes
 * in are numbers and copies of bytes.
 *
 * <pre>{@code
 * private static final DocumentPath CITY = DocumentPath.of("customer.address.city");
 *
 * Document order = documents.flyweight();
 * journal.begin();
 * long reference = order.create();          // keep it in a table, a cell, a message
 * order.putText(CITY, "Oslo");              // tables on the way are made
 * order.putLong("lines[].amount", 12);      // appends to an array
 * journal.commit();
 * }</pre>
 *
 * <p><b>Changes</b> are for a transaction of the holder's journal, and only the process that holds
 * the blocks makes them: a rollback, a return to a savepoint or a death leaves the document as it
 * was. This flyweight reads what its transaction has made of it; {@link DocumentReader} the last
 * commit. One that is refused changes nothing, but for {@link
 * io.coppice.pool.JournalFullException}, after which the transaction can only be rolled back.
 *
 * <p><b>Room.</b> A change takes new room for the arrays and tables that lead to it; what it
 * replaces is garbage until a compaction, which happens by itself where a block is needed and half
 * of the document is garbage. A compaction needs blocks for what is in use while the old ones are
 * still there, so a pool needs some to spare.
 *
 * <p>For the thread of the journal. Calls with a {@link DocumentPath} and a buffer allocate nothing
 * in the steady state. How it is done, and why no death leaves half of a change, is at {@link
 * DocumentRoot} and {@link DocumentEditor}.
 */
public final class Document extends DocumentValues {
    private final DocumentRoot root;
    private final DocumentEditor editor;
    private final Utf8 utf8 = new Utf8();

    Document(final DocumentRoot root) {
        super(root.tree);
        this.root = root;
        this.editor = root.editor();
    }

    /**
     * Makes a document, an empty table, and opens it.
     *
     * @return its reference
     * @throws StructureFullException where the pool has no block or this holder's ledger no entry
     */
    public long create() {
        return root.create();
    }

    /**
     * Opens a document, whoever holds it.
     *
     * @throws ArenaException where there is none, or not any more
     * @throws IllegalArgumentException where this cannot be a reference
     */
    public Document open(final long reference) {
        root.open(reference);
        return this;
    }

    @Override
    public long reference() {
        return root.reference();
    }

    /** Puts a null. */
    public void putNull(final DocumentPath path) {
        put(path, ValueType.NULL, 0);
    }

    /** Puts a boolean. */
    public void putBoolean(final DocumentPath path, final boolean value) {
        put(path, ValueType.BOOLEAN, value ? 1 : 0);
    }

    /** Puts a number. */
    public void putLong(final DocumentPath path, final long value) {
        put(path, ValueType.LONG, value);
    }

    /** Does what the other one does, for a path as text. */
    public void putLong(final CharSequence path, final long value) {
        putLong(DocumentPath.of(path), value);
    }

    /** Puts a floating-point number. */
    public void putDouble(final DocumentPath path, final double value) {
        put(path, ValueType.DOUBLE, Double.doubleToRawLongBits(value));
    }

    /** Does what the other one does, for a path as text. */
    public void putDouble(final CharSequence path, final double value) {
        putDouble(DocumentPath.of(path), value);
    }

    /** Puts an empty array. */
    public void putArray(final DocumentPath path) {
        put(path, ValueType.ARRAY, DocumentTree.NO_NODE);
    }

    /** Puts an empty table. */
    public void putTable(final DocumentPath path) {
        put(path, ValueType.TABLE, DocumentTree.NO_NODE);
    }

    /**
     * Puts a text.
     *
     * @throws IllegalArgumentException where the bytes are not UTF-8
     */
    public void putText(
            final DocumentPath path, final DirectBuffer text, final int index, final int length) {
        text.boundsCheck(index, length);
        final int wrong = Utf8.firstWrong(text, index, length);
        if (wrong >= 0) {
            throw new IllegalArgumentException(
                    root.describe()
                            + ": "
                            + path
                            + ": byte "
                            + wrong
                            + " of the text is not UTF-8");
        }
        putData(path, ValueType.TEXT, text, index, length);
    }

    /**
     * Puts a text.
     *
     * @throws IllegalArgumentException where half of a surrogate pair stands alone
     */
    public void putText(final DocumentPath path, final CharSequence text) {
        final int length = utf8.encode(text);
        putData(path, ValueType.TEXT, utf8.buffer(), 0, length);
    }

    /** Does what the other one does, for a path as text. */
    public void putText(final CharSequence path, final CharSequence text) {
        putText(DocumentPath.of(path), text);
    }

    /** Puts bytes. */
    public void putBytes(
            final DocumentPath path, final DirectBuffer bytes, final int index, final int length) {
        bytes.boundsCheck(index, length);
        putData(path, ValueType.BYTES, bytes, index, length);
    }

    /**
     * Puts a copy of a value, of another document or of this one.
     *
     * @throws IllegalArgumentException where there is no such value, or it would be nested too deep
     */
    public void putCopy(
            final DocumentPath path, final DocumentValues from, final DocumentPath fromPath) {
        requirePut(path);
        root.begin();
        final int end = tree.space.end();
        while (!tryCopy(path, from, fromPath)) {
            root.show();
            root.setEnd(Math.min(end, tree.space.end()));
        }
    }

    /**
     * Removes a value; those behind it in an array move down.
     *
     * @return whether there was one
     */
    public boolean remove(final DocumentPath path) {
        return editor.remove(path);
    }

    /** Does what the other one does, for a path as text. */
    public boolean remove(final CharSequence path) {
        return remove(DocumentPath.of(path));
    }

    /**
     * Puts what a JSON text (RFC 8259) says. A number with a fraction or an exponent is a double,
     * another a long; {@code {"$bytes": "<base64>"}} is bytes. Allocates.
     *
     * @throws IllegalArgumentException where it is not JSON, a key comes twice or a number does not
     *     fit: the message says at which line and character; the document is unchanged
     */
    public void putJson(final DocumentPath path, final CharSequence json) {
        requirePut(path);
        root.begin();
        final int end = tree.space.end();
        boolean done = false;
        try {
            new JsonInput(root, editor, new JsonReader(json)).put(path);
            done = true;
        } finally {
            if (!done) {
                root.setEnd(Math.min(end, tree.space.end()));
            }
        }
    }

    /**
     * Does what the other one does, for UTF-8.
     *
     * @throws IllegalArgumentException where it is no UTF-8 either
     */
    public void putJson(
            final DocumentPath path, final DirectBuffer json, final int index, final int length) {
        putJson(path, JsonReader.decode(json, index, length));
    }

    /**
     * Gives the document up: from the commit on its blocks are free and its reference is stale.
     *
     * @throws StructureFullException where the ledger of the daemon has too few free entries
     */
    public void release() {
        root.release();
    }

    /**
     * Moves the document, with what this transaction has changed, to the daemon at the commit; from
     * now on this process changes it no more. In the same transaction its reference goes into a
     * message or a table.
     *
     * @throws IllegalStateException where this process is the daemon or does not hold it
     */
    public void give() {
        root.give();
    }

    /**
     * Moves the document from the daemon to this process at the commit, which may change it from
     * now on. Whoever agrees on who takes it, such as a queue, sees to it that nobody else does.
     *
     * @throws IllegalStateException where the daemon does not hold it, or this process is the
     *     daemon
     * @throws StructureFullException where this holder's ledger has too few free entries
     */
    public void take() {
        root.take();
    }

    @Override
    void enter() {
        root.show();
    }

    @Override
    boolean leave() {
        return true;
    }

    private boolean tryCopy(
            final DocumentPath path, final DocumentValues from, final DocumentPath fromPath) {
        if (from.type(fromPath) == ValueType.ABSENT) {
            throw new IllegalArgumentException(
                    root.describe() + ": " + path + ": there is no value " + fromPath + " to copy");
        }
        try {
            return tryCopySelected(path, from, fromPath);
        } catch (final ArenaException damaged) {
            if (from.leave()) {
                throw damaged;
            }
            return false;
        }
    }

    private boolean tryCopySelected(
            final DocumentPath path, final DocumentValues from, final DocumentPath fromPath) {
        from.enter();
        if (!from.tree.find(fromPath)) {
            return false;
        }
        final long bytes = from.copier.measure(from.tree.tag(), from.tree.payload(), path.steps());
        if (!from.leave()) {
            return false;
        }
        root.show();
        editor.makeRoom(path, bytes);
        from.enter();
        if (!from.tree.find(fromPath)) {
            return false;
        }
        final long tag = from.tree.tag();
        final long payload = from.tree.payload();
        if (from.copier.measure(tag, payload, path.steps()) != bytes) {
            return false;
        }
        final long copy = from.copier.copy(editor, tag, payload, path.steps());
        if (!from.leave()) {
            return false;
        }
        editor.link(path, tag, copy);
        return true;
    }

    private void put(final DocumentPath path, final ValueType type, final long payload) {
        requirePut(path);
        editor.put(path, DocumentLayout.tag(type, 0), payload, null, 0);
    }

    private void putData(
            final DocumentPath path,
            final ValueType type,
            final DirectBuffer data,
            final int index,
            final int length) {
        requirePut(path);
        editor.put(path, DocumentLayout.tag(type, length), 0, data, index);
    }

    /** Refuses a key that JSON has another use for, so that what is printed can be read again. */
    private void requirePut(final DocumentPath path) {
        if (path.isReserved()) {
            throw new IllegalArgumentException(
                    root.describe() + ": " + path + ": the key $bytes stands for bytes");
        }
    }
}
