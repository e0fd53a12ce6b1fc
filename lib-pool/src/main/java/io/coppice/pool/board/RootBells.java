package io.coppice.pool.board;

import io.coppice.os.OperatingSystem;
import io.coppice.os.OsException;
import io.coppice.pool.FileWindow;
import io.coppice.pool.MappedFile;
import java.nio.file.Path;

/**
 * The bells as root rings them: by system calls alone, since every process of the tree can damage
 * the file. For one thread; ringing allocates nothing.
 */
public final class RootBells {
    private final OperatingSystem os;
    private final FileWindow window;
    private final long address;
    private final long bytes;

    private RootBells(final OperatingSystem os, final Path file, final long bytes) {
        this.os = os;
        this.bytes = bytes;
        this.window = FileWindow.open(file, Integer.BYTES);
        // Only for the kernel, which answers a page that is gone with an error.
        this.address = MappedFile.writable(file).address();
    }

    /** Creates the file. */
    public static RootBells create(
            final OperatingSystem os, final Path runDirectory, final int slots) {
        final Path file = runDirectory.resolve(Bells.FILE);
        os.preallocate(file, BellsLayout.bytes(slots));
        return new RootBells(os, file, BellsLayout.bytes(slots));
    }

    /** Gives the file its length back where somebody has cut it off: nobody starts without it. */
    public void mend() {
        window.lengthen(bytes);
    }

    /**
     * Rings. A ring of somebody else at the same moment may be lost in it; the bell rings all the
     * same.
     */
    public void ring(final int slot) {
        final long sequence = (long) slot * BellsLayout.BELL_BYTES + BellsLayout.SEQUENCE;
        window.load(sequence);
        window.putInt(sequence, window.getInt(0) + 1);
        try {
            os.futexWake(address + sequence, Integer.MAX_VALUE);
        } catch (final OsException gone) {
            // Nobody can sleep on a bell that is not there; every wait is bounded.
        }
    }
}
