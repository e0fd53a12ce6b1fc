package io.coppice.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** How long it takes from nothing to a tree that is ready. */
final class StartBench implements Benchmark {
    private static final int ROUNDS = 20;
    private static final int ROUNDS_QUICK = 3;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String note() {
        return "A tree of two small daemons, the second after the first, on fresh memory each time"
                + " with caches that are made: \"command to ready\" is the whole of \"coppice run"
                + " --detach\", \"tree all ready\" what root took of it. Bare java: a JVM that does"
                + " nothing, from spawn to exit.";
    }

    @Override
    public List<Case> run(final Scratch scratch, final boolean quick) throws IOException {
        final Case command = new Case("command to ready", Unit.MS);
        final Case allReady = new Case("tree all ready", Unit.MS);
        final BareJava bareJava = BareJava.in(scratch);
        final Path runBase = scratch.runBase("start");
        final BenchManifest manifest = new BenchManifest(scratch.home(), "bench-start");
        manifest.daemon("first", IdleDaemon.class);
        manifest.daemon("second", IdleDaemon.class).putArray("after").add("first");
        // Not counted: it makes the caches, and has the files of the JDK in memory.
        Tree.start(scratch, runBase, true, manifest).stop();
        bareJava.time();
        final int rounds = quick ? ROUNDS_QUICK : ROUNDS;
        for (int round = 0; round < rounds; round++) {
            final Tree tree = Tree.start(scratch, runBase, true, manifest);
            command.of(Case.COPPICE).addNs(tree.commandNs());
            allReady.of(Case.COPPICE).addNs(tree.board().allReadyNs());
            tree.stop();
            final long floorNs = bareJava.time();
            command.of(BareJava.SUBJECT).addNs(floorNs);
            allReady.of(BareJava.SUBJECT).addNs(floorNs);
        }
        return List.of(command, allReady);
    }
}
