package io.coppice.root.cli;

import io.coppice.os.OperatingSystem;
import io.coppice.root.loop.EarlierTree;
import io.coppice.root.loop.QuarantinedArenas;
import io.coppice.root.loop.RunDirectory;
import io.coppice.root.loop.StateDirectory;
import io.coppice.root.manifest.Sizes;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coppice clean}: drops what trees that do not run any more have kept. */
@Command(
        name = "clean",
        description =
                "Drops the state and the logs of trees that do not run, and ends what a dead root has left alive.",
        mixinStandardHelpOptions = true)
final class CleanCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "TREE",
            arity = "0..1",
            description = "The tree; without it all that do not run.")
    private String tree;

    @Override
    public Integer call() throws IOException {
        final Path base = RunDirectory.base();
        final List<String> running = RunDirectory.trees(base);
        final Set<String> trees = new TreeSet<>(running);
        trees.addAll(StateDirectory.trees());
        if (tree != null && !trees.contains(tree)) {
            // Nothing but a listed tree is ever removed: a name may be "..", or any folder's path.
            throw Trees.missing(tree, base, List.copyOf(trees));
        }
        final Set<String> names = tree == null ? trees : Set.of(tree);
        int cleaned = 0;
        for (final String name : names) {
            final RunDirectory directory = RunDirectory.of(base, name);
            // After a reboot there may be arenas on disk and nothing else.
            final FileLock lock = running.contains(name) ? directory.tryLock() : null;
            if (lock != null || !running.contains(name)) {
                // Held until this command ends, so that no root begins in a folder that is being
                // removed.
                clean(name, directory);
                cleaned++;
            } else if (tree != null) {
                throw new CommandFailure(
                        ExitStatus.ALREADY_RUNNING,
                        "tree \""
                                + name
                                + "\" runs; stop it first with \"coppice stop "
                                + name
                                + "\"");
            }
        }
        if (cleaned == 0) {
            System.out.println("nothing to clean below " + base);
        }
        return ExitStatus.DONE;
    }

    private static void clean(final String name, final RunDirectory directory) throws IOException {
        EarlierTree.find(directory.path()).end(OperatingSystem.current());
        final Path state = StateDirectory.of(name);
        final long bytes = bytes(directory.path()) + bytes(state);
        final List<Path> quarantined = new ArrayList<>(QuarantinedArenas.in(directory.path()));
        quarantined.addAll(QuarantinedArenas.in(state));
        directory.remove();
        for (final Path file : quarantined) {
            Files.deleteIfExists(file);
            System.out.printf("tree \"%s\": removed %s, which was set aside%n", name, file);
        }
        for (final Path arena : StateDirectory.arenas(state)) {
            Files.delete(arena);
        }
        if (Files.isDirectory(state) && isEmpty(state)) {
            Files.delete(state);
        }
        System.out.printf("tree \"%s\": %s given back%n", name, Sizes.rounded(bytes));
    }

    private static boolean isEmpty(final Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static long bytes(final Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
