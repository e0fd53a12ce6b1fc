package io.coppice.root.loop;

import io.coppice.pool.board.DaemonState;
import io.coppice.pool.plan.GroupPlan;
import io.coppice.pool.plan.GroupStrategy;
import java.util.List;

/**
 * Daemons that are started anew together. Where a member dies, or is restarted on request, those
 * that follow it by the group's strategy are stopped one by one, the last first, as if a restart of
 * each was asked for: that is no death of theirs. No member concerned starts before all of them are
 * down; then they start in order, since each comes {@code after} the one before it. While a member
 * is quarantined those that follow it stay down.
 *
 * <p>For root's thread. Allocates nothing after it is made.
 */
final class Groups {
    private final Group[] groups;

    /** By slot - 1; null where a daemon is in no group that matters. */
    private final Group[] bySlot;

    Groups(final List<GroupPlan> plans, final DaemonSlot[] daemons) {
        this.groups = new Group[plans.size()];
        final Rows rows = new Rows(daemons);
        this.bySlot = new Group[rows.highest()];
        for (int i = 0; i < groups.length; i++) {
            final GroupPlan plan = plans.get(i);
            final DaemonSlot[] members = new DaemonSlot[plan.members().size()];
            groups[i] = new Group(plan.with(), members);
            for (int member = 0; member < members.length; member++) {
                final int slot = plan.members().get(member);
                members[member] = rows.daemon(slot);
                bySlot[slot - 1] = plan.with() == GroupStrategy.SELF ? null : groups[i];
            }
        }
    }

    /** Takes the groups down in which somebody fell; to be called between deaths and starts. */
    void step(final long nowNs) {
        for (final Group group : groups) {
            group.step(nowNs);
        }
    }

    /** Returns whether a daemon's group, where it has one, lets it start. */
    boolean mayStart(final DaemonSlot daemon) {
        final Group group = bySlot[daemon.slot() - 1];
        return group == null || group.mayStart(daemon);
    }

    /** Returns whether a daemon is down because a member that it follows is quarantined. */
    boolean isHeldDown(final DaemonSlot daemon) {
        final Group group = bySlot[daemon.slot() - 1];
        return group != null && daemon.state() == DaemonState.WAITING && group.isHeldDown(daemon);
    }

    /** One group. */
    private static final class Group {
        private final GroupStrategy with;
        private final DaemonSlot[] members;

        /** Falls of each member that were seen. */
        private final long[] falls;

        /** The first member that is taken down; as many as there are while none is. */
        private int downFrom;

        Group(final GroupStrategy with, final DaemonSlot[] members) {
            this.with = with;
            this.members = members;
            this.falls = new long[members.length];
            this.downFrom = members.length;
        }

        void step(final long nowNs) {
            for (int i = 0; i < members.length; i++) {
                if (falls[i] != members[i].falls()) {
                    falls[i] = members[i].falls();
                    downFrom = Math.min(downFrom, firstConcerned(i));
                }
            }
            if (downFrom < members.length && isDown(nowNs)) {
                downFrom = members.length;
            }
        }

        private int firstConcerned(final int fallen) {
            switch (with) {
                case ALL:
                    return 0;
                case REST:
                    return fallen;
                default:
                    return members.length;
            }
        }

        /** Asks the last one that still runs to stop; returns whether none does. */
        private boolean isDown(final long nowNs) {
            for (int i = members.length - 1; i >= downFrom; i--) {
                final DaemonSlot member = members[i];
                if (member.isEnding()) {
                    return false;
                }
                member.on(DaemonEvent.GROUP_STOPS, nowNs);
                if (member.state() == DaemonState.STOPPING) {
                    return false;
                }
            }
            return true;
        }

        boolean mayStart(final DaemonSlot daemon) {
            for (int i = downFrom; i < members.length; i++) {
                if (members[i] == daemon) {
                    return false;
                }
            }
            return !isHeldDown(daemon);
        }

        boolean isHeldDown(final DaemonSlot daemon) {
            for (int i = 0; i < members.length; i++) {
                if (members[i] == daemon && with == GroupStrategy.REST) {
                    return false;
                }
                if (members[i].state() == DaemonState.QUARANTINED) {
                    return true;
                }
            }
            return false;
        }
    }
}
