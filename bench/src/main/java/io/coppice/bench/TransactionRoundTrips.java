package io.coppice.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Transactions of a daemon that measures them itself. */
final class TransactionRoundTrips implements RoundTrips {
    private static final long POLL_NS = 1_000_000;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(120);
    private static final int TASKS_PER_WORKER = 1_000_000_000;

    private final Tree tree;
    private final BatchFolder batches;
    private int batch;

    private TransactionRoundTrips(final Tree tree, final BatchFolder batches) {
        this.tree = tree;
        this.batches = batches;
    }

    static TransactionRoundTrips start(final Scratch scratch) throws IOException {
        final Path folder = scratch.file("batches");
        Files.createDirectories(folder);
        final BenchManifest manifest = new BenchManifest(scratch.home(), "bench-transaction");
        final ObjectNode daemon = manifest.daemon("caller", RoundTripDaemon.class);
        daemon.putObject("settings").put("batches", folder.toString());
        daemon.putObject("transactions")
                .putObject(RoundTripDaemon.POOL)
                .put("class", EchoTransaction.class.getName())
                .put("workers", "1..1")
                .put("request", MESSAGE_BYTES + " B")
                .put("reply", MESSAGE_BYTES + " B")
                .put("reuse", TASKS_PER_WORKER)
                .put("heap", "32 MiB");
        final Tree tree = Tree.start(scratch, scratch.runBase("transaction"), true, manifest);
        return new TransactionRoundTrips(tree, new BatchFolder(folder));
    }

    @Override
    public String subject() {
        return Case.COPPICE;
    }

    @Override
    public long[] measure(final int rounds) throws IOException {
        batches.ask(batch, rounds);
        final long start = System.nanoTime();
        long[] ns = null;
        while (ns == null) {
            if (System.nanoTime() - start > PATIENCE_NS) {
                throw new BenchFailure(
                        BenchFailure.BUG, rounds + " transactions were not done in 120 s");
            }
            LockSupport.parkNanos(POLL_NS);
            ns = batches.answered(batch);
        }
        batch++;
        return ns;
    }

    @Override
    public void stop() throws IOException {
        tree.stop();
    }
}
