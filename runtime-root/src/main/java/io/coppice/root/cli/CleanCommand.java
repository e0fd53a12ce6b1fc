package io.coppice.root.cli;

import io.coppice.os.OperatingSystem;
import io.coppice.root.loop.EarlierTree;
import io.coppice.root.loop.RunDirectory;
import io.coppice.root.manifest.Sizes;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        final List<String> trees = RunDirectory.trees(base);
        if (tree != null && !trees.contains(tree)) {
            // Nothing but a listed tree is ever removed: a name may be "..", or any folder's path.
            throw Trees.missing(tree, base, trees);
        }
        final List<String> names = tree == null ? trees : List.of(tree);
        int cleaned = 0;
        for (final String name : names) {
            final RunDirectory directory = RunDirectory.of(base, name);
            final FileLock lock = directory.tryLock();
            if (lock != null) {
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
        final long bytes = bytes(directory.path());
        directory.remove();
        System.out.printf("tree \"%s\": %s given back%n", name, Sizes.rounded(bytes));
    }

    private static long bytes(final Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
