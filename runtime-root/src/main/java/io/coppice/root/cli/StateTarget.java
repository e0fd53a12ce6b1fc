package io.coppice.root.cli;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.root.manifest.Nearest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@code state} command is about: {@code TREE/DAEMON[/STRUCTURE[/KEY]]}, without the daemon
 * where the tree has only one, or in place of the first two the file of an arena, whoever made it
 * and wherever it was put aside.
 */
final class StateTarget {
    private static final String SHAPE =
            "TREE/DAEMON[/STRUCTURE[/KEY]] or FILE[:STRUCTURE[/KEY]], as in ledger/ledger/accounts/42";

    private final String label;
    private final Memory arena;
    private final String structure;
    private final String key;

    private StateTarget(
            final String label, final Memory arena, final String structure, final String key) {
        this.label = label;
        this.arena = arena;
        this.structure = structure;
        this.key = key;
    }

    /** Returns the targets that a text means: several only where it names a tree alone. */
    static List<StateTarget> parse(final String text) {
        final int colon = text.indexOf(':');
        final Path file = Path.of(colon < 0 ? text : text.substring(0, colon));
        if (Files.isRegularFile(file)) {
            final String[] rest =
                    colon < 0 ? new String[0] : text.substring(colon + 1).split("/", 2);
            return List.of(
                    new StateTarget(
                            file.toString(),
                            MappedFile.readOnly(file),
                            part(rest, 0),
                            part(rest, 1)));
        }
        final String[] parts = text.split("/", 2);
        final TreeView tree = Trees.find(parts[0]);
        if (parts.length > 1) {
            return List.of(ofDaemon(tree, text.split("/", 3)));
        }
        final List<StateTarget> targets = new ArrayList<>();
        for (final DaemonPlan daemon : tree.plan().daemons()) {
            targets.add(of(tree, daemon, null, null));
        }
        return targets;
    }

    /** A tree of one daemon needs no mention of it: {@code ledger/accounts/42}. */
    private static StateTarget ofDaemon(final TreeView tree, final String[] parts) {
        final List<DaemonPlan> daemons = tree.plan().daemons();
        final boolean isShort = daemons.size() == 1 && tree.plan().daemon(parts[1]) == null;
        final DaemonPlan daemon = isShort ? daemons.get(0) : Trees.daemon(tree, parts[1]);
        final String rest = part(parts, 2);
        final String[] inDaemon =
                isShort
                        ? new String[] {parts[1], rest == null ? "" : rest}
                        : rest == null ? new String[0] : rest.split("/", 2);
        return of(tree, daemon, part(inDaemon, 0), part(inDaemon, 1));
    }

    /** Returns the target of a text that must name a structure. */
    static StateTarget ofStructure(final String text) {
        final StateTarget target = parse(text).get(0);
        if (target.structure == null) {
            throw new CommandFailure(
                    ExitStatus.USAGE, "\"" + text + "\" names no structure: write " + SHAPE);
        }
        return target;
    }

    private static StateTarget of(
            final TreeView tree,
            final DaemonPlan daemon,
            final String structure,
            final String key) {
        final Path file = tree.directory().path().resolve(daemon.arenaFile());
        return new StateTarget(
                tree.name() + "/" + daemon.name(), MappedFile.readOnly(file), structure, key);
    }

    private static String part(final String[] parts, final int index) {
        return parts.length > index && !parts[index].isEmpty() ? parts[index] : null;
    }

    /** Returns what the user calls the arena. */
    String label() {
        return label;
    }

    /** Returns the arena, mapped for reading; it may hold anything. */
    Memory arena() {
        return arena;
    }

    /** Returns the key, or null where none was named. */
    String key() {
        return key;
    }

    /**
     * Returns the structure that is named.
     *
     * @throws ArenaException where the arena is none, or damaged
     * @throws CommandFailure where there is no such structure
     */
    Structure structure() {
        requireArena();
        final Structure found = ArenaDirectory.find(arena, structure);
        if (found == null) {
            final List<String> names =
                    ArenaDirectory.list(arena).stream().map(Structure::name).toList();
            throw new CommandFailure(
                    ExitStatus.NO_SUCH_TREE,
                    label
                            + " has no structure \""
                            + structure
                            + "\"; "
                            + Nearest.of(structure, names)
                                    .map(near -> "did you mean \"" + near + "\"?")
                                    .orElse("there is " + String.join(", ", names)));
        }
        return found;
    }

    /** Refuses what is no arena, or one whose creation was cut. */
    void requireArena() {
        if (!ArenaFile.isComplete(arena)) {
            throw new ArenaException(label + ": is not an arena, or its creation was cut");
        }
    }
}
