package io.coppice.root.cli;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.Structure;
import io.coppice.pool.schema.StructureHeader;
import io.coppice.root.manifest.Sizes;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coppice state ls}: the structures of arenas, and how full they are. */
@Command(
        name = "ls",
        description = "Lists the structures of an arena with their sizes and fill.",
        mixinStandardHelpOptions = true)
final class StateListCommand implements Callable<Integer> {
    private static final String FORMAT = "  %-28s %-15s %12s %12s %12s %12s  %s%n";

    @Parameters(
            paramLabel = "TREE[/DAEMON]|FILE",
            description = "The tree, one of its daemons, or the file of an arena.")
    private String target;

    @Override
    public Integer call() {
        for (final StateTarget each : StateTarget.parse(target)) {
            each.requireArena();
            System.out.println(each.label());
            System.out.printf(
                    FORMAT, "STRUCTURE", "KIND", "BYTES", "HOLDS", "AT MOST", "CAPACITY", "RECORD");
            for (final Structure structure : ArenaDirectory.list(each.arena())) {
                print(each, structure);
            }
        }
        return ExitStatus.DONE;
    }

    private static void print(final StateTarget target, final Structure structure) {
        final StateView.Fill fill = StateView.of(target, structure).fill();
        System.out.printf(
                FORMAT,
                structure.name(),
                structure.kind().toString().toLowerCase(Locale.ROOT).replace('_', '-'),
                Sizes.rounded(structure.bytes()),
                fill.holds(),
                fill.atMost(),
                fill.capacity(),
                record(target, structure));
    }

    private static String record(final StateTarget target, final Structure structure) {
        final StructureHeader header = ArenaDirectory.header(target.arena(), structure.name());
        return header == null || header.recordSchema() == null
                ? "-"
                : header.recordSchema().toString();
    }
}
