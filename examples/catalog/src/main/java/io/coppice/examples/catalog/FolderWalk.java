package io.coppice.examples.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * A walk through everything below a folder, depth first, in byte order of the names of each folder,
 * one small step at a time. It can begin behind any entry it ever gave, so the path of the last
 * entry is all there is to remember of it.
 *
 * <p>Symbolic links are entries, never ways. What changes under the walk's feet is seen or not, but
 * nothing is seen twice. The folders being walked are kept by name, so depth costs no stack and no
 * descriptor.
 */
final class FolderWalk {
    /** What a step came to. */
    enum Step {
        /** There is an entry: {@link #path}, and {@link #failure} where it is a folder. */
        ENTRY,
        /** A folder was entered or left; there may be more. */
        FOLDER,
        /** There is nothing more. */
        END
    }

    private static final byte[] NOTHING = {};

    private final byte[] root;
    private final FolderNames names;
    private final Deque<Level> levels = new ArrayDeque<>();
    private byte[] path = NOTHING;
    private IOException failure;
    private boolean isEntryAhead;

    /** Names of one folder, and how far the walk is among them. */
    private static final class Level {
        private final byte[] folder;
        private final byte[][] names;
        private int next;

        Level(final byte[] folder, final byte[][] names) {
            this.folder = folder;
            this.names = names;
        }

        /** Goes behind a name; tells whether there is such a name. */
        boolean skip(final byte[] name) {
            final int found = Arrays.binarySearch(names, name, Arrays::compareUnsigned);
            next = found >= 0 ? found + 1 : -found - 1;
            return found >= 0;
        }
    }

    /**
     * Makes a walk that has not begun.
     *
     * @param root absolute bytes of the folder
     */
    FolderWalk(final byte[] root) {
        this(root, FolderNames::ofFileSystem);
    }

    /** Makes a walk that has its folders listed by someone else. */
    FolderWalk(final byte[] root, final FolderNames names) {
        this.root = root.clone();
        this.names = names;
    }

    /**
     * Begins.
     *
     * @param after path of the entry to go on behind, relative to the folder; empty for the start
     * @throws IOException where the folder itself cannot be listed
     */
    void begin(final byte[] after) throws IOException {
        levels.clear();
        isEntryAhead = false;
        levels.push(new Level(NOTHING, list(NOTHING)));
        int start = 0;
        while (start < after.length) {
            int end = start;
            while (end < after.length && after[end] != '/') {
                end++;
            }
            final boolean found = levels.element().skip(Arrays.copyOfRange(after, start, end));
            final byte[] here = Arrays.copyOf(after, end);
            if (end == after.length || !found || !isFolder(here)) {
                return;
            }
            // A folder that can no longer be listed becomes an entry itself: what lay behind the
            // position in it must not vanish without a word.
            if (!enter(here)) {
                path = here;
                isEntryAhead = true;
                return;
            }
            start = end + 1;
        }
    }

    /** Goes on to the next name, and into it where it is a folder. */
    Step step() {
        if (isEntryAhead) {
            isEntryAhead = false;
            return Step.ENTRY;
        }
        failure = null;
        final Level level = levels.peek();
        if (level == null) {
            return Step.END;
        }
        if (level.next == level.names.length) {
            levels.pop();
            return Step.FOLDER;
        }
        final byte[] name = level.names[level.next++];
        final byte[] here = level.folder.length == 0 ? name : RawPath.join(level.folder, name);
        if (isFolder(here) && enter(here)) {
            return Step.FOLDER;
        }
        path = here;
        return Step.ENTRY;
    }

    /** Returns the bytes of the entry's path, relative to the folder. */
    byte[] path() {
        return path;
    }

    /** Returns why the entry, a folder, could not be listed; null where it is no folder. */
    IOException failure() {
        return failure;
    }

    private boolean enter(final byte[] folder) {
        try {
            levels.push(new Level(folder, list(folder)));
            return true;
        } catch (final IOException refused) {
            failure = refused;
            return false;
        }
    }

    private byte[][] list(final byte[] folder) throws IOException {
        final byte[][] sorted = names.list(locate(folder)).toArray(new byte[0][]);
        Arrays.sort(sorted, Arrays::compareUnsigned);
        return sorted;
    }

    private boolean isFolder(final byte[] entry) {
        try {
            return Files.readAttributes(
                            locate(entry), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isDirectory();
        } catch (final IOException unknown) {
            // Whoever opens it will say what is wrong with it.
            return false;
        }
    }

    private Path locate(final byte[] entry) {
        return RawPath.toPath(entry.length == 0 ? root : RawPath.join(root, entry));
    }
}
