package io.coppice.root.manifest;

import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.OnRootLoss;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One daemon. Immutable; bounds are in {@link ManifestLimits}.
 *
 * @param name name of the daemon, unique in the tree
 * @param mainClass class of the daemon; it exists in the class path
 * @param memoryBytes size of the whole arena
 * @param heapBytes Java heap of the daemon's process
 * @param journalBytes size of the daemon's undo journal
 * @param storage where the arena lies
 * @param standby standby processes, 0 or 1
 * @param capacities sizes of the daemon's structures by name, in the order of the file, each
 *     positive
 * @param after daemons that must be ready before this one starts; free of cycles
 * @param significant whether the tree ends once this and every other significant daemon has
 *     finished
 * @param readers other daemons that may read this one's arena
 * @param onCrash what the next incarnation finds
 * @param onRootLoss what the daemon does when root dies
 * @param restart when and how often the daemon is restarted
 * @param watchdog how long the daemon may be silent
 * @param startTimeoutNs time to become ready, in nanoseconds
 * @param stopTimeoutNs time to stop by itself, in nanoseconds
 * @param spinNs how long it looks for work at most before it sleeps, in nanoseconds
 * @param settings the daemon's own settings, verbatim, in the order of the file
 * @param jvm further JVM arguments of the daemon's process
 * @param transactions pools of transaction workers in the order of the file
 */
public record DaemonSpec(
        String name,
        String mainClass,
        long memoryBytes,
        long heapBytes,
        long journalBytes,
        Storage storage,
        int standby,
        Map<String, Long> capacities,
        List<String> after,
        boolean significant,
        List<String> readers,
        OnCrash onCrash,
        OnRootLoss onRootLoss,
        RestartSpec restart,
        WatchdogSpec watchdog,
        long startTimeoutNs,
        long stopTimeoutNs,
        long spinNs,
        Map<String, String> settings,
        List<String> jvm,
        List<TransactionSpec> transactions) {
    /** Copies lists and maps, keeping their order, so that nobody can change them afterwards. */
    public DaemonSpec {
        capacities = Collections.unmodifiableMap(new LinkedHashMap<>(capacities));
        after = List.copyOf(after);
        readers = List.copyOf(readers);
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        jvm = List.copyOf(jvm);
        transactions = List.copyOf(transactions);
    }
}
