package io.coppice.root.manifest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks what daemons say about each other: {@code after}, which the order of a group says too, and
 * {@code readers}.
 */
final class References {
    private final Map<String, Node> daemons;
    private final List<GroupSpec> groups;
    private final Errors errors;
    private final Set<String> finished = new HashSet<>();

    private References(
            final Map<String, Node> daemons, final List<GroupSpec> groups, final Errors errors) {
        this.daemons = daemons;
        this.groups = groups;
        this.errors = errors;
    }

    static void check(
            final Map<String, Node> daemons, final List<GroupSpec> groups, final Errors errors) {
        final References references = new References(daemons, groups, errors);
        daemons.forEach(
                (name, node) -> {
                    references.checkNamed(node, "after");
                    references.checkNamed(node, "readers");
                    references.checkReadersAreOthers(name, node);
                });
        for (final String name : daemons.keySet()) {
            references.findCycle(name, new ArrayDeque<>());
        }
    }

    private void checkNamed(final Node daemon, final String key) {
        for (final Node item : items(daemon, key)) {
            if (!daemons.containsKey(item.text())) {
                errors.add(
                        item,
                        Quoted.text(item.text()) + " is not a daemon of this manifest",
                        Nearest.cure(
                                item.text(),
                                daemons.keySet(),
                                "name one of: "
                                        + Quoted.bareCut(String.join(", ", daemons.keySet()))));
            }
        }
    }

    private void checkReadersAreOthers(final String name, final Node daemon) {
        for (final Node item : items(daemon, "readers")) {
            if (item.text().equals(name)) {
                errors.add(
                        item,
                        Quoted.text(name) + " names itself",
                        "remove it: a daemon always reads its own arena");
            }
        }
    }

    /**
     * Depth first; the path is at most as long as there are daemons, so the recursion is bounded.
     */
    private void findCycle(final String name, final Deque<String> path) {
        if (path.contains(name)) {
            final List<String> cycle = new ArrayList<>();
            // The deque's head is the daemon reached last.
            for (final String each : path) {
                cycle.add(0, each);
                if (each.equals(name)) {
                    break;
                }
            }
            cycle.add(name);
            final Node after = daemons.get(name).members().get("after");
            errors.add(
                    after == null ? daemons.get(name) : after,
                    "cycle: " + String.join(" -> ", cycle),
                    "remove one of them from an \"after\""
                            + (groups.isEmpty() ? "" : ", or change the order in a group"));
            return;
        }
        if (finished.contains(name)) {
            return;
        }
        path.push(name);
        for (final Node item : items(daemons.get(name), "after")) {
            if (daemons.containsKey(item.text())) {
                findCycle(item.text(), path);
            }
        }
        for (final GroupSpec group : groups) {
            final String before = group.before(name);
            if (before != null && daemons.containsKey(before)) {
                findCycle(before, path);
            }
        }
        path.pop();
        finished.add(name);
    }

    private static List<Node> items(final Node daemon, final String key) {
        final Node list = daemon.members().get(key);
        return list == null
                ? List.of()
                : list.items().stream().filter(item -> item.is(Node.Kind.STRING)).toList();
    }
}
