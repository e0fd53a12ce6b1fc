package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The unit in {@code conf/} is one that systemd takes, and says of a tree what holds for it. */
final class ServiceUnitTest {
    /**
     * What the unit may say, by section; systemd warns of a key that it does not know and goes on.
     */
    private static final Map<String, Set<String>> KNOWN =
            Map.of(
                    "Unit",
                    Set.of(
                            "Description",
                            "Documentation",
                            "StartLimitIntervalSec",
                            "StartLimitBurst"),
                    "Service",
                    Set.of(
                            "Type",
                            "NotifyAccess",
                            "User",
                            "Environment",
                            "ExecStart",
                            "ExecReload",
                            "KillMode",
                            "Restart",
                            "RestartSec",
                            "TimeoutStartSec",
                            "TimeoutStopSec",
                            "WatchdogSec",
                            "WatchdogSignal",
                            "TimeoutAbortSec"),
                    "Install",
                    Set.of("WantedBy"));

    private static final Set<String> REPEATED = Set.of("Environment");

    private final Map<String, List<String>> service = new TreeMap<>();

    @BeforeEach
    void parsesLineByLine() throws IOException {
        String section = "";
        for (final String line :
                Files.readAllLines(CoppiceCli.HOME.resolve("conf/coppice.service"))) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[")) {
                assertTrue(line.endsWith("]"), line);
                section = line.substring(1, line.length() - 1);
                assertTrue(KNOWN.containsKey(section), line);
                continue;
            }
            final int equals = line.indexOf('=');
            assertTrue(equals > 0 && equals < line.length() - 1, line);
            final String key = line.substring(0, equals);
            assertTrue(KNOWN.getOrDefault(section, Set.of()).contains(key), section + ": " + line);
            if (section.equals("Service")) {
                service.computeIfAbsent(key, each -> new ArrayList<>())
                        .add(line.substring(equals + 1));
            }
        }
    }

    @Test
    void rootAndNotTheConsoleIsTheMainProcessAndIsTheOneToSaySo() {
        assertEquals("notify", one("Type"));
        assertEquals("all", one("NotifyAccess"), "root is no child that systemd has started");
        assertTrue(one("ExecStart").contains(" run --detach "), one("ExecStart"));
        assertFalse(one("ExecStart").contains("--guard"), "systemd is the guard");
    }

    @Test
    void aRootThatDiesIsStartedAgainAndNobodyIsKilledForIt() {
        assertEquals("process", one("KillMode"));
        assertEquals("on-failure", one("Restart"));
        assertFalse(service.containsKey("KillSignal"), "SIGTERM stops in order");
        assertFalse(service.containsKey("RemainAfterExit"));
    }

    @Test
    void aReloadIsASignalToRoot() throws IOException {
        assertEquals("/bin/kill -HUP $MAINPID", one("ExecReload"));
        assertTrue(
                Files.readString(CoppiceCli.HOME.resolve("conf/coppice.service"))
                        .contains("RELOADING"));
    }

    @Test
    void noKeyIsSaidTwiceButThoseThatAddUp() {
        service.forEach(
                (key, values) ->
                        assertTrue(values.size() == 1 || REPEATED.contains(key), key + values));
    }

    private String one(final String key) {
        final List<String> values = service.getOrDefault(key, List.of());
        assertEquals(1, values.size(), key);
        return values.get(0);
    }
}
