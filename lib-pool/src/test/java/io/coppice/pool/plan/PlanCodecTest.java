package io.coppice.pool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlanCodecTest {
    private static final TreePlan PLAN =
            Plans.tree(
                    Plans.daemon("catalog", 1, 1 << 20),
                    Plans.daemon(
                            "scan",
                            2,
                            1 << 21,
                            List.of(Plans.pool("extract", 4096), Plans.pool("x", 1))));

    private static final int[] VALUES = {0, 1, 2, 3, 4, 0x7f, 0x80, 0xfe, 0xff};

    @Test
    void givesBackWhatWasEncoded() {
        assertEquals(PLAN, PlanCodec.decode(PlanCodec.encode(PLAN)));
        final TreePlan empty = new TreePlan("", 0, 0, List.of());
        assertEquals(empty, PlanCodec.decode(PlanCodec.encode(empty)));
    }

    @Test
    void keepsTheOrderOfCapacities() {
        final DaemonPlan decoded = PlanCodec.decode(PlanCodec.encode(PLAN)).daemon("scan");
        assertEquals(
                List.copyOf(PLAN.daemon("scan").capacities().keySet()),
                List.copyOf(decoded.capacities().keySet()));
    }

    @Test
    void refusesEveryTruncation() {
        final byte[] bytes = PlanCodec.encode(PLAN);
        for (int length = 0; length < bytes.length; length++) {
            final byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(
                    IllegalArgumentException.class, () -> PlanCodec.decode(cut), length + " bytes");
        }
    }

    @Test
    void refusesAnotherVersion() {
        final byte[] bytes = PlanCodec.encode(PLAN);
        bytes[3]++;
        final IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> PlanCodec.decode(bytes));
        assertEquals(
                "a plan of version " + (PlanCodec.VERSION + 1) + ", not " + PlanCodec.VERSION,
                refused.getMessage());
    }

    @Test
    void flippedBytesGiveAPlanOrAClearRefusal() {
        final byte[] whole = PlanCodec.encode(PLAN);
        final Random random = new Random(11);
        int refused = 0;
        int plans = 0;
        for (int round = 0; round < 20_000; round++) {
            final byte[] bytes = whole.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertNotNull(PlanCodec.decode(bytes).daemons());
                plans++;
            } catch (final IllegalArgumentException expected) {
                refused++;
            }
        }
        assertTrue(refused > 1000 && plans > 1000, refused + " refused, " + plans + " plans");
    }

    @Test
    void everyByteTakesAnyValueWithoutAnythingButARefusal() {
        final byte[] whole = PlanCodec.encode(PLAN);
        int choices = 0;
        for (int i = 0; i < whole.length; i++) {
            for (final int value : VALUES) {
                final byte[] bytes = whole.clone();
                bytes[i] = (byte) value;
                try {
                    PlanCodec.decode(bytes);
                } catch (final IllegalArgumentException refused) {
                    choices += refused.getMessage().startsWith("the plan claims choice") ? 1 : 0;
                }
            }
        }
        // Two daemons with choices of 3, 2 and 3; shifted fields are misread as choices on top of
        // that.
        assertTrue(choices >= 2 * (6 + 7 + 6), choices + " choices refused");
    }
}
