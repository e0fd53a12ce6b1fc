package io.coppice.root.manifest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON value with the place it came from, so that every later check can say where. Members keep
 * the order of the file.
 *
 * @param kind what kind of JSON value this is
 * @param text a string's value, or a number, boolean or null as it stands in the file; empty for
 *     the rest
 * @param members members of an object, changeable so that overrides can be laid over it; empty for
 *     the rest
 * @param items items of an array; empty for the rest
 * @param origin where the value came from
 */
record Node(Kind kind, String text, Map<String, Node> members, List<Node> items, Origin origin) {
    /** The six kinds of JSON values. */
    enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        BOOLEAN,
        NULL
    }

    /**
     * Where a value came from.
     *
     * @param source the file as the operator named it, or {@code --set ...}
     * @param path JSON path
     * @param line line in the file, from 1; 0 for an override
     * @param order rank among all values of the manifest; errors are printed in this order
     */
    record Origin(String source, String path, int line, int order) {
        /** The origin of a member of this object that the same source brought. */
        Origin member(final String key) {
            return new Origin(source, path + JsonPaths.member(key), line, order);
        }
    }

    static Node scalar(final Kind kind, final String text, final Origin origin) {
        return new Node(kind, text, Map.of(), List.of(), origin);
    }

    static Node object(final Map<String, Node> members, final Origin origin) {
        return new Node(Kind.OBJECT, "", members, List.of(), origin);
    }

    static Node emptyObject(final Origin origin) {
        return object(new LinkedHashMap<>(), origin);
    }

    static Node array(final List<Node> items, final Origin origin) {
        return new Node(Kind.ARRAY, "", Map.of(), items, origin);
    }

    boolean is(final Kind expected) {
        return kind == expected;
    }
}
