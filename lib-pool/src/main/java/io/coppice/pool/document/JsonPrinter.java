package io.coppice.pool.document;

import static io.coppice.pool.document.DocumentLayout.VALUE_PAYLOAD;

import io.coppice.pool.schema.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.agrona.concurrent.UnsafeBuffer;

/** Prints a value of a document as JSON on one line. Ends also where the document is damaged. */
final class JsonPrinter {
    private final DocumentTree tree;
    private final StringBuilder out = new StringBuilder();
    private long left;

    JsonPrinter(final DocumentTree tree) {
        this.tree = tree;
    }

    String print(final DocumentPath path) {
        left = tree.space.end();
        if (tree.find(path)) {
            value(tree.tag(), tree.payload(), path.steps());
        } else {
            out.append("null");
        }
        return out.toString();
    }

    private void value(final long tag, final long payload, final int depth) {
        switch (tree.type(tag)) {
            case BOOLEAN -> out.append(payload != 0);
            case LONG -> out.append(payload);
            case DOUBLE -> number(Double.longBitsToDouble(payload));
            case TEXT -> JsonText.append(out, text(tree.data(tag, payload), tag));
            case BYTES -> bytes(tree.data(tag, payload), DocumentLayout.length(tag));
            case ARRAY -> node(false, tree.node(payload), depth);
            case TABLE -> node(true, tree.node(payload), depth);
            default -> out.append("null");
        }
    }

    private void number(final double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalStateException(
                    tree.space.name
                            + ": document 0x"
                            + Long.toHexString(tree.space.reference())
                            + ": JSON has no "
                            + value
                            + ": put a null instead");
        }
        out.append(value);
    }

    private void bytes(final int position, final int length) {
        out.append("{\"").append(DocumentPath.BYTES_KEY).append("\":\"");
        out.append(Base64.getEncoder().encodeToString(copy(position, length))).append("\"}");
    }

    private void node(final boolean isTable, final int node, final int depth) {
        if (depth >= DocumentLayout.DEPTH_MAX) {
            throw tree.space.damaged(node, "is nested deeper than a document can be");
        }
        final int size = DocumentLayout.size(tree.nodeHead(isTable, node));
        spend(size == 0 ? 0 : DocumentLayout.nodeBytes(isTable, size));
        out.append(isTable ? '{' : '[');
        for (int entry = 0; entry < size; entry++) {
            out.append(entry == 0 ? "" : ",");
            if (isTable) {
                JsonText.append(
                        out,
                        new String(
                                copy(tree.key(node, entry), tree.keyLength(node, entry)),
                                StandardCharsets.UTF_8));
                out.append(':');
            }
            final int at = node + DocumentLayout.value(isTable, entry);
            value(tree.space.getLong(at), tree.space.getLong(at + VALUE_PAYLOAD), depth + 1);
        }
        out.append(isTable ? '}' : ']');
    }

    private String text(final int position, final long tag) {
        return new String(copy(position, DocumentLayout.length(tag)), StandardCharsets.UTF_8);
    }

    private byte[] copy(final int position, final int length) {
        spend(length);
        final byte[] bytes = new byte[length];
        tree.space.copyOut(position, new UnsafeBuffer(bytes), 0, length);
        return bytes;
    }

    private void spend(final long bytes) {
        left -= bytes;
        if (left < 0) {
            throw tree.space.damaged(tree.space.end(), "ends less than what its values take");
        }
    }
}
