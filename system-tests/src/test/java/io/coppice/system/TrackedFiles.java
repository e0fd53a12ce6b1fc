package io.coppice.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The files that belong to the project: what git tracks or would track, and without git (a source
 * archive) every file outside the folders that builds and editors make.
 */
final class TrackedFiles {
    private static final Set<String> MADE_BY_TOOLS = Set.of(".git", ".idea", "target", "results");

    private TrackedFiles() {}

    /** Paths of regular files, relative to the checkout, in no particular order. */
    static List<Path> list(Path home) throws IOException, InterruptedException {
        List<Path> files = Files.exists(home.resolve(".git")) ? byGit(home) : List.of();
        return files.isEmpty() ? byWalking(home) : files;
    }

    private static List<Path> byGit(Path home) throws IOException, InterruptedException {
        Process git;
        try {
            git =
                    new ProcessBuilder(
                                    "git",
                                    "ls-files",
                                    "-z",
                                    "--cached",
                                    "--others",
                                    "--exclude-standard",
                                    "--",
                                    ".",
                                    // Odd names on purpose, which a plain locale cannot even say.
                                    ":(exclude)examples/catalog/documents",
                                    // Compressed.
                                    ":(exclude)examples/ledger/data")
                            .directory(home.toFile())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException noGitOnThisMachine) {
            return List.of();
        }
        String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (git.waitFor() != 0) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        for (String name : names.split("\0", 0)) {
            // A file that was deleted but not yet committed is still listed.
            if (!name.isEmpty() && Files.isRegularFile(home.resolve(name))) {
                files.add(Path.of(name));
            }
        }
        return files;
    }

    private static List<Path> byWalking(Path home) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(
                home,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        return MADE_BY_TOOLS.contains(folder.getFileName().toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (attributes.isRegularFile()) {
                            files.add(home.relativize(file));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return files;
    }
}
