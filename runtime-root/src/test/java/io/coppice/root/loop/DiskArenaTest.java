package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.TreePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arenas on disk, over boots of a machine that is simulated. */
class DiskArenaTest {
    private static final int STATE = ArenaLayout.FIXED_OFFSET + 8192;

    @TempDir Path folder;

    private final SimulatedSystem os = new SimulatedSystem();
    private Path state;
    private Path run;

    @BeforeEach
    void folders() throws IOException {
        state = folder.resolve("state/tree");
        run = Files.createDirectory(folder.resolve("run"));
    }

    @Test
    void liesOnDiskForItsOwnerAloneAndIsFoundInTheRunDirectory() throws IOException {
        lay(OnCrash.RESUME);

        final Path link = run.resolve("daemon1.arena");
        assertEquals(state.resolve("daemon1.arena"), Files.readSymbolicLink(link));
        assertEquals(256 * 1024, Files.size(link));
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(state)));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(state.resolve("daemon1.arena"))));
    }

    @Test
    void outlivesAMachineThatWentDownAfterTheTreeHadEnded() {
        lay(OnCrash.RESUME);
        arena().putLong(STATE, 42);
        leave();
        reboot();
        lay(OnCrash.RESUME);
        assertEquals(42, arena().getLong(STATE));
    }

    @Test
    void isKeptWithinABootWhateverBecameOfTheTree() {
        lay(OnCrash.RESUME);
        arena().putLong(STATE, 42);
        lay(OnCrash.RESUME);
        assertEquals(42, arena().getLong(STATE));
    }

    @Test
    void isRefusedWhereTheMachineWentDownWhileItWasInUse() {
        lay(OnCrash.RESUME);
        reboot();
        for (int attempt = 0; attempt < 2; attempt++) {
            final StartException refused =
                    assertThrows(StartException.class, () -> lay(OnCrash.RESUME));
            assertEquals(
                    state.resolve("daemon1.arena")
                            + ": the machine went down while it was in use, so it may be torn and"
                            + " is not trusted; drop it by \"coppice clean\", or say \"onCrash\":"
                            + " \"reset\" in the manifest",
                    refused.getMessage());
        }
    }

    @Test
    void theMarkOfAnEarlierEndIsNotTrustedForALaterUse() {
        lay(OnCrash.RESUME);
        leave();
        lay(OnCrash.RESUME);
        reboot();
        assertThrows(StartException.class, () -> lay(OnCrash.RESUME));
    }

    @Test
    void isResetWhereTheManifestSaysSo() {
        lay(OnCrash.RESET);
        arena().putLong(STATE, 42);
        reboot();
        lay(OnCrash.RESET);
        assertEquals(0, arena().getLong(STATE));
    }

    @Test
    void anUnknownBootIsLikeNoOther() {
        os.bootId = 0;
        lay(OnCrash.RESUME);
        assertThrows(StartException.class, () -> lay(OnCrash.RESUME));
    }

    @Test
    void saysWhatToDoWhereTheFolderCannotBe() throws IOException {
        state = Files.createFile(folder.resolve("file")).resolve("tree");
        final String refusal =
                assertThrows(StartException.class, () -> lay(OnCrash.RESUME)).getMessage();
        assertTrue(
                refusal.startsWith(state + ": cannot hold an arena on disk (")
                        && refusal.endsWith("); set COPPICE_STATE to a folder that can"),
                refusal);
    }

    private void lay(final OnCrash onCrash) {
        new Foundation(os, run).lay(plan(onCrash));
    }

    private void leave() {
        new Foundation(os, run).leave(plan(OnCrash.RESUME));
    }

    /** The page cache of this machine stays; what counts is the number. */
    private void reboot() {
        os.bootId++;
    }

    private Memory arena() {
        return MappedFile.writable(run.resolve("daemon1.arena"));
    }

    private TreePlan plan(final OnCrash onCrash) {
        final DaemonPlan plan = LoopTree.daemon(1, true, List.of());
        return new TreePlan(
                "tree",
                0,
                0,
                List.of(
                        new DaemonPlan(
                                plan.name(),
                                plan.slot(),
                                plan.mainClass(),
                                plan.memoryBytes(),
                                plan.journalBytes(),
                                state.toString(),
                                plan.after(),
                                plan.readers(),
                                plan.significant(),
                                onCrash,
                                plan.onRootLoss(),
                                plan.restart(),
                                plan.dumpAfterNs(),
                                plan.killAfterNs(),
                                plan.startTimeoutNs(),
                                plan.stopTimeoutNs(),
                                plan.spinNs(),
                                plan.capacities(),
                                plan.settings(),
                                plan.command(),
                                plan.pools(),
                                plan.standby())));
    }
}
