package io.coppice.root.cli;

import io.coppice.pool.ArenaPlan;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.ExitClass;
import io.coppice.pool.board.TreeState;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnRootLoss;
import io.coppice.pool.plan.PlanCodec;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.plan.RestartPlan;
import io.coppice.pool.plan.RestartPolicy;
import io.coppice.pool.plan.TreePlan;
import io.coppice.root.loop.RunDirectory;
import io.coppice.root.manifest.DaemonSpec;
import io.coppice.root.manifest.Manifest;
import io.coppice.root.manifest.TransactionSpec;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Makes the start caches that are missing, by having a tree of the same shape run once in a folder
 * of its own. The daemons of that tree are rehearsals: each calls {@code warmUp()} of the class it
 * stands for, has its pools do the same, and finishes; none touches the user's state. Every process
 * records what it loads and compiles, and leaves its cache when it ends.
 */
final class Rehearsal {
    /** Setting by which a rehearsal knows the class it stands for. */
    static final String STANDS_FOR = "rehearses";

    private static final String DAEMON_CLASS = "io.coppice.daemon.RehearsalDaemon";
    private static final String TRANSACTION_CLASS = "io.coppice.txn.RehearsalTransaction";

    /** Setting by which it knows how much memory that class has, in bytes. */
    private static final String STANDS_FOR_BYTES = "rehearsesBytes";

    /** How long the whole rehearsal may take, in milliseconds. */
    private static final long TIMEOUT_MS = 180_000;

    private static final long LOOK_MS = 50;

    private static final long STEP_TIMEOUT_NS = 120_000_000_000L;

    /**
     * Room for what a rehearsal lays out itself: a rehearsal takes no more memory than it needs.
     */
    private static final long STRUCTURE_BYTES = 1 << 20;

    /** As large as the journal of most daemons, whose warm-up may need it. */
    private static final long JOURNAL_BYTES_MAX = 1 << 20;

    /** Caches beyond this number are removed, the longest unused first. */
    private static final int CACHES_MAX = 24;

    private final StartCaches caches;
    private final CachedCommands commands;
    private final Map<Path, Path> drafts = new LinkedHashMap<>();

    Rehearsal(final StartCaches caches, final CachedCommands commands) {
        this.caches = caches;
        this.commands = commands;
    }

    /** Makes what is missing; a failure costs start-up time and nothing else. */
    void makeMissing(final Manifest manifest) {
        if (caches.isOff() || hasFolders(manifest) || isComplete(manifest)) {
            return;
        }
        final long start = System.nanoTime();
        System.err.print(
                "coppice: rehearsing the start of each process (first run with these jars only) ... ");
        System.err.flush();
        try {
            Files.createDirectories(caches.folder());
            rehearse(manifest);
            removeOldest();
            System.err.printf("%.1f s%n", (System.nanoTime() - start) / 1e9);
        } catch (final IOException | RuntimeException failure) {
            System.err.println("left out: " + failure.getMessage());
        }
    }

    /** The JDK makes caches of jars alone. */
    private static boolean hasFolders(final Manifest manifest) {
        return manifest.classpath().stream().anyMatch(Files::isDirectory);
    }

    private boolean isComplete(final Manifest manifest) {
        boolean complete =
                Files.exists(commands.rootCache()) && Files.exists(commands.commandLineCache());
        for (final DaemonSpec daemon : manifest.daemons()) {
            complete &= Files.exists(commands.daemonCache(manifest, daemon));
            for (final TransactionSpec pool : daemon.transactions()) {
                complete &= Files.exists(commands.workerCache(manifest, pool));
            }
        }
        return complete;
    }

    private void rehearse(final Manifest manifest) throws IOException {
        final Path base = Files.createTempDirectory("coppice-rehearsal");
        final RunDirectory directory = RunDirectory.of(base, manifest.tree());
        try {
            directory.create();
            final JvmCommand jvm = new JvmCommand(directory.crashes());
            final TreePlan plan = new PlanMaker(recording(jvm)).make(manifest, 0, 0);
            final TreePlan rehearsal =
                    new TreePlan(
                            plan.name(),
                            0,
                            0,
                            plan.daemons().stream().map(Rehearsal::standIn).toList());
            final Path file = directory.path().resolve(RunDirectory.PLAN);
            Files.write(file, PlanCodec.encode(rehearsal));
            final RootProcess root =
                    RootProcess.rehearse(jvm.root(record(commands.rootCache())), directory, file);
            awaitEnd(root, directory);
            rehearseCommandLine(jvm, manifest);
            keep();
        } finally {
            directory.remove();
            Files.deleteIfExists(base);
            for (final Path draft : drafts.keySet()) {
                // Those of a rehearsal that was left out; the others have their names by now.
                Files.deleteIfExists(draft);
                Files.deleteIfExists(draft.resolveSibling(draft.getFileName() + ".config"));
            }
        }
    }

    private static void awaitEnd(final RootProcess root, final RunDirectory directory)
            throws IOException {
        final long start = System.nanoTime();
        String failure = null;
        while (failure == null && !root.awaitEnd(LOOK_MS)) {
            if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS)) {
                failure = "it did not end in time";
            }
            final TreeView view = TreeView.open(directory).orElse(null);
            if (view != null && view.board().treeState() == TreeState.FAILED) {
                failure = whatWentWrong(view);
            }
        }
        if (failure != null) {
            root.stop();
            root.awaitEnd(TIMEOUT_MS);
            throw new IOException(failure);
        }
    }

    private static String whatWentWrong(final TreeView view) {
        for (final DaemonPlan daemon : view.plan().daemons()) {
            if (view.board().state(daemon.slot()) == DaemonState.QUARANTINED) {
                final long exit = view.board().word(daemon.slot(), BoardWord.EXIT_CLASS);
                return daemon.name()
                        + " ended with "
                        + StatusJson.word(ExitClass.of(exit).name())
                        + " and said: "
                        + LastLine.of(view.directory().logs().resolve(daemon.name() + ".log"));
            }
        }
        return "a daemon died";
    }

    /** The command line rehearses by checking the same manifest. */
    private void rehearseCommandLine(final JvmCommand jvm, final Manifest manifest)
            throws IOException {
        final List<String> command =
                new ArrayList<>(jvm.commandLine(record(commands.commandLineCache())));
        command.add("check");
        command.add(manifest.file().toString());
        final Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(Redirect.from(new File("/dev/null")))
                        .redirectOutput(Redirect.DISCARD)
                        .start();
        try {
            if (!process.waitFor(TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException("the command line did not end in time");
            }
        } catch (final InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private ChildCommands recording(final JvmCommand jvm) {
        return new ChildCommands() {
            @Override
            public List<String> daemon(final Manifest manifest, final DaemonSpec daemon) {
                return jvm.daemon(
                        daemon.name(),
                        daemon.heapBytes(),
                        daemon.jvm(),
                        manifest.classpath(),
                        record(commands.daemonCache(manifest, daemon)));
            }

            @Override
            public List<String> worker(
                    final Manifest manifest, final DaemonSpec daemon, final TransactionSpec pool) {
                return jvm.worker(
                        daemon.name() + "-" + pool.name(),
                        pool.heapBytes(),
                        pool.jvm(),
                        manifest.classpath(),
                        record(commands.workerCache(manifest, pool)));
            }
        };
    }

    /**
     * Returns the option that makes a cache, under another name first: a half-written one would
     * crash whoever used it.
     */
    private List<String> record(final Path cache) {
        final Path draft =
                cache.resolveSibling(cache.getFileName() + ".new-" + ProcessHandle.current().pid());
        drafts.put(draft, cache);
        return List.of("-XX:AOTCacheOutput=" + draft);
    }

    private void keep() throws IOException {
        int missing = 0;
        for (final Map.Entry<Path, Path> draft : drafts.entrySet()) {
            if (Files.exists(draft.getKey())) {
                Files.move(draft.getKey(), draft.getValue(), StandardCopyOption.ATOMIC_MOVE);
            } else {
                missing++;
            }
        }
        if (Files.exists(commands.commandLineCache())) {
            final Path draft = caches.folder().resolve("cli.new-" + ProcessHandle.current().pid());
            Files.createLink(draft, commands.commandLineCache());
            Files.move(draft, caches.commandLineFile(), StandardCopyOption.ATOMIC_MOVE);
        }
        if (missing > 0) {
            throw new IOException(missing + " of " + drafts.size() + " processes left no cache");
        }
    }

    private void removeOldest() throws IOException {
        final List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(caches.folder(), "*-*.aot")) {
            entries.forEach(files::add);
        }
        files.sort(Comparator.comparing(Rehearsal::lastUse));
        for (int i = 0; i < files.size() - CACHES_MAX; i++) {
            Files.deleteIfExists(files.get(i));
        }
    }

    private static FileTime lastUse(final Path file) {
        try {
            return (FileTime) Files.getAttribute(file, "lastAccessTime");
        } catch (final IOException gone) {
            return FileTime.fromMillis(0);
        }
    }

    /**
     * Returns the daemon that rehearses another: same class path and options, one worker for each
     * pool, generous deadlines.
     */
    private static DaemonPlan standIn(final DaemonPlan daemon) {
        final List<PoolPlan> pools = new ArrayList<>();
        for (final PoolPlan pool : daemon.pools()) {
            pools.add(
                    new PoolPlan(
                            pool.name(),
                            TRANSACTION_CLASS,
                            1,
                            1,
                            pool.firstSlot(),
                            Math.max(pool.requestBytes(), pool.className().length()),
                            pool.replyBytes(),
                            pool.journalBytes(),
                            1,
                            STEP_TIMEOUT_NS,
                            STEP_TIMEOUT_NS,
                            1,
                            1,
                            pool.command()));
        }
        // What it stands for may look at settings and capacities while it warms up.
        final Map<String, String> settings = new LinkedHashMap<>(daemon.settings());
        settings.put(STANDS_FOR, daemon.mainClass());
        settings.put(STANDS_FOR_BYTES, Long.toString(daemon.memoryBytes()));
        final long journalBytes = Math.min(daemon.journalBytes(), JOURNAL_BYTES_MAX);
        daemon.pools()
                .forEach(pool -> settings.put(STANDS_FOR + "." + pool.name(), pool.className()));
        return new DaemonPlan(
                daemon.name(),
                daemon.slot(),
                DAEMON_CLASS,
                ArenaPlan.fixedBytes(journalBytes, pools) + STRUCTURE_BYTES,
                journalBytes,
                "",
                List.of(),
                daemon.readers(),
                true,
                daemon.onCrash(),
                OnRootLoss.STOP,
                new RestartPlan(
                        RestartPolicy.ON_FAILURE, 1, 1, 1, STEP_TIMEOUT_NS, STEP_TIMEOUT_NS, 0),
                STEP_TIMEOUT_NS,
                STEP_TIMEOUT_NS,
                STEP_TIMEOUT_NS,
                STEP_TIMEOUT_NS,
                0,
                daemon.capacities(),
                settings,
                daemon.command(),
                pools,
                0);
    }
}
