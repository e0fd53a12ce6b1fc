package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutOfMemoryKillsTest {
    private static final long NOW_NS = 1_000_000_000_000L;

    @TempDir Path folder;

    @Test
    void eachKillIsClaimedByOneDeath() throws IOException {
        final OutOfMemoryKills kills = kills("nr_free_pages 5\noom_kill 7\nother 9\n");
        assertFalse(kills.claim(NOW_NS), "what was before root was not of this tree");

        say("nr_free_pages 5\noom_kill 9\nother 9\n");
        assertTrue(kills.claim(NOW_NS));
        assertTrue(kills.claim(NOW_NS));
        assertFalse(kills.claim(NOW_NS));
    }

    @Test
    void aKillWaitsForItsDeathForAWhileAndNotForEver() throws IOException {
        final OutOfMemoryKills kills = kills("oom_kill 0");
        say("oom_kill 1");
        kills.refresh(NOW_NS + OutOfMemoryKills.LOOK_NS);
        assertTrue(kills.claim(NOW_NS + 2 * OutOfMemoryKills.LOOK_NS));

        say("oom_kill 2");
        kills.refresh(NOW_NS + 10 * OutOfMemoryKills.LOOK_NS);
        assertFalse(
                kills.claim(
                        NOW_NS
                                + 10 * OutOfMemoryKills.LOOK_NS
                                + OutOfMemoryKills.REMEMBERED_NS
                                + 1));
    }

    @Test
    void onlyTheWholeWordCountsAndOtherFilesAreNoCount() throws IOException {
        final OutOfMemoryKills kills = kills("oom 3\noom_group_kill 4\nxoom_kill 5\noom_kill 0\n");
        say("oom 4\noom_group_kill 5\nxoom_kill 6\noom_kill 0\n");
        assertFalse(kills.claim(NOW_NS));
        say("oom_kill");
        assertFalse(kills.claim(NOW_NS));
        say("");
        assertFalse(kills.claim(NOW_NS));

        final OutOfMemoryKills none =
                OutOfMemoryKills.of(List.of(folder, folder.resolve("missing")), NOW_NS);
        none.refresh(NOW_NS + OutOfMemoryKills.LOOK_NS);
        assertFalse(none.claim(NOW_NS));
    }

    @Test
    void theFirstFileThatCountsIsTheOne() throws IOException {
        final Path first = folder.resolve("first");
        Files.writeString(first, "nothing of the kind\n");
        say("oom_kill 1\n");
        final OutOfMemoryKills kills = OutOfMemoryKills.of(List.of(first, events()), NOW_NS);
        say("oom_kill 2\n");
        assertTrue(kills.claim(NOW_NS));
    }

    @Test
    void thisMachineIsCountedWhereItIsLinux() {
        final OutOfMemoryKills kills = OutOfMemoryKills.ofThisMachine(NOW_NS);
        kills.refresh(NOW_NS + OutOfMemoryKills.LOOK_NS);
        assertEquals(
                !Files.isReadable(Path.of("/proc/vmstat")), !kills.isCounting(), "is counting");
    }

    private OutOfMemoryKills kills(final String text) throws IOException {
        say(text);
        return OutOfMemoryKills.of(List.of(events()), NOW_NS);
    }

    private void say(final String text) throws IOException {
        Files.writeString(events(), text);
    }

    private Path events() {
        return folder.resolve("memory.events");
    }
}
