package io.coppice.root.loop;

import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.TreePlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What has to be done to the processes of a tree whose plan becomes another one. A daemon goes on
 * as it is where all that its process has taken from the plan stays: its slot, its command (in
 * which the start cache stands for the jars), its memory, its pools, and whom it reads and is read
 * by. What root alone looks at (order, restarts, watchdog, deadlines) may change under it. A
 * sibling that is started anew is no reason: readers notice that by themselves, as after a crash.
 *
 * <p>Immutable; from any thread.
 */
public final class PlanDifference {
    private final TreePlan before;
    private final TreePlan after;

    /** Compares two plans of the same tree. */
    public PlanDifference(final TreePlan before, final TreePlan after) {
        this.before = before;
        this.after = after;
    }

    /** Returns whether a daemon of this name is in both plans and its process may go on. */
    public boolean keeps(final String name) {
        final DaemonPlan earlier = before.daemon(name);
        final DaemonPlan later = after.daemon(name);
        return earlier != null
                && later != null
                && isSameProcess(earlier, later)
                && readBy(before, earlier.slot()).equals(readBy(after, later.slot()))
                && readersOf(before, earlier).equals(readersOf(after, later));
    }

    /** Returns the names of the daemons that both plans have and whose process goes on. */
    public List<String> kept() {
        final List<String> names = new ArrayList<>();
        for (final DaemonPlan daemon : after.daemons()) {
            if (keeps(daemon.name())) {
                names.add(daemon.name());
            }
        }
        return names;
    }

    /** Returns the names of the daemons that both plans have and that are to be started anew. */
    public List<String> changed() {
        final List<String> names = new ArrayList<>();
        for (final DaemonPlan daemon : after.daemons()) {
            if (before.daemon(daemon.name()) != null && !keeps(daemon.name())) {
                names.add(daemon.name());
            }
        }
        return names;
    }

    /** Returns the names of the daemons that only the later plan has. */
    public List<String> added() {
        return missingIn(before, after);
    }

    /** Returns the names of the daemons that only the earlier plan has. */
    public List<String> removed() {
        return missingIn(after, before);
    }

    /** Says in one line what changes. */
    public String inWords() {
        final StringBuilder text = new StringBuilder();
        append(text, "starts", added());
        append(text, "restarts", changed());
        append(text, "stops", removed());
        append(text, "keeps", kept());
        return text.toString();
    }

    private static void append(
            final StringBuilder text, final String verb, final List<String> names) {
        if (!names.isEmpty()) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append(verb)
                    .append(' ')
                    .append(String.join(", ", names));
        }
    }

    private static List<String> missingIn(final TreePlan one, final TreePlan other) {
        final List<String> names = new ArrayList<>();
        for (final DaemonPlan daemon : other.daemons()) {
            if (one.daemon(daemon.name()) == null) {
                names.add(daemon.name());
            }
        }
        return names;
    }

    private static boolean isSameProcess(final DaemonPlan one, final DaemonPlan other) {
        return one.slot() == other.slot()
                && one.mainClass().equals(other.mainClass())
                && one.memoryBytes() == other.memoryBytes()
                && one.journalBytes() == other.journalBytes()
                && one.stateFolder().equals(other.stateFolder())
                && one.onCrash() == other.onCrash()
                && one.onRootLoss() == other.onRootLoss()
                && one.restart().policy() == other.restart().policy()
                && one.spinNs() == other.spinNs()
                && one.capacities().equals(other.capacities())
                && one.settings().equals(other.settings())
                && one.command().equals(other.command())
                && one.standby() == other.standby()
                && one.pools().equals(other.pools());
    }

    /** Returns the name of the daemon in a slot, "" where there is none. */
    static String name(final TreePlan plan, final int slot) {
        for (final DaemonPlan daemon : plan.daemons()) {
            if (daemon.slot() == slot) {
                return daemon.name();
            }
        }
        return "";
    }

    /** Returns the names of those that may read a daemon. */
    private static Set<String> readersOf(final TreePlan plan, final DaemonPlan daemon) {
        final Set<String> names = new HashSet<>();
        for (final int slot : daemon.readers()) {
            names.add(name(plan, slot) + "@" + slot);
        }
        return names;
    }

    /** Returns the names of those that a daemon may read. */
    private static Set<String> readBy(final TreePlan plan, final int slot) {
        final Set<String> names = new HashSet<>();
        for (final DaemonPlan daemon : plan.daemons()) {
            if (daemon.readers().contains(slot)) {
                names.add(daemon.name() + "@" + daemon.slot());
            }
        }
        return names;
    }
}
