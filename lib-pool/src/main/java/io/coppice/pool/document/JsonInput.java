package io.coppice.pool.document;

import static io.coppice.pool.document.DocumentLayout.ENTRIES_MAX;
import static io.coppice.pool.document.DocumentLayout.ENTRY_BYTES;
import static io.coppice.pool.document.DocumentLayout.ENTRY_KEY;
import static io.coppice.pool.document.DocumentLayout.NODE_HEAD_BYTES;
import static io.coppice.pool.document.DocumentLayout.VALUE_PAYLOAD;
import static io.coppice.pool.document.DocumentLayout.align;

import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Puts what a JSON text says into a document. Texts are stored as they are met, an array or table
 * once it is closed and its size known; nothing leads to any of it before the end, so that an error
 * on the way leaves only room that the caller takes back.
 */
final class JsonInput {
    private static final int WORDS_FIRST = 256;

    /** Words that a value waits with until its array or table is closed: key word, key, value. */
    private static final int WORDS = 4;

    private final DocumentRoot root;
    private final DocumentEditor editor;
    private final JsonReader json;
    private final Utf8 utf8 = new Utf8();
    private long[] waiting = new long[WORDS_FIRST];
    private int waitingWords;
    private long tag;
    private long payload;

    JsonInput(final DocumentRoot root, final DocumentEditor editor, final JsonReader json) {
        this.root = root;
        this.editor = editor;
        this.json = json;
    }

    void put(final DocumentPath path) {
        // Refuses a path that leads nowhere, and compacts now: later it would lose what waits.
        editor.bytesToPut(path);
        root.compactIfWorthwhile();
        value(path.steps());
        json.requireEnd();
        root.makeRoom(editor.bytesToPut(path), false);
        editor.link(path, tag, payload);
    }

    private void value(final int depth) {
        switch (json.peek()) {
            case '{' -> table(depth);
            case '[' -> array(depth);
            case '"' -> text();
            case 't' -> word("true", ValueType.BOOLEAN, 1);
            case 'f' -> word("false", ValueType.BOOLEAN, 0);
            case 'n' -> word("null", ValueType.NULL, 0);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw json.wrong("a value comes here");
        }
    }

    private void word(final String word, final ValueType type, final long value) {
        json.word(word);
        tag = DocumentLayout.tag(type, 0);
        payload = value;
    }

    private void number() {
        if (json.number()) {
            tag = DocumentLayout.tag(ValueType.LONG, 0);
            payload = json.longValue();
        } else {
            tag = DocumentLayout.tag(ValueType.DOUBLE, 0);
            payload = Double.doubleToRawLongBits(json.doubleValue());
        }
    }

    private void text() {
        final int length = utf8.encode(json.string());
        data(ValueType.TEXT, utf8.buffer(), length);
    }

    private void data(final ValueType type, final DirectBuffer bytes, final int length) {
        payload = append(bytes, length);
        tag = DocumentLayout.tag(type, length);
    }

    private int append(final DirectBuffer bytes, final int length) {
        root.makeRoom(align(length), false);
        final int position = editor.append(length);
        editor.space().putBytes(position, bytes, 0, length);
        return position;
    }

    private void array(final int depth) {
        requireDepth(depth);
        json.expect('[', "an array");
        final int from = waitingWords;
        if (!json.accept(']')) {
            do {
                value(depth + 1);
                await(0, 0, from);
            } while (json.accept(','));
            json.expect(']', "a comma or ]");
        }
        close(false, from);
    }

    private void table(final int depth) {
        requireDepth(depth);
        json.expect('{', "a table");
        final int from = waitingWords;
        final Set<String> keys = new HashSet<>();
        if (!json.accept('}')) {
            do {
                final String key = json.string().toString();
                if (key.equals(DocumentPath.BYTES_KEY)) {
                    bytes(keys.isEmpty());
                    return;
                }
                if (!keys.add(key)) {
                    throw json.wrong("the key " + key + " comes twice");
                }
                entry(key, depth, from);
            } while (json.accept(','));
            json.expect('}', "a comma or }");
        }
        close(true, from);
    }

    private void entry(final String key, final int depth, final int from) {
        final int length = utf8.encode(key);
        DocumentPath.requireKeyLength(length);
        final long word = DocumentPath.word(utf8.buffer().byteArray(), length);
        final int position = append(utf8.buffer(), length);
        json.expect(':', "a colon");
        value(depth + 1);
        await(word, position, from);
    }

    /** Reads the rest of a table that stands for bytes. */
    private void bytes(final boolean isFirst) {
        json.expect(':', "a colon");
        if (!isFirst) {
            throw json.wrong("the key " + DocumentPath.BYTES_KEY + " stands alone");
        }
        final byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(json.string().toString());
        } catch (final IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    json.wrong("bytes in base64 came before this").getMessage(), malformed);
        }
        json.expect('}', "the end of the bytes");
        data(ValueType.BYTES, new UnsafeBuffer(decoded), decoded.length);
    }

    private void await(final long keyWord, final long key, final int from) {
        if ((waitingWords - from) / WORDS == ENTRIES_MAX) {
            throw json.wrong("at most " + ENTRIES_MAX + " values come in one array or table");
        }
        if (waitingWords == waiting.length) {
            waiting = Arrays.copyOf(waiting, 2 * waiting.length);
        }
        waiting[waitingWords++] = keyWord;
        waiting[waitingWords++] = key;
        waiting[waitingWords++] = tag;
        waiting[waitingWords++] = payload;
    }

    /** Stores an array or table of what waits. */
    private void close(final boolean isTable, final int from) {
        final int size = (waitingWords - from) / WORDS;
        tag = DocumentEditor.nodeTag(isTable);
        payload = DocumentTree.NO_NODE;
        if (size == 0) {
            return;
        }
        root.makeRoom(DocumentLayout.nodeBytes(isTable, size), false);
        final int node = editor.appendNode(isTable, size);
        final DocumentSpace space = editor.space();
        for (int entry = 0; entry < size; entry++) {
            final int word = from + entry * WORDS;
            if (isTable) {
                final int at = node + NODE_HEAD_BYTES + entry * ENTRY_BYTES;
                space.putLong(at, waiting[word]);
                space.putLong(at + ENTRY_KEY, waiting[word + 1]);
            }
            final int at = node + DocumentLayout.value(isTable, entry);
            space.putLong(at, waiting[word + 2]);
            space.putLong(at + VALUE_PAYLOAD, waiting[word + 3]);
        }
        space.putLong(node, DocumentLayout.nodeHead(size, size));
        editor.buildIndex(isTable, node, size, size);
        waitingWords = from;
        payload = node;
    }

    private void requireDepth(final int depth) {
        if (depth >= DocumentLayout.DEPTH_MAX) {
            throw json.wrong(
                    "arrays and tables are nested at most " + DocumentLayout.DEPTH_MAX + " deep");
        }
    }
}
