package io.coppice.root.manifest;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Makes, from one manifest, all those that differ from it in one place. */
final class ManifestMutations {
    /** Keeps numbers as they are written: a double would make 1e400 infinite. */
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final JsonNode original;
    private final List<String> values;
    private final Map<String, String> mutations = new LinkedHashMap<>();

    private ManifestMutations(final String json, final List<String> values) {
        this.original = read(json);
        this.values = values;
    }

    /**
     * All single changes: each value replaced by each of the given ones, each key left out, each
     * object given a key too much, with a good name and with bad ones.
     *
     * @param json a manifest
     * @param values JSON texts to put in place of every value
     * @return the manifests by what was changed
     */
    static Map<String, String> of(final String json, final List<String> values) {
        final ManifestMutations mutations = new ManifestMutations(json, values);
        mutations.visit("");
        return mutations.mutations;
    }

    private void visit(final String pointer) {
        final JsonNode node = original.at(pointer);
        if (!pointer.isEmpty()) {
            for (final String value : values) {
                mutate(pointer, " = " + value, parent -> replace(parent, pointer, read(value)));
            }
        }
        if (node.isObject()) {
            for (final String key :
                    List.of("xyzzy", "a/b", "", "A.b", "-a", "a\n", "x".repeat(64))) {
                mutate(
                        pointer + "/",
                        "+ " + key + " \"5\"",
                        object -> ((ObjectNode) object).put(key, "5"));
                mutate(
                        pointer + "/",
                        "+ " + key + " 5",
                        object -> ((ObjectNode) object).put(key, 5));
                mutate(
                        pointer + "/",
                        "+ " + key + " {}",
                        object -> ((ObjectNode) object).putObject(key));
            }
            for (final String key : List.copyOf(iterable(node))) {
                mutate(pointer + "/", "- " + key, object -> ((ObjectNode) object).remove(key));
                visit(pointer + "/" + key);
            }
        }
        for (int index = 0; node.isArray() && index < node.size(); index++) {
            visit(pointer + "/" + index);
        }
    }

    private void mutate(
            final String pointer, final String change, final Consumer<JsonNode> changer) {
        final JsonNode copy = original.deepCopy();
        changer.accept(copy.at(pointer.substring(0, Math.max(0, pointer.lastIndexOf('/')))));
        mutations.put(pointer + change, copy.toString());
    }

    private static void replace(final JsonNode parent, final String pointer, final JsonNode value) {
        final String key = pointer.substring(pointer.lastIndexOf('/') + 1);
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(key), value);
        } else {
            ((ObjectNode) parent).set(key, value);
        }
    }

    private static List<String> iterable(final JsonNode node) {
        final List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    static JsonNode read(final String json) {
        try {
            return MAPPER.readTree(json);
        } catch (final IOException wrong) {
            throw new UncheckedIOException(json, wrong);
        }
    }
}
