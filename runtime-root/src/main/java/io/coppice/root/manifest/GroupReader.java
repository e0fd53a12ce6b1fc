package io.coppice.root.manifest;

import io.coppice.pool.plan.GroupStrategy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code groups}: that the daemons exist, and that none is in two of them. */
final class GroupReader {
    private final Set<String> daemons;
    private final Errors errors;
    private final Map<String, String> groupOf = new HashMap<>();

    GroupReader(final Set<String> daemons, final Errors errors) {
        this.daemons = daemons;
        this.errors = errors;
    }

    List<GroupSpec> read(final Section root) {
        final List<GroupSpec> groups = new ArrayList<>();
        root.named(Keys.GROUPS, Section.NAME, Section.NAME_CURE, ManifestLimits.DAEMONS_MAX)
                .forEach(
                        (name, node) -> {
                            if (root.isObject(node, name)) {
                                groups.add(group(name, node));
                            }
                        });
        return groups;
    }

    private GroupSpec group(final String name, final Node node) {
        final Section section = new Section(node, Keys.GROUP_KEYS, errors);
        section.required("with", "\"rest\"");
        final GroupStrategy with =
                section.choice("with", GroupStrategy.values(), GroupStrategy.SELF);
        final Node list = section.required("daemons", "[\"first\", \"second\"]");
        final List<String> members = section.daemonNames("daemons");
        if (list != null && list.is(Node.Kind.ARRAY)) {
            if (list.items().isEmpty()) {
                errors.add(list, "is empty", "name the daemons of the group, in their order");
            }
            checkMembers(name, list);
        }
        return new GroupSpec(name, with, members);
    }

    private void checkMembers(final String group, final Node list) {
        for (final Node item : list.items()) {
            if (!item.is(Node.Kind.STRING)) {
                continue;
            }
            if (!daemons.contains(item.text())) {
                errors.add(
                        item,
                        Quoted.text(item.text()) + " is not a daemon of this manifest",
                        Nearest.cure(
                                item.text(),
                                daemons,
                                "name one of: " + Quoted.bareCut(String.join(", ", daemons))));
                continue;
            }
            final String other = groupOf.putIfAbsent(item.text(), group);
            if (other != null && !other.equals(group)) {
                errors.add(
                        item,
                        Quoted.text(item.text())
                                + " is in the group "
                                + Quoted.text(other)
                                + " too",
                        "a daemon is in one group at most: remove it from one of them");
            }
        }
    }
}
