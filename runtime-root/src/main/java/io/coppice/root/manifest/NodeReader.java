package io.coppice.root.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns JSON text into {@link Node}s. Text that is not JSON ends the reading with one mistake; a
 * key that stands twice is a mistake like any other, so that it is reported beside the rest.
 */
final class NodeReader {
    private final String source;
    private final Errors errors;
    private final JsonParser parser;
    private int orderNext;

    private NodeReader(final String source, final Errors errors, final JsonParser parser) {
        this.source = source;
        this.errors = errors;
        this.parser = parser;
    }

    static Node read(final String json, final String source, final Errors errors)
            throws ManifestException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            final NodeReader reader = new NodeReader(source, errors, parser);
            final Node root = reader.value(parser.nextToken(), JsonPaths.ROOT, 0);
            final JsonToken trailing = parser.nextToken();
            if (trailing != null) {
                throw refuse(
                        source,
                        parser.currentTokenLocation(),
                        "text after the end of the manifest",
                        "remove it, or a closing bracket too many before it");
            }
            return root;
        } catch (final JsonProcessingException wrong) {
            throw notJson(source, wrong);
        } catch (final IOException impossible) {
            throw new UncheckedIOException("reading from a string failed", impossible);
        }
    }

    private Node value(final JsonToken token, final String path, final int depth)
            throws IOException, ManifestException {
        final JsonLocation location = parser.currentTokenLocation();
        final Node.Origin origin = new Node.Origin(source, path, location.getLineNr(), orderNext++);
        switch (token) {
            case START_OBJECT:
                return Node.object(members(path, deeper(depth, location)), origin);
            case START_ARRAY:
                return Node.array(items(path, deeper(depth, location)), origin);
            case VALUE_STRING:
                return Node.scalar(Node.Kind.STRING, parser.getText(), origin);
            case VALUE_NUMBER_INT:
            case VALUE_NUMBER_FLOAT:
                return Node.scalar(Node.Kind.NUMBER, parser.getText(), origin);
            case VALUE_TRUE:
            case VALUE_FALSE:
                return Node.scalar(Node.Kind.BOOLEAN, parser.getText(), origin);
            case VALUE_NULL:
                return Node.scalar(Node.Kind.NULL, parser.getText(), origin);
            default:
                throw new IllegalStateException("a value cannot begin with " + token);
        }
    }

    private Map<String, Node> members(final String path, final int depth)
            throws IOException, ManifestException {
        final Map<String, Node> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            final String key = parser.currentName();
            final Node member = value(parser.nextToken(), path + JsonPaths.member(key), depth);
            final Node earlier = members.putIfAbsent(key, member);
            if (earlier != null) {
                errors.add(
                        member,
                        Quoted.text(key)
                                + " stands twice, on lines "
                                + earlier.origin().line()
                                + " and "
                                + member.origin().line(),
                        "rename or remove one of them");
            }
        }
        return members;
    }

    private List<Node> items(final String path, final int depth)
            throws IOException, ManifestException {
        final List<Node> items = new ArrayList<>();
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
            items.add(value(token, path + JsonPaths.item(items.size()), depth));
            token = parser.nextToken();
        }
        return items;
    }

    /** The recursion above is bounded here, so no file can overflow the stack. */
    private int deeper(final int depth, final JsonLocation location) throws ManifestException {
        if (depth == ManifestLimits.DEPTH_MAX) {
            throw refuse(
                    source,
                    location,
                    "nested deeper than " + ManifestLimits.DEPTH_MAX + " levels",
                    "a manifest needs six: remove the rest");
        }
        return depth + 1;
    }

    private static ManifestException notJson(
            final String source, final JsonProcessingException wrong) {
        final String message = String.valueOf(wrong.getOriginalMessage());
        // Jackson has an exception of its own for an early end, but does not always use it.
        if (wrong instanceof JsonEOFException || message.startsWith("Unexpected end-of-input")) {
            return refuse(
                    source,
                    wrong.getLocation(),
                    "not JSON: the text ends too early",
                    "close every brace, bracket and quote");
        }
        return refuse(
                source,
                wrong.getLocation(),
                "not JSON: " + withoutRemarks(message),
                "correct it there or just before");
    }

    /** What Jackson says without its advice on how to configure Jackson. */
    private static String withoutRemarks(final String message) {
        String text = message;
        for (final String remark : List.of(" (not recognized", ": enable `", "\n at ")) {
            final int at = text.indexOf(remark);
            text = at < 0 ? text : text.substring(0, at);
        }
        return Quoted.bare(text);
    }

    private static ManifestException refuse(
            final String source,
            final JsonLocation location,
            final String problem,
            final String cure) {
        final String where = "line " + location.getLineNr() + ", column " + location.getColumnNr();
        return new ManifestException(List.of(new ManifestError(source, where, problem, cure)));
    }
}
