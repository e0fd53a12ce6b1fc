package io.coppice.examples.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names are written here with one char per byte, so that names that are no text can be said. */
class FolderWalkTest {
    private static final List<String> STRANGE_TREE =
            List.of(
                    "%41/%2F",
                    "%41/x",
                    "A/x",
                    "a/b/c",
                    "a/b-",
                    "a/b0",
                    "a/new\nline/in a folder",
                    "a/z",
                    "a ",
                    "a-b",
                    "a.txt",
                    "aa",
                    "new\nline",
                    "\u007f",
                    "\u00c3\u00a4",
                    "\u00fe\u00ff/\u00ff",
                    "\u00ff");

    @TempDir Path folder;
    private byte[] root;

    @BeforeEach
    void locate() {
        root = RawPath.absoluteBytes(folder);
    }

    @Test
    void givesEachEntryOnceInByteOrderOfTheNamesOfEachFolder() throws IOException {
        make(STRANGE_TREE);

        assertEquals(STRANGE_TREE, walk(new FolderWalk(root), ""));
    }

    @Test
    void goesOnBehindEveryEntry() throws IOException {
        make(STRANGE_TREE);

        for (int i = 0; i < STRANGE_TREE.size(); i++) {
            assertEquals(
                    STRANGE_TREE.subList(i + 1, STRANGE_TREE.size()),
                    walk(new FolderWalk(root), STRANGE_TREE.get(i)),
                    STRANGE_TREE.get(i));
        }
    }

    @Test
    void goesOnBehindEveryEntryThatIsGone() throws IOException {
        make(STRANGE_TREE);

        for (int i = 0; i < STRANGE_TREE.size(); i++) {
            Files.delete(path(STRANGE_TREE.get(i)));
            assertEquals(
                    STRANGE_TREE.subList(i + 1, STRANGE_TREE.size()),
                    walk(new FolderWalk(root), STRANGE_TREE.get(i)),
                    STRANGE_TREE.get(i));
        }
    }

    @Test
    void goesOnBehindAFolderThatIsGone() throws IOException {
        make(List.of("a", "c/d", "e"));

        assertEquals(List.of("c/d", "e"), walk(new FolderWalk(root), "b/x/y"));
    }

    @Test
    void goesOnBehindAFolderThatBecameAFile() throws IOException {
        make(List.of("a", "b", "c"));

        assertEquals(List.of("c"), walk(new FolderWalk(root), "b/x/y"));
    }

    @Test
    void givesLinksAndNeverFollowsThem() throws IOException {
        make(List.of("a/b", "z"));
        Files.createSymbolicLink(path("a/up"), Path.of(".."));
        Files.createSymbolicLink(path("dangling"), Path.of("nowhere"));
        Files.createSymbolicLink(path("loop"), Path.of("loop"));

        assertEquals(
                List.of("a/b", "a/up", "dangling", "loop", "z"), walk(new FolderWalk(root), ""));
    }

    @Test
    void givesNothingOfEmptyFolders() throws IOException {
        Files.createDirectories(path("a/b/c"));

        assertEquals(List.of(), walk(new FolderWalk(root), ""));
    }

    @Test
    void givesAFolderThatCannotBeListedOnce() throws IOException {
        make(List.of("a/1", "b/1", "b/2", "c"));
        final FolderWalk walk = refusing("b");

        assertEquals(List.of("a/1", "b (refused)", "c"), walk(walk, ""));
        assertEquals(List.of("c"), walk(walk, "b"));
    }

    @Test
    void tellsOfAFolderThatCannotBeListedAnyMoreWhenGoingOnWithinIt() throws IOException {
        make(List.of("a/1", "b/1", "b/2", "c"));

        assertEquals(List.of("b (refused)", "c"), walk(refusing("b"), "b/1"));
    }

    @Test
    void refusesToBeginInAFolderThatCannotBeListed() {
        final FolderWalk walk = new FolderWalk(RawPath.absoluteBytes(folder.resolve("none")));

        assertThrows(IOException.class, () -> walk.begin(new byte[0]));
    }

    @Test
    void goesDownHundredsOfFoldersAndThroughLongNames() throws IOException {
        final String deep = "d/".repeat(200) + ("n".repeat(255) + "/").repeat(10) + "file";
        make(List.of(deep));

        assertEquals(List.of(deep), walk(new FolderWalk(root), ""));
        assertEquals(List.of(), walk(new FolderWalk(root), deep));
    }

    @Test
    void countsWhatIsThereALittleAtATime() throws IOException {
        make(STRANGE_TREE);
        final WalkCount count = new WalkCount(new FolderWalk(root));
        int turns = 0;

        while (count.count(3) > 0) {
            turns++;
            assertTrue(count.total() == 0 || count.total() == STRANGE_TREE.size());
        }

        assertTrue(turns > STRANGE_TREE.size() / 3);
        assertEquals(STRANGE_TREE.size(), count.total());
    }

    private FolderWalk refusing(final String name) {
        return new FolderWalk(
                root,
                path -> {
                    if (path.endsWith(name)) {
                        throw new AccessDeniedException(name);
                    }
                    return FolderNames.ofFileSystem(path);
                });
    }

    private static List<String> walk(final FolderWalk walk, final String after) throws IOException {
        final List<String> seen = new ArrayList<>();
        walk.begin(after.getBytes(StandardCharsets.ISO_8859_1));
        FolderWalk.Step step = walk.step();
        while (step != FolderWalk.Step.END) {
            if (step == FolderWalk.Step.ENTRY) {
                final String path = new String(walk.path(), StandardCharsets.ISO_8859_1);
                seen.add(walk.failure() == null ? path : path + " (refused)");
            }
            step = walk.step();
        }
        assertSame(FolderWalk.Step.END, walk.step());
        return seen;
    }

    private void make(final List<String> names) throws IOException {
        for (final String name : names) {
            Files.createDirectories(path(name).getParent());
            Files.createFile(path(name));
        }
    }

    private Path path(final String name) {
        return RawPath.toPath(RawPath.join(root, name.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
