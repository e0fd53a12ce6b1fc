package io.coppice.examples.ledger;

import io.coppice.daemon.Daemon;
import io.coppice.daemon.DaemonContext;
import io.coppice.daemon.Outcome;
import io.coppice.daemon.TaskResult;
import io.coppice.daemon.TransactionPool;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Has the transfers of a file posted by transactions, and writes the balances when all are.
 *
 * <p>The position in the file changes in the transaction that hands a batch to the pool, a batch is
 * posted in the transaction of the worker, and its counts are taken in the transaction that takes
 * its result. So each line counts once, whatever dies; and an id that comes again is found in the
 * table of transfers.
 *
 * <p>Settings: {@code input}, the file of transfers (that which is shipped); {@code output}, the
 * file of balances.
 */
public final class LedgerDaemon implements Daemon {
    private static final int LINES_PER_BATCH = 64;
    private static final int BATCHES_PER_CYCLE = 8;
    private static final int WARM_UP_ROUNDS = 500;

    /** Set in every process of a tree to where Coppice was built. */
    private static final String HOME_PROPERTY = "coppice.home";

    private static final String SHIPPED = "examples/ledger/data/transfers.csv.gz";
    private static final long CENTS_PER_UNIT = 100;

    private final UnsafeBuffer batch =
            new UnsafeBuffer(new byte[LINES_PER_BATCH * (TransferLine.BYTES_MAX + 2)]);
    private DaemonContext context;
    private TransactionPool pool;
    private LedgerProgress progress;
    private Books books;
    private TransferFile file;
    private Path output;

    /** Made by the runtime. */
    public LedgerDaemon() {}

    @Override
    public void open(final DaemonContext given) throws IOException {
        layOut(given);
        output = Path.of(context.setting("output", "balances.csv")).toAbsolutePath();
        file = TransferFile.open(input(), progress.positionBytes());
    }

    private void layOut(final DaemonContext given) {
        context = given;
        pool = context.pool("post");
        books =
                new Books(
                        context.structures().table(Books.ACCOUNTS, Books.ACCOUNT),
                        context.structures().table(Books.TRANSFERS, Books.TRANSFER));
        context.structures().lock(Books.LOCK, 1);
        progress =
                new LedgerProgress(context.structures().region("progress", LedgerProgress.BYTES));
    }

    /** What a duty cycle does with the arena: no file is opened, and nobody posts the batches. */
    @Override
    public void warmUp(final DaemonContext scratch) {
        layOut(scratch);
        final byte[] line = "1,2,3,4\n".getBytes(StandardCharsets.US_ASCII);
        batch.putBytes(0, line);
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            context.journal().begin();
            requirePlace(pool.submit(batch, 0, line.length));
            progress.positionBytes(round);
            // No worker takes it: the place is needed again.
            context.journal().rollback();
            context.journal().begin();
            progress.count(1, 0, 0);
            context.journal().commit();
            context.progress(progress.posted(), books.transfers() + pool.unfinished());
        }
    }

    private Path input() {
        final String setting = context.setting("input", "");
        return setting.isEmpty()
                ? Path.of(System.getProperty(HOME_PROPERTY, "."), SHIPPED)
                : Path.of(setting);
    }

    @Override
    public int doWork() {
        int work = pool.poll(this::onResult, BATCHES_PER_CYCLE);
        for (int i = 0; i < BATCHES_PER_CYCLE && pool.hasRoom() && !file.isEnded(); i++) {
            handOut();
            work++;
        }
        if (file.isEnded() && pool.unfinished() == 0) {
            finish();
        }
        context.progress(progress.posted(), books.transfers() + pool.unfinished());
        return work;
    }

    @Override
    public void onClose() throws IOException {
        file.close();
    }

    private void handOut() {
        try {
            final int length = file.read(batch, LINES_PER_BATCH);
            if (length == 0) {
                return;
            }
            context.journal().begin();
            requirePlace(pool.submit(batch, 0, length));
            progress.positionBytes(file.positionBytes());
            context.journal().commit();
        } catch (final IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Runs in the transaction that takes the result. */
    private void onResult(final TaskResult result) {
        if (result.outcome() == Outcome.OK) {
            progress.count(
                    BatchReply.posted(result.reply()),
                    BatchReply.duplicates(result.reply()),
                    BatchReply.rejected(result.reply()));
        } else if (result.outcome() == Outcome.EXPIRED) {
            requirePlace(pool.submit(result.request(), 0, result.request().capacity()));
        } else {
            progress.countFailed();
        }
    }

    /** A batch that found no place would be lost; the transaction is undone instead. */
    private static void requirePlace(final long taskId) {
        if (taskId == TransactionPool.FULL) {
            throw new IllegalStateException("the pool has no place for a batch");
        }
    }

    private void finish() {
        if (!progress.isFinished()) {
            writeBalances();
            context.summary(summary());
            context.journal().begin();
            progress.finish();
            context.journal().commit();
        }
        context.finish();
    }

    /** Under another name first: whoever sees the file sees all of it. */
    private void writeBalances() {
        final Map<Long, Long> sorted = new TreeMap<>();
        books.forEachBalance(sorted::put);
        final Path draft = output.resolveSibling(output.getFileName() + ".new");
        try {
            try (BufferedWriter writer = Files.newBufferedWriter(draft)) {
                writer.write("account,cents\n");
                for (final Map.Entry<Long, Long> account : sorted.entrySet()) {
                    writer.write(account.getKey() + "," + account.getValue() + "\n");
                }
            }
            Files.move(
                    draft,
                    output,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (final IOException refused) {
            throw new UncheckedIOException(output + ": cannot be written: " + refused, refused);
        }
    }

    private String summary() {
        return String.format(
                Locale.ROOT,
                "ledger: %d transfers posted between %d accounts, %d duplicates, %d lines rejected,"
                        + " %d batches failed; trial balance %d.%02d; balances in %s%n",
                books.transfers(),
                books.accounts(),
                progress.duplicates(),
                progress.rejected(),
                progress.failed(),
                books.trialBalanceCents() / CENTS_PER_UNIT,
                Math.abs(books.trialBalanceCents() % CENTS_PER_UNIT),
                output);
    }
}
