package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    private static final int REFUSED = 9;

    @TempDir Path base;

    /** What the second process does: it tries the lock and says how that went. */
    public static final class Second {
        private Second() {}

        /** Exits with 0 where it got the lock. */
        public static void main(final String[] args) throws IOException {
            final RunDirectory directory = RunDirectory.at(Path.of(args[0]));
            final boolean seenLocked = directory.isLocked();
            final boolean refused = directory.tryLock() == null;
            System.exit(seenLocked && refused ? REFUSED : seenLocked || refused ? 1 : 0);
        }
    }

    @Test
    void aSecondProcessIsRefusedTheLockAsLongAsTheFirstHoldsIt() throws Exception {
        final RunDirectory directory = RunDirectory.of(base, "tree");
        directory.create();
        assertFalse(directory.isLocked());
        final FileLock lock = directory.tryLock();
        assertNotNull(lock);
        assertEquals(REFUSED, second(directory));

        lock.acquiredBy().close();

        assertEquals(0, second(directory));
        assertFalse(directory.isLocked(), "the kernel gave it back when its holder ended");
    }

    @Test
    void foldersAreOpenToTheirOwnerAlone() throws IOException {
        final RunDirectory directory = RunDirectory.of(base, "tree");
        assertFalse(Files.isDirectory(directory.path()));
        directory.create();
        directory.create();

        assertTrue(Files.isDirectory(directory.path()));
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())));
        assertTrue(Files.isDirectory(directory.logs()));
        assertTrue(Files.isDirectory(directory.crashes()));
        assertEquals(directory.logs(), directory.rootLog().getParent());
    }

    @Test
    void namesTheTreesOfABaseInOrder() throws IOException {
        RunDirectory.of(base, "b").create();
        RunDirectory.of(base, "a").create();
        assertEquals(List.of(), RunDirectory.trees(base));
        Files.createFile(base.resolve("a/lock"));
        Files.createFile(base.resolve("b/lock"));
        Files.writeString(base.resolve("file"), "");

        assertEquals(List.of("a", "b"), RunDirectory.trees(base));
        Files.move(base.resolve("a/lock"), base.resolve("a/board"));
        assertEquals(List.of("a", "b"), RunDirectory.trees(base), "its lock was removed");
        assertEquals(List.of(), RunDirectory.trees(base.resolve("missing")));
    }

    @Test
    void aFolderHasOneSpellingWhicheverLinksLeadToIt() throws IOException {
        final Path real = base.toRealPath().resolve("real");
        Files.createDirectory(real);
        final Path link = Files.createSymbolicLink(base.resolve("link"), real);
        final Path folder = real.resolve("later/tree");
        for (int time = 1; time <= 2; time++) {
            assertEquals(folder, RunDirectory.of(real.resolve("later"), "tree").path());
            assertEquals(folder, RunDirectory.of(link.resolve("later"), "tree").path());
            assertEquals(folder, RunDirectory.of(link.resolve("x/../later"), "tree").path());
            RunDirectory.of(link.resolve("later"), "tree").create();
        }
        assertTrue(Files.isDirectory(folder));
    }

    @Test
    void keepsWhatAnEarlierRootHasSaidAndFollowsNoLink() throws IOException {
        final RunDirectory directory = RunDirectory.of(base, "tree");
        directory.create();
        final Path old = directory.logs().resolve("root.log.old");
        directory.keepRootLog();
        assertFalse(Files.exists(old), "there was none");
        Files.writeString(directory.rootLog(), "root: last words\n");
        directory.keepRootLog();
        assertEquals("root: last words\n", Files.readString(old));
        Files.writeString(directory.rootLog(), "");
        directory.keepRootLog();
        assertEquals("root: last words\n", Files.readString(old), "who said nothing takes none");

        Files.delete(directory.rootLog());
        Files.writeString(base.resolve("secret"), "of somebody else");
        Files.createSymbolicLink(directory.rootLog(), base.resolve("secret"));
        directory.keepRootLog();
        assertEquals("root: last words\n", Files.readString(old));
    }

    @Test
    void removesItselfButNothingThatALinkInItPointsTo() throws IOException {
        final RunDirectory directory = RunDirectory.of(base, "tree");
        directory.create();
        final Path kept = Files.createDirectories(base.resolve("kept"));
        Files.writeString(kept.resolve("file"), "kept");
        Files.createSymbolicLink(directory.logs().resolve("link"), kept);
        Files.createSymbolicLink(directory.path().resolve("dangling"), base.resolve("nothing"));

        directory.remove();
        directory.remove();

        assertFalse(Files.isDirectory(directory.path()));
        assertEquals("kept", Files.readString(kept.resolve("file")));
    }

    private static int second(final RunDirectory directory) throws Exception {
        final Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Second.class.getName(),
                                directory.path().toString())
                        .inheritIO()
                        .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return process.exitValue();
    }
}
