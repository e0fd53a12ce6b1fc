package io.coppice.pool.plan;

import java.util.List;
import java.util.Map;

/**
 * One daemon.
 *
 * @param name unique within the tree
 * @param slot in the tree, from 1; 0 is root
 * @param mainClass that implements the daemon
 * @param memoryBytes of the arena, all included
 * @param journalBytes of the daemon's own undo journal
 * @param stateFolder absolute path of the folder on disk that holds the arena; empty where it lies
 *     in the run directory
 * @param after slots that must be ready before this one starts
 * @param readers slots that may map this arena
 * @param significant whether the tree ends when this daemon (and all others like it) has finished
 * @param onCrash what a restart finds
 * @param onRootLoss what it does without root
 * @param restart how it is restarted
 * @param dumpAfterNs without a heartbeat before a thread dump is asked for
 * @param killAfterNs without a heartbeat before it is killed
 * @param startTimeoutNs from spawn to ready
 * @param stopTimeoutNs from the request to stop to SIGKILL
 * @param spinNs that it looks for work at most before it sleeps
 * @param capacities as the manifest names them
 * @param settings as the manifest names them
 * @param command that starts it; root appends its place
 * @param pools of transaction workers
 * @param standby processes that wait to go on in its place, 0 or 1
 */
public record DaemonPlan(
        String name,
        int slot,
        String mainClass,
        long memoryBytes,
        long journalBytes,
        String stateFolder,
        List<Integer> after,
        List<Integer> readers,
        boolean significant,
        OnCrash onCrash,
        OnRootLoss onRootLoss,
        RestartPlan restart,
        long dumpAfterNs,
        long killAfterNs,
        long startTimeoutNs,
        long stopTimeoutNs,
        long spinNs,
        Map<String, Long> capacities,
        Map<String, String> settings,
        List<String> command,
        List<PoolPlan> pools,
        int standby) {
    /** What the file of a daemon's arena is called, behind its name. */
    public static final String ARENA_SUFFIX = ".arena";

    /** Returns the name of the arena's file in the run directory. */
    public String arenaFile() {
        return name + ARENA_SUFFIX;
    }

    /** Returns the plan of a rehearsal, whose arena is of another size and not on disk. */
    public DaemonPlan rehearsing(
            final long scratchBytes, final OnCrash whatIsFound, final List<PoolPlan> scratchPools) {
        return rehearsing(scratchBytes, whatIsFound, scratchPools, capacities);
    }

    /** As the other, with other capacities too. */
    public DaemonPlan rehearsing(
            final long scratchBytes,
            final OnCrash whatIsFound,
            final List<PoolPlan> scratchPools,
            final Map<String, Long> scratchCapacities) {
        return new DaemonPlan(
                name,
                slot,
                mainClass,
                scratchBytes,
                journalBytes,
                "",
                after,
                readers,
                significant,
                whatIsFound,
                onRootLoss,
                restart,
                dumpAfterNs,
                killAfterNs,
                startTimeoutNs,
                stopTimeoutNs,
                spinNs,
                scratchCapacities,
                settings,
                command,
                scratchPools,
                0);
    }

    /** Returns the same plan with other command lines. */
    public DaemonPlan commanded(final List<String> newCommand, final List<PoolPlan> newPools) {
        return new DaemonPlan(
                name,
                slot,
                mainClass,
                memoryBytes,
                journalBytes,
                stateFolder,
                after,
                readers,
                significant,
                onCrash,
                onRootLoss,
                restart,
                dumpAfterNs,
                killAfterNs,
                startTimeoutNs,
                stopTimeoutNs,
                spinNs,
                capacities,
                settings,
                newCommand,
                newPools,
                standby);
    }

    /** Returns whether the arena outlives the machine's memory. */
    public boolean isOnDisk() {
        return !stateFolder.isEmpty();
    }
}
