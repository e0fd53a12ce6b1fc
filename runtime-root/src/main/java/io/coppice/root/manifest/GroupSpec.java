package io.coppice.root.manifest;

import io.coppice.pool.plan.GroupStrategy;
import java.util.List;

/**
 * Daemons that are started anew together. Immutable.
 *
 * @param name of the group
 * @param with which members follow one that died
 * @param daemons the members in their order of start, at least one
 */
public record GroupSpec(String name, GroupStrategy with, List<String> daemons) {
    /** Copies the list, so that nobody can change it afterwards. */
    public GroupSpec {
        daemons = List.copyOf(daemons);
    }

    /** Returns the member that a daemon comes after by the group's order, or null. */
    public String before(final String daemon) {
        final int at = with == GroupStrategy.SELF ? -1 : daemons.indexOf(daemon);
        return at > 0 ? daemons.get(at - 1) : null;
    }
}
