package io.coppice.root.manifest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One object of the manifest, read key by key. Every method reports what is wrong and answers with
 * a value that is safe to go on with, so that one pass finds every mistake.
 */
final class Section {
    static final String NAME_CURE =
            "use 1 to 31 of a-z, 0-9 and \"-\", beginning with a letter or digit";
    static final String KEY_CURE =
            "use 1 to 63 of A-Z, a-z, 0-9, \"_\" and \"-\", beginning with a letter";
    static final Pattern NAME = Pattern.compile(ManifestLimits.NAME_PATTERN);
    static final Pattern KEY = Pattern.compile(ManifestLimits.KEY_PATTERN);
    private static final Pattern CLASS = Pattern.compile(ManifestLimits.CLASS_PATTERN);
    private static final Pattern JVM = Pattern.compile(ManifestLimits.JVM_PATTERN);
    private static final String EXAMPLE_CLASS = "com.example.Main";

    private final Node node;
    private final Errors errors;
    private final Scalars scalars;

    /** Takes an object node and reports the keys that are not in the table. */
    Section(final Node node, final Map<String, Keys.Form> keys, final Errors errors) {
        this.node = node;
        this.errors = errors;
        this.scalars = new Scalars(errors);
        node.members()
                .forEach(
                        (key, member) -> {
                            if (!keys.containsKey(key)) {
                                errors.add(
                                        member,
                                        "unknown key " + Quoted.text(key),
                                        Nearest.cure(key, keys.keySet(), removeCure(keys)));
                            }
                        });
    }

    Node node() {
        return node;
    }

    Scalars scalars() {
        return scalars;
    }

    Node member(final String key) {
        return node.members().get(key);
    }

    /** The member, or null after reporting that it is missing. */
    Node required(final String key, final String example) {
        final Node member = member(key);
        if (member == null) {
            errors.add(
                    node,
                    Quoted.text(key) + " is missing",
                    "add " + Quoted.text(key) + ": " + example);
        }
        return member;
    }

    long size(final String key, final long defaultBytes, final long min, final long max) {
        final Node member = member(key);
        return member == null ? defaultBytes : scalars.size(member, min, max);
    }

    long durationNs(final String key, final long defaultNs) {
        final Node member = member(key);
        return member == null ? defaultNs : scalars.durationNs(member);
    }

    /** A duration with bounds of its own. */
    long durationNs(final String key, final long defaultNs, final long least, final long most) {
        final Node member = member(key);
        return member == null ? defaultNs : scalars.durationNs(member, least, most);
    }

    int integer(final String key, final long otherwise, final long min, final long max) {
        final Node member = member(key);
        return Math.toIntExact(member == null ? otherwise : scalars.integer(member, min, max));
    }

    boolean bool(final String key) {
        final Node member = member(key);
        return member != null && scalars.bool(member);
    }

    /** The class name behind a required key, or an empty text after reporting what is wrong. */
    String className(final String key) {
        final Node member = required(key, Quoted.text(EXAMPLE_CLASS));
        return member != null
                        && scalars.isText(
                                member,
                                CLASS,
                                ManifestLimits.CLASS_CHARS_MAX,
                                "a class name",
                                EXAMPLE_CLASS,
                                "write it with its package, such as \"" + EXAMPLE_CLASS + "\"")
                ? member.text()
                : "";
    }

    /** One of the given choices; the first is the default. */
    <T extends Enum<T>> T choice(final String key, final T[] choices, final T otherwise) {
        final Node member = member(key);
        if (member == null) {
            return otherwise;
        }
        for (final T choice : choices) {
            if (member.is(Node.Kind.STRING) && choice.toString().equals(member.text())) {
                return choice;
            }
        }
        final List<String> words = Stream.of(choices).map(Object::toString).toList();
        final String all = String.join(", ", words);
        errors.add(
                member,
                Quoted.value(member) + " is not one of " + all,
                member.is(Node.Kind.STRING)
                        ? Nearest.cure(member.text(), words, "write one of them")
                        : "write one of them");
        return otherwise;
    }

    /** The object behind a key; an empty one where it is missing or (reported) something else. */
    Node object(final String key) {
        final Node member = member(key);
        return member != null && isObject(member, key)
                ? member
                : Node.emptyObject(node.origin().member(key));
    }

    boolean isObject(final Node member, final String key) {
        if (!member.is(Node.Kind.OBJECT)) {
            errors.add(
                    member,
                    Quoted.value(member) + " is not an object",
                    "write " + Quoted.text(key) + ": { ... }");
        }
        return member.is(Node.Kind.OBJECT);
    }

    /** The items behind a key; none where it is missing or (reported) something else. */
    List<Node> items(final String key, final int itemsMax, final String example) {
        final Node member = member(key);
        if (member == null) {
            return List.of();
        }
        if (!member.is(Node.Kind.ARRAY)) {
            errors.add(
                    member,
                    Quoted.value(member) + " is not an array",
                    "write " + Quoted.text(key) + ": [" + Quoted.text(example) + "]");
            return List.of();
        }
        return withinCount(member, member.items().size(), itemsMax) ? member.items() : List.of();
    }

    /** Names of other daemons; that they exist is checked later, when all are known. */
    List<String> daemonNames(final String key) {
        final Set<String> seen = new HashSet<>();
        final List<String> names = new ArrayList<>();
        for (final Node item : items(key, ManifestLimits.DAEMONS_MAX, "name")) {
            if (scalars.isString(item, "name")) {
                if (seen.add(item.text())) {
                    names.add(item.text());
                } else {
                    errors.add(
                            item,
                            Quoted.text(item.text()) + " is listed twice",
                            "remove one of them");
                }
            }
        }
        return names;
    }

    List<String> jvmArguments() {
        final List<String> arguments = new ArrayList<>();
        for (final Node item : items("jvm", ManifestLimits.JVM_ARGUMENTS_MAX, "-Xss512k")) {
            if (scalars.isText(
                    item,
                    JVM,
                    ManifestLimits.JVM_CHARS_MAX,
                    "a JVM argument",
                    "-Xss512k",
                    "write 1 to "
                            + ManifestLimits.JVM_CHARS_MAX
                            + " characters without control characters")) {
                arguments.add(item.text());
            }
        }
        return arguments;
    }

    /**
     * The members of an object whose keys the operator chooses; those with bad names are reported
     * and left out.
     */
    Map<String, Node> named(
            final String key, final Pattern pattern, final String cure, final int membersMax) {
        final Node object = object(key);
        final Map<String, Node> named = new LinkedHashMap<>();
        if (withinCount(object, object.members().size(), membersMax)) {
            object.members()
                    .forEach(
                            (name, member) -> {
                                if (pattern.matcher(name).matches()) {
                                    named.put(name, member);
                                } else {
                                    errors.add(member, Quoted.text(name) + " is not a name", cure);
                                }
                            });
        }
        return named;
    }

    private boolean withinCount(final Node member, final int count, final int countMax) {
        if (count > countMax) {
            errors.add(
                    member, "has " + count + " entries", "write at most " + countMax + " of them");
        }
        return count <= countMax;
    }

    private static String removeCure(final Map<String, Keys.Form> keys) {
        return "remove it; known here: "
                + new TreeMap<>(keys).keySet().stream().collect(Collectors.joining(", "));
    }
}
