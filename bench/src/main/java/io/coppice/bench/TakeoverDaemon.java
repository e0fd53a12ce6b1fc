package io.coppice.bench;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.pool.Journal;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import java.nio.file.Path;

/**
 * A daemon that changes a word in each duty cycle and says, in a file beside its arena, when the
 * first such commit of its incarnation stood. After that it changes a word in each page of its
 * memory, so that the process that is killed has all of it in its page table.
 *
 * <p>Settings: {@code times}, a file of {@link #FILE_BYTES} bytes; {@code bytes} of memory to
 * touch, 0 for none.
 */
public final class TakeoverDaemon implements Daemon {
    /** How large the file is. */
    static final int FILE_BYTES = 64;

    /** In the file: the incarnation whose first commit stands; stored last. */
    static final int COMMITTED_EPOCH = 0;

    /** In the file: {@link System#nanoTime()} just after the first commit. */
    static final int COMMITTED_NS = 8;

    /** In the file: the incarnation that has touched all pages. */
    static final int TOUCHED_EPOCH = 16;

    /**
     * In the file: {@link System#nanoTime()} when it was opened: the arena is recovered by then.
     */
    static final int INHERITED_NS = 24;

    private static final int STATE_BYTES = 64;
    private static final int WARM_UP_CHANGES = 2_000;
    private static final int PAGE_BYTES = 4096;

    /** Saves of one transaction, which must fit the journal. */
    private static final int PAGES_AT_ONCE = 1024;

    private long inheritedNs;
    private Journal journal;
    private JournaledBuffer state;
    private JournaledBuffer bulk;
    private DaemonContext context;
    private Memory times;
    private long epoch;
    private boolean isFirst = true;
    private int touched;

    /** Made by the runtime. */
    public TakeoverDaemon() {}

    @Override
    public void warmUp(final DaemonContext scratch) {
        // The scratch arena has no room for more.
        open(scratch, PAGE_BYTES);
        for (int i = 0; i < WARM_UP_CHANGES; i++) {
            change();
        }
    }

    @Override
    public void open(final DaemonContext daemonContext) {
        open(daemonContext, Integer.MAX_VALUE);
    }

    private void open(final DaemonContext daemonContext, final int bytesMax) {
        inheritedNs = System.nanoTime();
        context = daemonContext;
        journal = context.journal();
        epoch = context.epoch();
        state = context.structures().region("state", STATE_BYTES);
        final int bytes = Math.min(bytesMax, Integer.parseInt(context.setting("bytes")));
        bulk = bytes == 0 ? null : context.structures().region("bulk", bytes);
    }

    @Override
    public int doWork() {
        change();
        if (isFirst) {
            isFirst = false;
            final long committedNs = System.nanoTime();
            // Not before: a daemon that is not measured would have no such file.
            times = MappedFile.writable(Path.of(context.setting("times")));
            times.putLong(COMMITTED_NS, committedNs);
            times.putLong(INHERITED_NS, inheritedNs);
            times.putLongRelease(COMMITTED_EPOCH, epoch);
        }
        return touchMore() ? 1 : 0;
    }

    private void change() {
        journal.begin();
        state.putLong(0, state.getLong(0) + 1);
        journal.commit();
    }

    private boolean touchMore() {
        final int bytes = bulk == null ? 0 : bulk.capacity();
        if (touched < bytes) {
            journal.begin();
            for (int page = 0; page < PAGES_AT_ONCE && touched < bytes; page++) {
                bulk.putLong(touched, epoch);
                touched += PAGE_BYTES;
            }
            journal.commit();
            return true;
        }
        times.putLongRelease(TOUCHED_EPOCH, epoch);
        return false;
    }
}
