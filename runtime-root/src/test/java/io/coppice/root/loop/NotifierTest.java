package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.coppice.os.LocalDatagramSocket;
import io.coppice.os.OperatingSystem;
import io.coppice.os.Signals;
import io.coppice.pool.board.DaemonState;
import io.coppice.pool.board.TreeState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service manager hears of a tree. */
@Tag("allocation")
class NotifierTest {
    private static final int WINDOWS_MOST = 10;
    private static final int TURNS = 10_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();
    private LocalDatagramSocket manager;
    private LoopTree tree;

    @BeforeEach
    void listen() throws IOException {
        Assumptions.assumeTrue("linux".equals(OperatingSystem.current().name()), "Linux");
        manager = LocalDatagramSocket.at(address());
        tree =
                LoopTree.simulated(
                        Files.createTempDirectory(folder, "tree"),
                        os,
                        LoopTree.daemon(1, true, List.of()),
                        LoopTree.daemon(2, true, List.of(1)));
    }

    @AfterEach
    void close() {
        if (manager != null) {
            manager.close();
        }
    }

    @Test
    void theWholeLifeOfATreeIsTold() {
        tree.loop.tell(notifier("4711", null));
        tree.turn();
        assertEquals("MAINPID=4711\nSTATUS=starting: 0 of 2 daemons ready\n", manager.receive());
        tree.sayReady(1);
        tree.turn(Notifier.STATUS_NS);
        assertEquals("STATUS=starting: 1 of 2 daemons ready\n", manager.receive());
        tree.sayReady(2);
        tree.turn(1);
        assertEquals("READY=1\nSTATUS=running: 2 of 2 daemons ready\n", manager.receive());
        tree.turn();
        assertNull(manager.receive(), "nothing has changed");

        tree.loop.requestStop();
        tree.turn();
        assertEquals("STOPPING=1\nSTATUS=stopping: 1 of 2 daemons ready\n", manager.receive());
        tree.die(2, 0);
        tree.turn(Notifier.STATUS_NS);
        assertEquals("STATUS=stopping: 0 of 2 daemons ready, 1 ended\n", manager.receive());
    }

    @Test
    void aQuarantinedDaemonIsNamedByItsCount() {
        tree.loop.tell(notifier(null, null));
        tree.startAll();
        drain();
        for (int turn = 0; turn < TURNS && tree.treeState() != TreeState.FAILED; turn++) {
            tree.turn(LoopTree.SECOND_NS / 100);
            if (tree.state(2) == DaemonState.STARTING || tree.state(2) == DaemonState.READY) {
                tree.die(2, 1);
            }
        }
        tree.turn(Notifier.STATUS_NS);
        assertEquals("STATUS=failed: 1 of 2 daemons ready, 1 quarantined\n", last());
    }

    @Test
    void whatChangesFastIsToldAfterAWhileAndAsItIsThen() {
        tree.loop.tell(notifier(null, null));
        tree.startAll();
        drain();
        tree.turn(Notifier.STATUS_NS);
        tree.die(2, Signals.EXIT_BASE + Signals.KILL);
        tree.turn(1);
        assertEquals("STATUS=running: 1 of 2 daemons ready\n", last());
        tree.sayReady(2);
        tree.turn(1);
        assertNull(manager.receive());
        tree.turn(Notifier.STATUS_NS);
        assertEquals("STATUS=running: 2 of 2 daemons ready\n", manager.receive());
    }

    @Test
    void theLoopAloneFeedsTheWatchdogAtHalfOfItsTime() {
        tree.loop.tell(notifier(null, "60000"));
        tree.startAll();
        drain();
        tree.turn(30_000_000);
        assertEquals("WATCHDOG=1\n", manager.receive());
        assertEquals(30_000_000, tree.loop.waitNs(tree.nowNs));
        tree.turn(29_999_999);
        assertNull(manager.receive());
        assertEquals(1, tree.loop.waitNs(tree.nowNs));
        tree.turn(1);
        assertEquals("WATCHDOG=1\n", manager.receive());
    }

    @Test
    void aReloadIsToldWithItsTimeAndEndsWithReady() {
        final Notifier notifier = notifier(null, null);
        tree.loop.tell(notifier);
        tree.startAll();
        drain();
        notifier.reloading(tree.nowNs);
        final long us = tree.nowNs / 1000;
        tree.turn(1);
        assertEquals("RELOADING=1\nMONOTONIC_USEC=" + us + "\n", manager.receive());
        tree.turn();
        assertNull(manager.receive());
        notifier.reloaded();
        tree.turn();
        assertEquals("READY=1\n", manager.receive());
    }

    @Test
    void whatCouldNotBeSentIsSentLater() {
        manager.close();
        manager = null;
        tree.loop.tell(notifier("4711", null));
        tree.startAll();
        final String address = address();
        assertTrue(Path.of(address).toFile().delete());
        manager = LocalDatagramSocket.at(address);
        tree.turn(Notifier.RETRY_NS);
        assertEquals(
                "MAINPID=4711\nREADY=1\nSTATUS=running: 2 of 2 daemons ready\n", manager.receive());
    }

    @Test
    void whereNobodyListensRootWaitsForTheNextTry() {
        manager.close();
        manager = null;
        tree.loop.tell(notifier(null, "60000"));
        tree.startAll();
        tree.turn(Notifier.RETRY_NS);
        assertEquals(Notifier.RETRY_NS, tree.loop.waitNs(tree.nowNs));
        tree.turn(Notifier.RETRY_NS - 1);
        assertEquals(1, tree.loop.waitNs(tree.nowNs));
    }

    @Test
    void whatIsNoAddressIsToldNothingAndHarmsNobody() {
        for (final String address : List.of("", "relative", "vsock:2:1")) {
            tree.loop.tell(Notifier.ofEnvironment(Map.of(Notifier.SOCKET_VARIABLE, address), 4711));
            tree.turn();
            assertEquals(Long.MAX_VALUE, Notifier.silent().untilNextNs(tree.nowNs));
        }
        assertNull(manager.receive());
    }

    @Test
    void childrenSeeNothingOfIt() {
        final Map<String, String> environment = new HashMap<>();
        for (final String variable :
                List.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "PATH")) {
            environment.put(variable, "x");
        }
        Notifier.hideFrom(environment);
        assertEquals(Map.of("PATH", "x"), environment);
    }

    @Test
    void tellingAllocatesNothing() {
        final Notifier notifier = notifier("4711", "200000");
        tree.startAll();
        long allocatedBytes = -1;
        for (int window = 0; window < WINDOWS_MOST && allocatedBytes != 0; window++) {
            final long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int turn = 0; turn < TURNS; turn++) {
                tree.nowNs += Notifier.STATUS_NS;
                notifier.reloading(tree.nowNs);
                notifier.step(TreeState.RUNNING, true, tree.daemons, tree.nowNs);
                notifier.reloaded();
                notifier.step(
                        turn % 2 == 0 ? TreeState.RUNNING : TreeState.FAILED,
                        true,
                        tree.daemons,
                        tree.nowNs);
            }
            allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            drain();
        }
        assertEquals(0, allocatedBytes, "bytes allocated by " + TURNS + " turns");
    }

    private String last() {
        String last = null;
        for (String next = manager.receive(); next != null; next = manager.receive()) {
            last = next;
        }
        return last;
    }

    private void drain() {
        String next = manager.receive();
        while (next != null) {
            next = manager.receive();
        }
    }

    private String address() {
        return folder.resolve("notify").toString();
    }

    private Notifier notifier(final String mainPid, final String watchdogUs) {
        final Map<String, String> environment = new HashMap<>();
        environment.put(Notifier.SOCKET_VARIABLE, address());
        if (watchdogUs != null) {
            environment.put("WATCHDOG_USEC", watchdogUs);
        }
        return Notifier.ofEnvironment(environment, mainPid == null ? 0 : Long.parseLong(mainPid));
    }
}
