package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.bench.ThreadAllocation.Allocated;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ThreadAllocationTest {
    @Test
    void findsTheMainThreadAmongAll() {
        final String other = "\"Main\" #1 [1] prio=5 os_prio=0 cpu=1ms allocated=9B defined=0 ";
        assertEquals(new Allocated(2_345, 1), parse(other, line("2345B")));
        assertEquals(new Allocated(345 * 1024, 1024), parse(line("345K"), other));
        assertEquals(new Allocated(7L << 20, 1 << 20), parse(line("7M")));
        assertEquals(new Allocated(3L << 30, 1 << 30), parse(line("3G")));
        assertThrows(BenchFailure.class, () -> parse(other));
    }

    @Test
    void asksALivingJvm() throws Exception {
        try (Scratch scratch = Scratch.create(Path.of("unused"))) {
            final Allocated own = ThreadAllocation.ofMain(scratch, ProcessHandle.current().pid());
            assertTrue(own.bytes() > 0, own::toString);
        }
    }

    private static Allocated parse(final String... lines) {
        return ThreadAllocation.parse(List.of(lines));
    }

    private static String line(final String amount) {
        return "\"main\" #3 [77] prio=5 os_prio=0 cpu=52.79ms elapsed=0.31s allocated="
                + amount
                + " defined_classes=12 tid=0x00007f nid=77 runnable  [0x00007f]";
    }
}
