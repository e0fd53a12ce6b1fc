package io.coppice.examples.catalog;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.daemon.Outcome;
import io.coppice.daemon.TaskResult;
import io.coppice.daemon.TransactionPool;
import io.coppice.pool.Journal;
import io.coppice.ring.RingWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Walks a folder, has each file read by a transaction, and publishes what became of it.
 *
 * <p>The position of the walk changes in the transaction that hands a file to the pool, and a
 * result leaves the pool in the transaction that publishes it: wherever a death cuts, each file is
 * handed out once and published once.
 *
 * <p>Setting: {@code input}, the folder ({@value InputFolder#DEFAULT}).
 */
public final class ScanDaemon implements Daemon {
    private static final int RING_BYTES = 4 << 20;
    private static final int RESULTS_PER_CYCLE = 8;
    private static final int STEPS_PER_CYCLE = 32;
    private static final int COUNTED_PER_CYCLE = 64;
    private static final UnsafeBuffer NOTHING = new UnsafeBuffer(0, 0);

    private final UnsafeBuffer request =
            new UnsafeBuffer(
                    new byte[2 * ScanState.INPUT_BYTES_MAX + CatalogMessage.PATH_BYTES_MAX]);
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[CatalogMessage.BYTES_MAX]);
    private DaemonContext context;
    private Journal journal;
    private TransactionPool pool;
    private RingWriter ring;
    private ScanState state;
    private byte[] input;
    private FolderWalk walk;
    private WalkCount count;
    private boolean isRunToBegin;
    private boolean isWalkDone;
    private boolean isFinishing;
    private long publishedShown = -1;
    private long totalShown = -1;

    /** Made by the runtime. */
    public ScanDaemon() {}

    @Override
    public void open(final DaemonContext given) throws IOException {
        context = given;
        input = InputFolder.of(context.setting("input", InputFolder.DEFAULT));
        if (input.length > ScanState.INPUT_BYTES_MAX) {
            throw new IllegalArgumentException(
                    context.name() + ": the setting \"input\" is longer than a path can be");
        }
        journal = context.journal();
        pool = context.pool("extract");
        ring = context.ringWriter(CatalogDaemon.RING, RING_BYTES);
        state = new ScanState(context.structures().region("walk", ScanState.BYTES));
        final long phase = state.phase();
        isRunToBegin = phase == ScanState.NONE || phase == ScanState.FINISHED || !state.isOf(input);
        walk = new FolderWalk(input);
        walk.begin(isRunToBegin ? new byte[0] : state.position());
        count = new WalkCount(new FolderWalk(input));
    }

    @Override
    public int doWork() {
        final boolean canPublish = ring.hasRoom(RESULTS_PER_CYCLE * CatalogMessage.BYTES_MAX);
        int work = pool.poll(this::onResult, canPublish ? RESULTS_PER_CYCLE : 0);
        if (isRunToBegin) {
            work += beginRun();
        } else if (state.phase() == ScanState.WALKING) {
            work += handOut();
            work += endRun();
        } else if (!isFinishing && ring.isDrained()) {
            isFinishing = true;
            context.finish();
            work++;
        }
        work += count.count(COUNTED_PER_CYCLE);
        showProgress();
        return work;
    }

    @Override
    public void onClose() {
        // Not before: a successor that found FINISHED would begin a new run.
        if (isFinishing) {
            journal.begin();
            state.phase(ScanState.FINISHED);
            journal.commit();
        }
    }

    @Override
    public void warmUp() throws IOException {
        final Path folder = Files.createTempDirectory("coppice-scan");
        try {
            final FolderWalk sample = new FolderWalk(RawPath.absoluteBytes(folder));
            sample.begin(new byte[0]);
            ExtractRequest.encode(request, 1, input("folder"), input("name"));
            publishable(DocumentOutcome.FAILED, 1, 0, input("name"), NOTHING, NOTHING);
        } finally {
            Files.delete(folder);
        }
    }

    private static byte[] input(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private int beginRun() {
        if (!ring.hasRoom(CatalogMessage.BYTES_MAX)) {
            return 0;
        }
        journal.begin();
        long runId;
        do {
            runId = new SplittableRandom().nextLong();
        } while (runId == CatalogBook.UNKNOWN_RUN || runId == state.runId());
        state.begin(runId, input);
        publish(CatalogMessage.BEGIN, CatalogMessage.encodeRun(message, runId));
        journal.commit();
        isRunToBegin = false;
        return 1;
    }

    private int handOut() {
        int work = 0;
        while (work < STEPS_PER_CYCLE
                && !isWalkDone
                && pool.hasRoom()
                && ring.hasRoom(CatalogMessage.BYTES_MAX)) {
            work++;
            switch (walk.step()) {
                case ENTRY:
                    handOutEntry();
                    break;
                case END:
                    isWalkDone = true;
                    break;
                case FOLDER:
                    break;
            }
        }
        return work;
    }

    private void handOutEntry() {
        final byte[] path = walk.path();
        journal.begin();
        if (walk.failure() != null) {
            publishFailure(path, ExtractTransaction.describe(walk.failure()));
        } else if (!submit(path)) {
            publishFailure(path, "the path is longer than \"request\" in the manifest");
        }
        state.position(path);
        journal.commit();
    }

    private boolean submit(final byte[] path) {
        final int length = ExtractRequest.encode(request, state.runId(), input, path);
        try {
            requirePlace(pool.submit(request, 0, length));
            return true;
        } catch (final IllegalArgumentException tooLong) {
            return false;
        }
    }

    private int endRun() {
        if (!isWalkDone || pool.unfinished() > 0 || !ring.hasRoom(CatalogMessage.BYTES_MAX)) {
            return 0;
        }
        journal.begin();
        publish(CatalogMessage.END, CatalogMessage.encodeRun(message, state.runId()));
        state.phase(ScanState.ENDED);
        journal.commit();
        return 1;
    }

    private void onResult(final TaskResult result) {
        // A run that was given up, since the input is another one now, has no results.
        if (isRunToBegin || ExtractRequest.runId(result.request()) != state.runId()) {
            return;
        }
        if (result.outcome() == Outcome.EXPIRED) {
            requirePlace(pool.submit(result.request(), 0, result.request().capacity()));
            return;
        }
        publish(
                CatalogMessage.DOCUMENT,
                publishable(
                        outcome(result.outcome()),
                        result.attempts(),
                        result.exitStatus(),
                        ExtractRequest.path(result.request()),
                        result.reply(),
                        result.detail()));
        state.countPublished();
    }

    private void publishFailure(final byte[] path, final String detail) {
        final UnsafeBuffer text =
                new UnsafeBuffer(BoundedText.encode(detail, CatalogMessage.DETAIL_BYTES_MAX));
        publish(
                CatalogMessage.DOCUMENT,
                publishable(DocumentOutcome.FAILED, 1, 0, path, NOTHING, text));
        state.countPublished();
    }

    private int publishable(
            final DocumentOutcome outcome,
            final int attempts,
            final int exitStatus,
            final byte[] path,
            final DirectBuffer reply,
            final DirectBuffer detail) {
        return CatalogMessage.encodeDocument(
                message, outcome, attempts, exitStatus, path, reply, detail);
    }

    /** Room was looked for before the transaction began. */
    private void publish(final int type, final int length) {
        if (!ring.offer(type, message, 0, length)) {
            throw new IllegalStateException("the ring of results is full");
        }
    }

    private static void requirePlace(final long taskId) {
        if (taskId == TransactionPool.FULL) {
            throw new IllegalStateException("the pool has no place for a task");
        }
    }

    private static DocumentOutcome outcome(final Outcome outcome) {
        switch (outcome) {
            case OK:
                return DocumentOutcome.OK;
            case FAILED:
                return DocumentOutcome.FAILED;
            case CRASHED:
                return DocumentOutcome.CRASHED;
            case TIMED_OUT:
                return DocumentOutcome.TIMED_OUT;
            case OUT_OF_MEMORY:
                return DocumentOutcome.OUT_OF_MEMORY;
            case EXPIRED:
                break;
        }
        throw new IllegalArgumentException(outcome.name());
    }

    private void showProgress() {
        final long published = isRunToBegin ? 0 : state.published();
        if (published != publishedShown || count.total() != totalShown) {
            publishedShown = published;
            totalShown = count.total();
            context.progress(published, totalShown);
        }
    }
}
