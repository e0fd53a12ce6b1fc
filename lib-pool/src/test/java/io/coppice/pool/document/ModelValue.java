package io.coppice.pool.document;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A document as plain maps and lists: what the real one is compared with. Never changed: every
 * change makes a copy.
 */
final class ModelValue {
    private static final String NULL = "null";
    private static final String[] KEYS = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"};

    private final Map<String, Object> root;

    private ModelValue(final Map<String, Object> root) {
        this.root = root;
    }

    /** A way from the root: keys and places. */
    record Way(List<Object> steps) {
        DocumentPath path() {
            DocumentPath path = DocumentPath.ROOT;
            for (final Object step : steps) {
                path = step instanceof final String key ? path.key(key) : path.index((int) step);
            }
            return path;
        }
    }

    /** A text, a number or the like, as JSON has it. */
    record Scalar(String json) {}

    static ModelValue table() {
        return new ModelValue(new LinkedHashMap<>());
    }

    String json() {
        return json(root);
    }

    /** Returns a way to something that is there, or null where nothing is. */
    Way existing(final Random random) {
        final List<Object> steps = new ArrayList<>();
        Object at = root;
        do {
            final List<Object> choices = choices(at);
            if (choices.isEmpty()) {
                break;
            }
            steps.add(choices.get(random.nextInt(choices.size())));
            at = child(at, steps.get(steps.size() - 1));
        } while (random.nextBoolean());
        return steps.isEmpty() ? null : new Way(steps);
    }

    /** Returns a way to where something can be put. */
    Way anywhere(final Random random) {
        final List<Object> steps = new ArrayList<>();
        Object at = root;
        for (int depth = 1 + random.nextInt(4); depth > 0; depth--) {
            if (at == null) {
                at = random.nextBoolean() ? new LinkedHashMap<>() : new ArrayList<>();
            }
            if (at instanceof Scalar) {
                break;
            }
            steps.add(
                    at instanceof final List<?> list
                            ? (Object) random.nextInt(list.size() + 1)
                            : KEYS[random.nextInt(KEYS.length)]);
            at = child(at, steps.get(steps.size() - 1));
        }
        return new Way(steps);
    }

    ModelValue with(final Way way, final Object value) {
        final ModelValue changed = new ModelValue(copyOf(root));
        Object at = changed.root;
        for (int i = 0; i < way.steps().size(); i++) {
            final boolean last = i == way.steps().size() - 1;
            final Object step = way.steps().get(i);
            Object next = child(at, step);
            if (last || next == null) {
                next =
                        last
                                ? copy(value)
                                : way.steps().get(i + 1) instanceof String
                                        ? new LinkedHashMap<>()
                                        : new ArrayList<>();
                set(at, step, next);
            }
            at = next;
        }
        return changed;
    }

    ModelValue without(final Way way) {
        final ModelValue changed = new ModelValue(copyOf(root));
        Object at = changed.root;
        for (int i = 0; i < way.steps().size() - 1; i++) {
            at = child(at, way.steps().get(i));
        }
        final Object step = way.steps().get(way.steps().size() - 1);
        if (at instanceof final List<?> list) {
            list.remove((int) step);
        } else {
            ((Map<?, ?>) at).remove(step);
        }
        return changed;
    }

    static Object random(final Random random) {
        switch (random.nextInt(8)) {
            case 0:
                return new Scalar(Double.toString(random.nextInt(1000) / 8.0));
            case 1:
                return new Scalar(random.nextBoolean() ? "true" : NULL);
            case 2, 3:
                return new Scalar("\"" + "xyz€".repeat(random.nextInt(30)) + "\"");
            case 4:
                final Map<String, Object> table = new LinkedHashMap<>();
                for (int i = random.nextInt(12); i > 0; i--) {
                    table.put(KEYS[random.nextInt(KEYS.length)], random(random));
                }
                return random.nextBoolean() ? table : new ArrayList<>(table.values());
            default:
                return new Scalar(Long.toString(random.nextLong()));
        }
    }

    /** Puts a value through one of the ways there are. */
    static void put(
            final Document document,
            final DocumentPath path,
            final Object value,
            final Random random) {
        final String json = json(value);
        if (!(value instanceof Scalar) || random.nextInt(4) == 0) {
            document.putJson(path, json);
        } else if (json.startsWith("\"")) {
            final byte[] text = json.getBytes(StandardCharsets.UTF_8);
            document.putText(path, new UnsafeBuffer(text), 1, text.length - 2);
        } else if (json.equals("true")) {
            document.putBoolean(path, true);
        } else if (json.equals(NULL)) {
            document.putNull(path);
        } else if (json.contains(".")) {
            document.putDouble(path, Double.parseDouble(json));
        } else {
            document.putLong(path, Long.parseLong(json));
        }
    }

    static String json(final Object value) {
        if (value instanceof final Scalar scalar) {
            return scalar.json();
        }
        final StringBuilder json = new StringBuilder();
        for (final Object step : choices(value)) {
            json.append(json.length() == 0 ? "" : ",");
            json.append(step instanceof String ? "\"" + step + "\":" : "");
            json.append(json(child(value, step)));
        }
        return value instanceof List ? "[" + json + "]" : "{" + json + "}";
    }

    private static List<Object> choices(final Object at) {
        final List<Object> choices = new ArrayList<>();
        if (at instanceof final Map<?, ?> map) {
            choices.addAll(map.keySet());
        } else if (at instanceof final List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                choices.add(i);
            }
        }
        return choices;
    }

    private static Object child(final Object at, final Object step) {
        if (at instanceof final List<?> list) {
            return (int) step < list.size() ? list.get((int) step) : null;
        }
        return ((Map<?, ?>) at).get(step);
    }

    @SuppressWarnings("unchecked")
    private static void set(final Object at, final Object step, final Object value) {
        if (at instanceof Map) {
            ((Map<String, Object>) at).put((String) step, value);
            return;
        }
        final List<Object> list = (List<Object>) at;
        if ((int) step == list.size()) {
            list.add(value);
        } else {
            list.set((int) step, value);
        }
    }

    private static Object copy(final Object value) {
        if (value instanceof final List<?> list) {
            final List<Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(copy(element)));
            return copy;
        }
        return value instanceof final Map<?, ?> map ? copyOf(map) : value;
    }

    private static Map<String, Object> copyOf(final Map<?, ?> map) {
        final Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, element) -> copy.put((String) key, copy(element)));
        return copy;
    }
}
