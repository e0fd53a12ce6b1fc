package io.coppice.log;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the newest log lines in an arena, past the journal: a line is meant to outlive the
 * transaction that wrote it, and the process.
 *
 * <p>Ordering. The writer stores the odd stamp, then (behind a fence) text and length, then the
 * even stamp (release). A death before the odd stamp leaves the old line of that slot; one after it
 * and before the even stamp leaves an odd stamp, that is, a slot that no reader shows and the next
 * writer fills again under the same number; one after the even stamp leaves the line. So a death
 * loses at most the line in hand and the one it replaced. A reader loads the stamp (acquire),
 * copies, and loads the stamp again behind a fence: where the two differ or the stamp is odd, the
 * copy is thrown away.
 *
 * <p>One writer: one thread at a time of the one process whose lines these are. {@link #read} is
 * for any thread of any process.
 */
public final class LogLines {
    private static final int CONTINUATION_MASK = 0xC0;
    private static final int CONTINUATION = 0x80;

    private static final long UNKNOWN = -1;

    /** How often a reader looks at a slot again that was written under its eyes. */
    private static final int READ_ATTEMPTS = 8;

    private final Memory place;
    private final int slots;

    /** Looked for with the first line, since that is a load from each of them. */
    private long next = UNKNOWN;

    private LogLines(final Memory place) {
        this.place = place;
        this.slots = LogLinesLayout.lines(place.bytes());
    }

    /**
     * Lays the lines of a daemon out in its arena, or finds those of earlier incarnations there.
     * Only while the arena is open.
     *
     * @param lines how many are kept, from 1
     */
    public static LogLines open(final Arena arena, final int lines) {
        final long bytes = LogLinesLayout.bytes(lines);
        return writer(
                arena.memory(),
                arena.structure(LogLinesLayout.NAME, StructureKind.LOG_LINES, bytes));
    }

    /**
     * Becomes the writer of lines that are laid out already; the caller sees to it that it is the
     * only one.
     *
     * @throws ArenaException where the structure is of another kind or has no room for one line
     */
    public static LogLines writer(final Memory arena, final Structure structure) {
        if (structure.kind() != StructureKind.LOG_LINES
                || LogLinesLayout.lines(structure.bytes()) == 0) {
            throw new ArenaException(
                    "structure \""
                            + structure.name()
                            + "\" is "
                            + structure.kind()
                            + " of "
                            + structure.bytes()
                            + " bytes: log lines need LOG_LINES of at least "
                            + LogLinesLayout.SLOT_BYTES);
        }
        return new LogLines(arena.slice(structure.offset(), structure.bytes()));
    }

    /** Adds a line; what is too long is cut between two characters. */
    public void append(final String line) {
        if (next == UNKNOWN) {
            next = findNext();
        }
        final byte[] text = line.getBytes(StandardCharsets.UTF_8);
        final int length = cut(text);
        final long slot = next % slots * LogLinesLayout.SLOT_BYTES;
        place.putLongRelease(slot + LogLinesLayout.STAMP, LogLinesLayout.writing(next));
        // A release store does not keep later stores behind it.
        VarHandle.storeStoreFence();
        place.putInt(slot + LogLinesLayout.LENGTH, length);
        place.putBytes(slot + LogLinesLayout.TEXT, text, 0, length);
        place.putLongRelease(slot + LogLinesLayout.STAMP, LogLinesLayout.whole(next));
        next++;
    }

    /**
     * Returns the lines a daemon keeps, the newest last; none where it keeps none. Nothing there is
     * trusted; control characters become spaces, since the lines are meant for a terminal.
     *
     * @throws ArenaException where the directory of the arena is damaged
     */
    public static List<String> read(final Memory arena) {
        return read(arena, LogLinesLayout.NAME);
    }

    /** Returns the lines in a structure of another name. */
    public static List<String> read(final Memory arena, final String name) {
        final Structure structure = ArenaDirectory.find(arena, name);
        if (structure == null || structure.kind() != StructureKind.LOG_LINES) {
            return List.of();
        }
        final Memory place = arena.slice(structure.offset(), structure.bytes());
        final int slots = LogLinesLayout.lines(place.bytes());
        final List<String> lines = new ArrayList<>();
        if (slots > 0) {
            final int newest = newestSlot(place, slots);
            for (int i = 1; i <= slots; i++) {
                final String line = readSlot(place, (newest + i) % slots, slots);
                if (line != null) {
                    lines.add(line);
                }
            }
        }
        return lines;
    }

    /** Goes on behind the newest line; a line that was cut is written again under its number. */
    private long findNext() {
        final int newest = newestSlot(place, slots);
        final long stamp = place.getLongAcquire(newest * (long) LogLinesLayout.SLOT_BYTES);
        final long line = LogLinesLayout.line(stamp, newest, slots);
        return line < 0 ? 0 : line + (stamp == LogLinesLayout.whole(line) ? 1 : 0);
    }

    private static int newestSlot(final Memory place, final int slots) {
        int newest = slots - 1;
        long newestLine = -1;
        for (int slot = 0; slot < slots; slot++) {
            final long stamp = place.getLongAcquire(slot * (long) LogLinesLayout.SLOT_BYTES);
            final long line = LogLinesLayout.line(stamp, slot, slots);
            if (line > newestLine) {
                newest = slot;
                newestLine = line;
            }
        }
        return newest;
    }

    private static String readSlot(final Memory place, final int slot, final int slots) {
        final long at = slot * (long) LogLinesLayout.SLOT_BYTES;
        for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
            final long stamp = place.getLongAcquire(at + LogLinesLayout.STAMP);
            final long line = LogLinesLayout.line(stamp, slot, slots);
            final int length = place.getInt(at + LogLinesLayout.LENGTH);
            final boolean sane = length >= 0 && length <= LogLinesLayout.LINE_BYTES_MAX;
            final byte[] text = new byte[sane ? length : 0];
            place.getBytes(at + LogLinesLayout.TEXT, text, 0, text.length);
            VarHandle.loadLoadFence();
            if (place.getLongAcquire(at + LogLinesLayout.STAMP) == stamp) {
                final boolean whole = line >= 0 && stamp == LogLinesLayout.whole(line) && sane;
                return whole ? printable(text) : null;
            }
        }
        return null;
    }

    private static String printable(final byte[] text) {
        final StringBuilder line = new StringBuilder(new String(text, StandardCharsets.UTF_8));
        for (int i = 0; i < line.length(); i++) {
            if (Character.isISOControl(line.charAt(i))) {
                line.setCharAt(i, ' ');
            }
        }
        return line.toString();
    }

    /** Returns how much of a text fits without half a character at its end. */
    private static int cut(final byte[] text) {
        int length = Math.min(text.length, LogLinesLayout.LINE_BYTES_MAX);
        while (length < text.length && (text[length] & CONTINUATION_MASK) == CONTINUATION) {
            length--;
        }
        return length;
    }
}
