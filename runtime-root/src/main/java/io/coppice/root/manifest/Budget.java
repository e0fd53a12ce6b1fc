package io.coppice.root.manifest;

import java.io.IOException;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Holds the memory that a manifest asks for against what arenas need and what the machine has. */
final class Budget {
    private static final long MIB = 1024 * 1024;

    private final Machine machine;
    private final ToLongFunction<DaemonSpec> fixedBytes;
    private final Errors errors;

    Budget(
            final Machine machine,
            final ToLongFunction<DaemonSpec> fixedBytes,
            final Errors errors) {
        this.machine = machine;
        this.fixedBytes = fixedBytes;
        this.errors = errors;
    }

    /** Checks that one daemon's arena has room for more than its fixed parts. */
    void checkArena(final DaemonSpec daemon, final Node memory) {
        final long fixed = fixedBytes.applyAsLong(daemon);
        final long needed = Math.addExact(fixed, ManifestLimits.STRUCTURES_BYTES_MIN);
        if (daemon.memoryBytes() < needed) {
            final long enough = Math.ceilDiv(needed, MIB) * MIB;
            errors.add(
                    memory,
                    Quoted.value(memory)
                            + " is too small: header, journals and slots take "
                            + Sizes.rounded(fixed)
                            + " and structures at least "
                            + Sizes.format(ManifestLimits.STRUCTURES_BYTES_MIN),
                    "write at least \"" + Sizes.format(enough) + "\"");
        }
    }

    /**
     * Checks the sum of all arenas, which are allocated to the last page before anything starts.
     */
    void checkMachine(final List<DaemonSpec> daemons, final Node at) {
        final List<DaemonSpec> inMemory = in(Storage.MEMORY, daemons);
        final List<DaemonSpec> onDisk = in(Storage.DISK, daemons);
        try {
            checkSum(
                    inMemory,
                    machine.runStoreBytes(),
                    "the file system of " + Quoted.bare(machine.runDirectory().toString()),
                    "lower a daemon's memory, or set COPPICE_RUN to a folder on a larger one",
                    at);
            checkSum(
                    inMemory, machine.memoryBytes(), "this machine", "lower a daemon's memory", at);
            if (!onDisk.isEmpty()) {
                checkSum(
                        onDisk,
                        machine.stateStoreBytes(),
                        "the file system of " + Quoted.bare(machine.stateDirectory().toString()),
                        "lower a daemon's memory, or set COPPICE_STATE to a folder on a larger one",
                        at);
            }
        } catch (final IOException unknown) {
            errors.add(
                    at,
                    "cannot compare with the machine's memory: "
                            + Quoted.bare(String.valueOf(unknown.getMessage())),
                    "check that "
                            + Quoted.bare(machine.runDirectory().toString())
                            + " can be created");
        }
    }

    private static List<DaemonSpec> in(final Storage storage, final List<DaemonSpec> daemons) {
        return daemons.stream().filter(daemon -> daemon.storage() == storage).toList();
    }

    private void checkSum(
            final List<DaemonSpec> daemons,
            final long bytes,
            final String whose,
            final String cure,
            final Node at) {
        final long sum = daemons.stream().mapToLong(DaemonSpec::memoryBytes).sum();
        if (sum > bytes) {
            errors.add(
                    at,
                    Sizes.rounded(sum)
                            + " of memory in all ("
                            + daemons.stream()
                                    .map(
                                            each ->
                                                    each.name()
                                                            + " "
                                                            + Sizes.rounded(each.memoryBytes()))
                                    .collect(Collectors.joining(" + "))
                            + ") is more than the "
                            + Sizes.rounded(bytes)
                            + " of "
                            + whose,
                    cure);
        }
    }
}
