package io.coppice.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** How long a killed daemon is away. */
final class RestartBench implements Benchmark {
    private static final int ROUNDS = 50;
    private static final int ROUNDS_QUICK = 5;
    private static final String DAEMON = "victim";
    private static final String UNCACHED = "coppice, no AOT cache";
    private static final int RESTARTS = 100_000;

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public String note() {
        return "kill -9 of a daemon with 1 MiB of memory until its successor has recovered it and"
                + " says that it is ready; \"death seen\" is the part until root has the kernel's word."
                + " Bare java: a JVM that does nothing, from spawn to exit.";
    }

    @Override
    public List<Case> run(final Scratch scratch, final boolean quick) throws IOException {
        final Case ready = new Case("kill -9 to ready", Unit.MS);
        final Case seen = new Case("kill -9 to death seen", Unit.MS);
        final BareJava bareJava = BareJava.in(scratch);
        final Tree cachedTree = start(scratch, "cached", true);
        final Tree plainTree = start(scratch, "plain", false);
        final Victim cached = new Victim(cachedTree, DAEMON);
        final Victim plain = new Victim(plainTree, DAEMON);
        // Not counted: it has the files of the JDK in memory.
        cached.killToReadyNs();
        plain.killToReadyNs();
        bareJava.time();
        final int rounds = quick ? ROUNDS_QUICK : ROUNDS;
        for (int round = 0; round < rounds; round++) {
            ready.of(Case.COPPICE).addNs(cached.killToReadyNs());
            seen.of(Case.COPPICE).addNs(cached.deathSeenNs());
            ready.of(UNCACHED).addNs(plain.killToReadyNs());
            seen.of(UNCACHED).addNs(plain.deathSeenNs());
            ready.of(BareJava.SUBJECT).addNs(bareJava.time());
        }
        cachedTree.stop();
        plainTree.stop();
        return List.of(ready, seen);
    }

    private static Tree start(final Scratch scratch, final String name, final boolean cached)
            throws IOException {
        final Path runBase = scratch.runBase("restart-" + name);
        final BenchManifest manifest = new BenchManifest(scratch.home(), "bench-" + name);
        final ObjectNode daemon = manifest.daemon(DAEMON, IdleDaemon.class);
        // Neither the budget nor a delay may be measured in place of the restart.
        daemon.putObject("restart")
                .put("policy", "always")
                .put("backoff", "1 ms .. 1 ms")
                .put("limit", RESTARTS)
                .put("stableAfter", "1 ms");
        return Tree.start(scratch, runBase, cached, manifest);
    }
}
