package io.coppice.root.manifest;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Lays {@code --set DAEMON.KEY=VALUE} over a manifest's nodes, before any check, so that an
 * override is checked like the file.
 *
 * <p>A key with a dot is a path into the daemon's object. A key without one means the daemon's own
 * key of that name if that holds a single value and no setting is called so; else it is a setting.
 */
final class Overrides {
    /** Ranks overrides behind everything in the file, whose values are fewer than its bytes. */
    private static final int ORDER_BASE = 2 * ManifestLimits.FILE_BYTES_MAX;

    private static final Pattern NUMBER =
            Pattern.compile("-?(?:0|[1-9][0-9]{0,30})(?:\\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?");
    private static final String FORM = "write --set DAEMON.KEY=VALUE";

    private final Node root;
    private final Errors errors;
    private int orderNext = ORDER_BASE;

    Overrides(final Node root, final Errors errors) {
        this.root = root;
        this.errors = errors;
    }

    void apply(final List<String> overrides) {
        for (final String override : overrides) {
            apply(
                    override,
                    new Node.Origin("--set " + Quoted.bareCut(override), "", 0, orderNext++));
        }
    }

    private void apply(final String override, final Node.Origin at) {
        final int equals = override.indexOf('=');
        if (equals < 0) {
            errors.add(at, "has no \"=\" sign", FORM);
            return;
        }
        final String left = override.substring(0, equals);
        final int dot = left.indexOf('.');
        if (dot <= 0 || dot == left.length() - 1) {
            errors.add(at, "names no daemon and key", FORM);
            return;
        }
        final Node daemons = root.members().get("daemons");
        if (daemons == null || !daemons.is(Node.Kind.OBJECT)) {
            // The file has no daemons to set anything of, which is reported for the file.
            return;
        }
        final String name = left.substring(0, dot);
        final Node daemon = daemons.members().get(name);
        if (daemon == null) {
            errors.add(
                    at,
                    "no daemon " + Quoted.text(name),
                    Nearest.cure(
                            name,
                            daemons.members().keySet(),
                            "name one of: "
                                    + Quoted.bareCut(
                                            String.join(", ", daemons.members().keySet()))));
        } else if (daemon.is(Node.Kind.OBJECT)) {
            set(daemon, left.substring(dot + 1), override.substring(equals + 1), at);
        }
    }

    private void set(
            final Node daemon, final String key, final String value, final Node.Origin at) {
        if (key.indexOf('.') >= 0) {
            setPath(daemon, List.of(key.split("\\.", -1)), value, at);
            return;
        }
        final Node settings = daemon.members().get(Keys.SETTINGS);
        final Keys.Form form = Keys.DAEMON_KEYS.get(key);
        if (settings != null && settings.members().containsKey(key)) {
            setPath(daemon, List.of(Keys.SETTINGS, key), value, at);
        } else if (form != null && form.isScalar() && !Keys.MAIN.equals(key)) {
            put(daemon, key, form, value, at);
        } else if (form != null) {
            errors.add(
                    at,
                    Quoted.text(key) + " holds no single value to override",
                    "change it in the manifest, or write "
                            + settingSpelling(daemon, key)
                            + " for a setting of that name");
        } else {
            setSetting(daemon, key, value, at);
        }
    }

    /**
     * A new setting is welcome, unless its name looks like one of the daemon's own keys misspelled.
     */
    private void setSetting(
            final Node daemon, final String key, final String value, final Node.Origin at) {
        for (final Map.Entry<String, Keys.Form> known : Keys.DAEMON_KEYS.entrySet()) {
            if (known.getValue().isScalar() && Nearest.edits(cut(key), known.getKey()) <= 1) {
                errors.add(
                        at,
                        "no key " + Quoted.text(key),
                        "did you mean "
                                + Quoted.text(known.getKey())
                                + "? (for a new setting write "
                                + settingSpelling(daemon, key)
                                + ")");
                return;
            }
        }
        setPath(daemon, List.of(Keys.SETTINGS, key), value, at);
    }

    private void setPath(
            final Node daemon, final List<String> path, final String value, final Node.Origin at) {
        Node object = daemon;
        Map<String, Keys.Form> keys = Keys.DAEMON_KEYS;
        for (int index = 0; index < path.size() - 1; index++) {
            final String key = path.get(index);
            final boolean isPool = index == 1 && Keys.TRANSACTIONS.equals(path.get(0));
            if (isPool ? !hasMember(object, key, "pool", at) : !isObjectKey(keys, key, at)) {
                return;
            }
            object = child(object, key, at);
            if (object == null) {
                return;
            }
            keys = isPool ? Keys.TRANSACTION_KEYS : keysOf(key);
        }
        final String last = path.get(path.size() - 1);
        if (path.size() == 2 && isFree(path.get(0))) {
            put(object, last, formInFree(path.get(0)), value, at);
        } else if (path.size() == 2 && Keys.TRANSACTIONS.equals(path.get(0))) {
            errors.add(
                    at,
                    Quoted.text(last) + " holds no single value to override",
                    "name one of its keys too");
        } else if (keys.containsKey(last)) {
            put(object, last, keys.get(last), value, at);
        } else {
            noKey(last, keys, at);
        }
    }

    private boolean isObjectKey(
            final Map<String, Keys.Form> keys, final String key, final Node.Origin at) {
        if (!keys.containsKey(key)) {
            noKey(key, keys, at);
            return false;
        }
        if (keys.get(key) != Keys.Form.OBJECT) {
            errors.add(at, Quoted.text(key) + " has no keys of its own", "end the path there");
            return false;
        }
        return true;
    }

    private boolean hasMember(
            final Node object, final String key, final String noun, final Node.Origin at) {
        if (!object.members().containsKey(key)) {
            errors.add(
                    at,
                    "no " + noun + " " + Quoted.text(key),
                    Nearest.cure(
                            key, object.members().keySet(), "declare it in the manifest first"));
            return false;
        }
        return true;
    }

    private void noKey(final String key, final Map<String, Keys.Form> keys, final Node.Origin at) {
        errors.add(
                at,
                "no key " + Quoted.text(key),
                Nearest.cure(
                        key,
                        keys.keySet(),
                        keys.isEmpty()
                                ? "end the path there"
                                : "known here: " + String.join(", ", keys.keySet())));
    }

    /**
     * The object behind a key, made where it is missing; null where the file has something else
     * there.
     */
    private static Node child(final Node object, final String key, final Node.Origin at) {
        final Node child =
                object.members()
                        .computeIfAbsent(
                                key, missing -> Node.emptyObject(originOf(object, missing, at)));
        return child.is(Node.Kind.OBJECT) ? child : null;
    }

    private static void put(
            final Node object,
            final String key,
            final Keys.Form form,
            final String value,
            final Node.Origin at) {
        object.members()
                .put(key, Node.scalar(kindOf(form, value), value, originOf(object, key, at)));
    }

    private static Node.Kind kindOf(final Keys.Form form, final String value) {
        switch (form) {
            case INTEGER:
            case WORKERS:
            case SIZE:
                return NUMBER.matcher(value).matches() ? Node.Kind.NUMBER : Node.Kind.STRING;
            case BOOLEAN:
                return "true".equals(value) || "false".equals(value)
                        ? Node.Kind.BOOLEAN
                        : Node.Kind.STRING;
            default:
                return Node.Kind.STRING;
        }
    }

    private static Node.Origin originOf(final Node object, final String key, final Node.Origin at) {
        return new Node.Origin(
                at.source(), object.origin().path() + JsonPaths.member(key), 0, at.order());
    }

    private static boolean isFree(final String key) {
        return Keys.SETTINGS.equals(key) || Keys.CAPACITIES.equals(key);
    }

    private static Keys.Form formInFree(final String key) {
        return Keys.CAPACITIES.equals(key) ? Keys.Form.INTEGER : Keys.Form.TEXT;
    }

    private static Map<String, Keys.Form> keysOf(final String key) {
        switch (key) {
            case Keys.RESTART:
                return Keys.RESTART_KEYS;
            case Keys.WATCHDOG:
                return Keys.WATCHDOG_KEYS;
            default:
                return Map.of();
        }
    }

    private static String settingSpelling(final Node daemon, final String key) {
        final String path = daemon.origin().path();
        return path.substring(path.lastIndexOf('.') + 1) + ".settings." + Quoted.bareCut(key) + "=";
    }

    private static String cut(final String key) {
        return key.length() > ManifestLimits.CLASS_CHARS_MAX ? "" : key;
    }
}
