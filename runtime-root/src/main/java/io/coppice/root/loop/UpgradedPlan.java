package io.coppice.root.loop;

import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PlanCodec;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.plan.TreePlan;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The plan of a daemon that was upgraded: that of the manifest with another class path in its
 * command lines. An option of the command names the plan of the manifest by a digest, so that
 * another root which is given the same manifest goes on with the upgrade, and one that is given a
 * manifest which says something else about the daemon goes by the manifest.
 */
public final class UpgradedPlan {
    private static final String MARK = "-Dcoppice.upgradedFrom=";
    private static final String CLASS_PATH = "-cp";

    /** A start cache is of one class path; whether there is one says nothing about the plan. */
    private static final String START_CACHE = "-XX:AOTCache=";

    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long BYTE = 0xff;

    private UpgradedPlan() {}

    /**
     * Returns the plan of a daemon with another class path.
     *
     * @param current plan, upgraded before or not
     * @param classPath files that exist
     */
    public static DaemonPlan of(final DaemonPlan current, final List<Path> classPath) {
        final String origin = originOf(current);
        final String mark = origin == null ? MARK + digest(current) : MARK + origin;
        final List<PoolPlan> pools = new ArrayList<>();
        for (final PoolPlan pool : current.pools()) {
            pools.add(pool.commanded(replaced(pool.command(), classPath, null)));
        }
        return current.commanded(replaced(current.command(), classPath, mark), List.copyOf(pools));
    }

    /**
     * Returns a plan in which each daemon that was upgraded since its manifest was read the last
     * time, and of which the manifest says the same as then, stays upgraded.
     */
    public static TreePlan kept(final TreePlan fresh, final TreePlan earlier) {
        TreePlan kept = fresh;
        for (final DaemonPlan daemon : fresh.daemons()) {
            final DaemonPlan upgraded = earlier.daemon(daemon.name());
            if (upgraded != null
                    && upgraded.slot() == daemon.slot()
                    && digest(daemon).equals(originOf(upgraded))) {
                kept = kept.with(upgraded);
            }
        }
        return kept;
    }

    private static String originOf(final DaemonPlan plan) {
        for (final String argument : plan.command()) {
            if (argument.startsWith(MARK)) {
                return argument.substring(MARK.length());
            }
        }
        return null;
    }

    private static List<String> replaced(
            final List<String> command, final List<Path> classPath, final String mark) {
        final List<String> replaced = new ArrayList<>();
        for (int i = 0; i < command.size(); i++) {
            final String argument = command.get(i);
            if (argument.equals(CLASS_PATH) && i + 1 < command.size()) {
                if (mark != null) {
                    replaced.add(mark);
                }
                replaced.add(CLASS_PATH);
                replaced.add(joined(classPath));
                i++;
            } else if (!argument.startsWith(MARK) && !argument.startsWith(START_CACHE)) {
                replaced.add(argument);
            }
        }
        return List.copyOf(replaced);
    }

    private static String joined(final List<Path> classPath) {
        return String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList());
    }

    /** FNV-1a over the encoded plan, in hexadecimal: it tells plans apart and hides nothing. */
    private static String digest(final DaemonPlan plan) {
        final List<PoolPlan> pools = new ArrayList<>();
        for (final PoolPlan pool : plan.pools()) {
            pools.add(pool.commanded(withoutCache(pool.command())));
        }
        final DaemonPlan bare = plan.commanded(withoutCache(plan.command()), pools);
        long digest = FNV_BASIS;
        for (final byte each : PlanCodec.encode(new TreePlan("", 0, 0, List.of(bare)))) {
            digest = (digest ^ each & BYTE) * FNV_PRIME;
        }
        return Long.toHexString(digest);
    }

    private static List<String> withoutCache(final List<String> command) {
        final List<String> bare = new ArrayList<>(command);
        bare.removeIf(argument -> argument.startsWith(START_CACHE));
        return bare;
    }
}
