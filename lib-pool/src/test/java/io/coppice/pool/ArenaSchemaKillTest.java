package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.Plans;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.schema.StructureHeader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a daemon at every store of a layout with headers. The next incarnation may be another
 * build: it lays its own schema out over what was left.
 */
@Tag("cuts")
class ArenaSchemaKillTest {
    private static final RecordSchema ACCOUNT =
            RecordSchema.builder("account").longField("balance").text("owner", 40).build();
    private static final RecordSchema SMALL =
            RecordSchema.builder("account").intField("balance").build();

    @TempDir Path folder;

    private final DaemonPlan plan = Plans.daemon("bank", 1, 32 * 1024);

    @Test
    void survivesADeathAtEveryStoreOfALayoutWithHeaders() {
        final Memory counted = create();
        Cuts.count();
        live(counted, 1, ACCOUNT);
        final long stores = Cuts.disarm();
        long points = 0;
        for (long store = 0; store < stores; store++) {
            final Memory memory = create();
            Cuts.arm(store);
            assertThrows(Cuts.Cut.class, () -> live(memory, 1, ACCOUNT));
            Cuts.disarm();
            points++;
            final String where = "cut at store " + store + " of " + stores;
            assertEquals(List.of(), ArenaInvariants.check(memory), where);
            final Structure body = live(memory, 2, SMALL);
            assertEquals(List.of(), ArenaInvariants.check(memory), where);
            final StructureHeader header = ArenaDirectory.header(memory, "accounts");
            assertEquals(SMALL.fingerprint(), header.recordSchema().fingerprint(), where);
            for (long at = body.offset(); at < body.offset() + body.bytes(); at += Long.BYTES) {
                assertEquals(0, memory.getLong(at), where);
            }
        }
        System.out.println("arena with headers: " + points + " cuts");
        assertEquals(stores, points);
        assertTrue(points > 30, points + " points");
    }

    private Memory create() {
        return ArenaFile.create(OperatingSystem.current(), folder.resolve(plan.arenaFile()), plan);
    }

    /** One incarnation up to the last store of its layout. */
    private Structure live(final Memory memory, final long epoch, final RecordSchema record) {
        final Arena arena = Arena.attach(memory, plan, OwnerWord.of(1, epoch));
        arena.recover();
        arena.structure("plain", StructureKind.REGION, 100);
        final Structure body =
                arena.structure(
                        "accounts",
                        StructureKind.REGION,
                        StructureHeader.of(null, record, 10L * record.bytes(), 10));
        arena.seal();
        return body;
    }
}
