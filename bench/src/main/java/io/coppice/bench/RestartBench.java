package io.coppice.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** How long a killed process is away: with a standby and without one, and root itself. */
final class RestartBench implements Benchmark {
    private static final int TAKEOVERS = 200;
    private static final int TAKEOVERS_QUICK = 8;

    /** Of so many rounds one is with cold respawns, and one with other supervisors. */
    private static final int COLD_EACH = 4;

    private static final int PEERS_EACH = 5;
    private static final int COLD_EACH_QUICK = 2;
    private static final int PEERS_EACH_QUICK = 2;

    /** Erlang's processes come back so fast that more of them cost nothing. */
    private static final int ERLANG_TIMES = 5;

    private static final String DAEMON = "victim";
    private static final String LARGE = "coppice, 1 GiB arena";
    private static final String UNCACHED = "coppice, no AOT cache";
    private static final int RESTARTS = 100;
    private static final int LARGE_TOUCHED_BYTES = 1_000 << 20;

    /** The arena, and something for everybody else. */
    private static final long LARGE_ROOM_BYTES = 3L << 29;

    private static final double TAKEOVER_P50_US = 500;
    private static final double TAKEOVER_P99_US = 5_000;
    private static final double COLD_TIMES = 2.5;

    private final Case takeover =
            new Case("kill -9 to the next one at work", Unit.US)
                    .aim(Case.COPPICE, 50, TAKEOVER_P50_US)
                    .aim(Case.COPPICE, 99, TAKEOVER_P99_US)
                    .aim(LARGE, 50, TAKEOVER_P50_US)
                    .aim(LARGE, 99, TAKEOVER_P99_US);
    private final Case inherited = new Case("kill -9 to the standby having the arena", Unit.US);
    private final Case ready =
            new Case("kill -9 to ready", Unit.MS)
                    .aimOver(Case.COPPICE, BareJava.SUBJECT, COLD_TIMES);
    private final Case seen = new Case("kill -9 to death seen", Unit.MS);
    private String serviceKind = "";
    private String scaleChart;

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public String note() {
        return "At work: a daemon with a standby, until the standby's first commit stands, said by"
                + " itself; other supervisors: until their service, "
                + serviceKind
                + ", begins again, said by itself too. Ready: a daemon with 1 MiB of memory without"
                + " a standby, until its successor has recovered it and says that it is ready;"
                + " \"death seen\" is the part until root has the kernel's word. Bare java: a JVM"
                + " that does nothing, from spawn to exit. Root's turns are counted by root in"
                + " classes; a value is the upper end of its class. All is explained in"
                + " bench/README.md.";
    }

    @Override
    public Map<String, String> charts() {
        return scaleChart == null ? Map.of() : Map.of("scale", scaleChart);
    }

    @Override
    public List<Case> run(final Scratch scratch, final boolean quick) throws IOException {
        runRounds(scratch, quick);
        final RootScale scale = new RootScale(scratch, quick);
        final List<Case> ofRoot = scale.run();
        scaleChart = scale.chart();
        final List<Case> cases = new ArrayList<>(List.of(takeover, inherited, ready, seen));
        cases.addAll(ofRoot);
        cases.addAll(new RootDeath(scratch, quick).run());
        return cases;
    }

    private void runRounds(final Scratch scratch, final boolean quick) throws IOException {
        final List<Peer> peers = startPeers(scratch);
        final SelfTimed erlang =
                start(takeover, ErlangPeer.SUBJECT, () -> ErlangPeer.start(scratch));
        final SelfTimed heir = start(inherited, MutexHeir.SUBJECT, () -> MutexHeir.start(scratch));
        final Takeover small = Takeover.start(scratch, "takeover-small", "1 MiB", 0);
        final Takeover large = startLarge(scratch);
        final BareJava bareJava = BareJava.in(scratch);
        final Tree cachedTree = start(scratch, "cached", true);
        final Tree plainTree = start(scratch, "plain", false);
        final Victim cached = new Victim(cachedTree, DAEMON);
        final Victim plain = new Victim(plainTree, DAEMON);
        // Not counted: it has the files of the JDK in memory.
        small.killToCommitNs();
        cached.killToReadyNs();
        plain.killToReadyNs();
        bareJava.time();
        final int coldEach = quick ? COLD_EACH_QUICK : COLD_EACH;
        final int peersEach = quick ? PEERS_EACH_QUICK : PEERS_EACH;
        for (int round = 0; round < (quick ? TAKEOVERS_QUICK : TAKEOVERS); round++) {
            // Nobody is measured while somebody else's standby is being started.
            small.awaitWarm();
            takeover.of(Case.COPPICE).addNs(small.killToCommitNs());
            inherited.of(Case.COPPICE).addNs(small.killToInheritedNs());
            small.awaitWarm();
            if (large != null) {
                takeover.of(LARGE).addNs(large.killToCommitNs());
                inherited.of(LARGE).addNs(large.killToInheritedNs());
                large.awaitWarm();
            }
            measure(inherited, heir, 1);
            if (round % coldEach == 0) {
                ready.of(Case.COPPICE).addNs(cached.killToReadyNs());
                seen.of(Case.COPPICE).addNs(cached.deathSeenNs());
                ready.of(UNCACHED).addNs(plain.killToReadyNs());
                seen.of(UNCACHED).addNs(plain.deathSeenNs());
                ready.of(BareJava.SUBJECT).addNs(bareJava.time());
            }
            if (round % peersEach == 0) {
                measure(peers);
                measure(takeover, erlang, ERLANG_TIMES);
            }
        }
        peers.forEach(Peer::stop);
        if (erlang != null) {
            erlang.stop();
        }
        if (heir != null) {
            heir.stop();
        }
        small.stop();
        if (large != null) {
            large.stop();
        }
        cachedTree.stop();
        plainTree.stop();
    }

    private List<Peer> startPeers(final Scratch scratch) throws IOException {
        final PeerService service = PeerService.in(scratch);
        serviceKind = service.kind();
        final List<Peer> peers = new ArrayList<>();
        for (final Peer.Kind kind : Peer.Kind.values()) {
            try {
                peers.add(Peer.start(scratch, service, kind));
            } catch (final NotRunException reason) {
                takeover.leaveOut(kind.label(), reason.getMessage());
            }
        }
        return peers;
    }

    /** Starts one and has it run a round that is not counted; null, and said so, if it cannot. */
    private static SelfTimed start(final Case into, final String subject, final Starter starter)
            throws IOException {
        try {
            final SelfTimed program = starter.start();
            program.roundNs();
            return program;
        } catch (final NotRunException reason) {
            into.leaveOut(subject, reason.getMessage());
            return null;
        }
    }

    private Takeover startLarge(final Scratch scratch) throws IOException {
        final long room = Files.getFileStore(scratch.file("").normalize()).getUsableSpace();
        if (room < LARGE_ROOM_BYTES) {
            takeover.leaveOut(
                    LARGE,
                    "it needs "
                            + (LARGE_ROOM_BYTES >> 20)
                            + " MiB of shared memory, and there are "
                            + (room >> 20));
            return null;
        }
        final Takeover large =
                Takeover.start(scratch, "takeover-large", "1 GiB", LARGE_TOUCHED_BYTES);
        large.killToCommitNs();
        large.awaitWarm();
        return large;
    }

    private void measure(final List<Peer> peers) {
        final Iterator<Peer> next = peers.iterator();
        while (next.hasNext()) {
            final Peer peer = next.next();
            try {
                takeover.of(peer.kind().label()).addNs(peer.killToBegunNs());
            } catch (final NotRunException reason) {
                next.remove();
                peer.stop();
                takeover.leaveOut(peer.kind().label(), reason.getMessage());
            }
        }
    }

    private static void measure(final Case into, final SelfTimed program, final int times)
            throws IOException {
        if (program == null) {
            return;
        }
        try {
            for (int time = 0; time < times; time++) {
                into.of(program.subject()).addNs(program.roundNs());
            }
        } catch (final NotRunException died) {
            throw new BenchFailure(
                    BenchFailure.BUG, program.subject() + ": " + died.getMessage(), died);
        }
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

    /** Starts a program that measures itself, where it can be. */
    private interface Starter {
        SelfTimed start() throws IOException, NotRunException;
    }
}
