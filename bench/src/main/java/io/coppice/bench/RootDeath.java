package io.coppice.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a tree is without root, and what a client of its service notices. Under a guard, and
 * where somebody has to give the command again.
 */
final class RootDeath {
    private static final int ROUNDS = 5;
    private static final int ROUNDS_QUICK = 2;
    private static final long POLL_NS = 200_000;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    /** The guard delays the next start of a root that did not live for 10 s. */
    private static final long STABLE_MS = 10_500;

    /** After the adoption: what it leaves to do belongs to it as well. */
    private static final long AFTER_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final String AGAIN = "coppice, run again by hand";
    private static final String ALIVE = "coppice, while root lives";
    private static final double ADOPTED_MOST_MS = 1_000;
    private static final double GAP_MOST_MS = 10;

    private final Scratch scratch;
    private final int rounds;
    private final Case adopted =
            new Case("kill -9 of root to the tree adopted", Unit.MS)
                    .aim(Case.COPPICE, 100, ADOPTED_MOST_MS);
    private final Case gap =
            new Case("a client's longest gap meanwhile", Unit.MS)
                    .aim(Case.COPPICE, 100, GAP_MOST_MS);

    RootDeath(final Scratch scratch, final boolean quick) {
        this.scratch = scratch;
        this.rounds = quick ? ROUNDS_QUICK : ROUNDS;
    }

    List<Case> run() throws IOException {
        final Bereaved guarded = new Bereaved("guarded", true);
        final Bereaved alone = new Bereaved("alone", false);
        for (int round = 0; round < rounds; round++) {
            guarded.awaitStable();
            guarded.killRoot(Case.COPPICE, true);
            alone.killRoot(AGAIN, false);
        }
        guarded.tree.stop();
        alone.tree.stop();
        return List.of(adopted, gap);
    }

    /** A tree with a service and its client, whose root is killed. */
    private final class Bereaved {
        private final String name;
        private final Path file;
        private final Tree tree;
        private final Board board;
        private final Memory times;

        Bereaved(final String name, final boolean isGuarded) throws IOException {
            this.name = name;
            final Path answers = scratch.file(name + ".answers");
            Files.write(answers, new byte[AnswerTimes.FILE_BYTES]);
            this.times = MappedFile.readOnly(answers);
            final BenchManifest manifest = new BenchManifest(scratch.home(), name);
            manifest.daemon(AskDaemon.SERVICE, AnswerDaemon.class)
                    .putArray("readers")
                    .add(AskDaemon.DAEMON);
            final ObjectNode asking = manifest.daemon(AskDaemon.DAEMON, AskDaemon.class);
            asking.putArray("readers").add(AskDaemon.SERVICE);
            asking.putArray("after").add(AskDaemon.SERVICE);
            asking.putObject("settings").put("times", answers.toString());
            this.file = manifest.write(scratch);
            final List<String> further = isGuarded ? List.of("--guard") : List.of();
            this.tree = Tree.start(scratch, scratch.runBase(name), true, manifest, further);
            this.board = tree.board();
            if (isGuarded) {
                ProcessHandle.of(board.rootPid())
                        .flatMap(ProcessHandle::parent)
                        .ifPresent(scratch::endFirst);
            }
        }

        void awaitStable() {
            final long start = System.nanoTime();
            while (System.currentTimeMillis() - board.startedMs() < STABLE_MS) {
                pause(start, "does not grow old");
            }
        }

        void killRoot(final String subject, final boolean isGuarded) throws IOException {
            final long root = board.rootPid();
            final long epoch = board.rootEpoch();
            final long served = board.word(1, BoardWord.EPOCH);
            final long client = board.word(2, BoardWord.EPOCH);
            final long killedNs = System.nanoTime();
            if (!OperatingSystem.current().signal(root, Signals.KILL)) {
                throw new BenchFailure(BenchFailure.BUG, "root " + root + " died before its time");
            }
            final Process command = isGuarded ? null : runAgain();
            while (board.rootEpoch() == epoch || board.allReadyNs() == 0) {
                pause(killedNs, "has no new root");
            }
            final long adoptedNs = System.nanoTime();
            adopted.of(subject).addNs(adoptedNs - killedNs);
            awaitAnswerAfter(adoptedNs + AFTER_NS);
            if (board.word(1, BoardWord.EPOCH) != served
                    || board.word(2, BoardWord.EPOCH) != client) {
                throw new BenchFailure(
                        BenchFailure.BUG, "tree \"" + name + "\": the new root adopted nobody");
            }
            if (command != null) {
                await(command);
            }
            final long[] answers = AnswerTimes.last(times);
            final long endNs = adoptedNs + AFTER_NS;
            gap.of(subject).addNs(AnswerTimes.longestGapNs(answers, killedNs, endNs));
            if (isGuarded) {
                final long before = killedNs - (endNs - killedNs);
                gap.of(ALIVE).addNs(AnswerTimes.longestGapNs(answers, before, killedNs));
            }
        }

        private Process runAgain() throws IOException {
            final List<String> arguments = List.of("run", file.toString(), "--detach");
            return scratch.start(
                    Commands.coppice(scratch, scratch.runBase(name), true, arguments)
                            .redirectInput(Redirect.from(new File("/dev/null")))
                            .redirectErrorStream(true)
                            .redirectOutput(scratch.file(name + ".again").toFile()));
        }

        private void await(final Process command) {
            try {
                command.waitFor(PATIENCE_NS, TimeUnit.NANOSECONDS);
            } catch (final InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new BenchFailure(
                        BenchFailure.OS_REFUSED, "the bench was interrupted", interrupted);
            }
        }

        private void awaitAnswerAfter(final long ns) {
            final long start = System.nanoTime();
            long[] answers = AnswerTimes.last(times);
            while (answers.length == 0 || answers[answers.length - 1] < ns) {
                pause(start, "answers nobody any more");
                LockSupport.parkNanos(AFTER_NS / 2);
                answers = AnswerTimes.last(times);
            }
        }

        private void pause(final long start, final String what) {
            if (System.nanoTime() - start > PATIENCE_NS) {
                throw new BenchFailure(
                        BenchFailure.BUG, "tree \"" + name + "\" " + what + " after 60 s");
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }
}
