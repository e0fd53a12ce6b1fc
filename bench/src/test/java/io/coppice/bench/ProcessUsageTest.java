package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class ProcessUsageTest {
    @Test
    void addsUpWhatEachThreadHasHadSince() {
        final ProcessUsage earlier = new ProcessUsage(Map.of(1L, 100L, 2L, 50L, 3L, 7L));
        final ProcessUsage later = new ProcessUsage(Map.of(1L, 130L, 2L, 50L, 4L, 5L));
        assertEquals(35, later.sinceNs(earlier));
    }

    @Test
    void readsNumbersBehindTheirKeys() {
        final List<String> lines = List.of("VmPeak:\t  900 kB", "VmRSS:\t   34567 kB");
        assertEquals(34_567, ProcessUsage.kib(lines, "VmRSS:"));
        assertThrows(IllegalArgumentException.class, () -> ProcessUsage.kib(lines, "Pss:"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void looksAtALivingProcess() throws IOException {
        final long pid = ProcessHandle.current().pid();
        final ProcessUsage before = ProcessUsage.of(pid);
        final long start = System.nanoTime();
        long spun = 0;
        while (System.nanoTime() - start < 20_000_000) {
            spun++;
        }
        assertTrue(ProcessUsage.of(pid).sinceNs(before) > 0, () -> "no processor time");
        assertTrue(spun > 0);
        final double resident = ProcessUsage.residentMib(pid);
        final double part = ProcessUsage.proportionalMib(pid);
        assertTrue(resident > 10, () -> resident + " MiB");
        assertTrue(part > 1, () -> part + " MiB");
    }
}
