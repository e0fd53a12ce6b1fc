package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.Plans;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.schema.StructureHeader;
import io.coppice.pool.table.Table;
import io.coppice.pool.task.PoolLayout;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every word of an arena, damaged: who checks it never throws, and who recovers it either goes
 * through or says that it is damaged, in the one way that root counts.
 */
class DamagedArenaTest {
    private static final long BYTES = 48 * 1024;
    private static final int CAPACITY = 10;
    private static final long[] GARBAGE = {
        0, 1, 2, 7, 64, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40, 0x0101010101010101L, ~63L
    };
    private static final PoolPlan POOL = Plans.pool("work", JournalLayout.MIN_BYTES);
    private static final RecordSchema RECORD =
            RecordSchema.builder("record").longField("value").build();
    private static final StructureHeader HEADER =
            StructureHeader.of(null, RECORD, Table.bytes(CAPACITY, 0, RECORD.bytes()), CAPACITY);

    @TempDir Path folder;

    private final DaemonPlan plan = Plans.daemon("d", 1, BYTES, List.of(POOL));
    private final byte[] image = new byte[(int) BYTES];
    private Memory memory;
    private Arena arena;
    private Structure table;

    @BeforeEach
    void create() {
        memory = ArenaFile.create(OperatingSystem.current(), folder.resolve("d.arena"), plan);
        arena = Arena.attach(memory, plan, OwnerWord.of(1, 1));
        arena.recover();
        final long pool = ArenaPlan.pool(plan, POOL.name()).offset();
        memory.putLong(pool + PoolLayout.WORKERS, POOL.workersMax());
        memory.putLong(pool + PoolLayout.REQUEST_BYTES, POOL.requestBytes());
        memory.putLong(pool + PoolLayout.REPLY_BYTES, POOL.replyBytes());
        memory.putLong(pool + PoolLayout.JOURNAL_BYTES, POOL.journalBytes());
        memory.putLong(pool + PoolLayout.QUEUE_CAPACITY, POOL.queueCapacity());
        table = arena.structure("table", StructureKind.TABLE, HEADER);
        final Table records =
                Table.layOut(
                        "table",
                        arena.journal(),
                        memory,
                        table.offset(),
                        CAPACITY,
                        0,
                        RECORD.bytes());
        arena.structure("region", StructureKind.REGION, 100);
        arena.seal();
        arena.journal().begin();
        for (long key = 1; key < CAPACITY; key++) {
            records.insert(key);
        }
        arena.journal().commit();
        assertEquals(List.of(), ArenaInvariants.check(memory));
    }

    @Test
    void everyDamagedWordOfAnArenaAtRest() {
        damageEverywhere();
    }

    @Test
    void everyDamagedWordInTheMidstOfATransaction() {
        arena.journal().begin();
        arena.journal().putLong(table.offset() + table.bytes() - Long.BYTES, 4711);
        arena.journal().save(table.offset(), 24);
        assertEquals(List.of(), ArenaInvariants.check(memory));
        damageEverywhere();
    }

    @Test
    void everyDamagedWordInTheMidstOfACommit() {
        arena.journal().begin();
        arena.journal().deferLong(table.offset() + table.bytes() - Long.BYTES, 4711);
        memory.putLong(ArenaLayout.FIXED_OFFSET + JournalLayout.STATE, JournalLayout.COMMITTED);
        damageEverywhere();
    }

    @Test
    void theJournalOfAWorkerIsNamedAndSoIsAPoolThatCannotBe() {
        final long pool = ArenaPlan.pool(plan, POOL.name()).offset();
        final long journal = pool + PoolLayout.of(POOL).journal(0);
        memory.putLong(journal + JournalLayout.STATE, 9);
        assertEquals(List.of("journal \"pool:work/0\": state 9"), ArenaInvariants.check(memory));

        memory.putLong(journal + JournalLayout.STATE, JournalLayout.ACTIVE);
        memory.putLong(journal + JournalLayout.USED_BYTES, 8);
        assertEquals(
                List.of("journal \"pool:work/0\": the entry that ends at 72 has 8 bytes"),
                ArenaInvariants.check(memory));

        memory.putLong(pool + PoolLayout.WORKERS, 2);
        assertEquals(1, ArenaInvariants.check(memory).size());
        assertTrue(
                ArenaInvariants.check(memory).get(0).startsWith("\"pool:work\": 2 workers, "),
                () -> ArenaInvariants.check(memory).toString());
    }

    @Test
    void randomDamageOfManyBytes() {
        save();
        final Random random = new Random(23);
        for (int round = 0; round < 3_000; round++) {
            final byte[] noise = new byte[1 + random.nextInt(2_000)];
            random.nextBytes(noise);
            final int at = random.nextInt((int) BYTES - noise.length);
            memory.putBytes(at, noise, 0, noise.length);
            checkAndRecover(round, at);
            restore();
        }
    }

    @Test
    void everyFileThatWasCutShort() throws IOException {
        save();
        for (int bytes = 1; bytes < BYTES; bytes += 509) {
            final Path cut = folder.resolve("cut" + bytes);
            try (FileChannel channel =
                    FileChannel.open(cut, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.write(java.nio.ByteBuffer.wrap(image, 0, bytes));
            }
            final Memory shorter = MappedFile.writable(cut);
            assertTrue(!ArenaInvariants.check(shorter).isEmpty(), bytes + " bytes are not sound");
            assertThrows(
                    DamagedArenaException.class,
                    () -> Arena.attach(shorter, plan, OwnerWord.of(1, 2)));
            Files.delete(cut);
        }
    }

    @Test
    void anotherFormatIsNoDamage() {
        memory.putInt(ArenaLayout.VERSION_OFFSET, ArenaLayout.FORMAT_VERSION + 1);
        final ArenaException refused =
                assertThrows(
                        ArenaException.class, () -> Arena.attach(memory, plan, OwnerWord.of(1, 2)));
        assertEquals(ArenaException.class, refused.getClass(), refused::toString);
    }

    @Test
    void anotherLayoutIsNoDamage() {
        final Arena next = Arena.attach(memory, plan, OwnerWord.of(1, 2));
        next.recover();
        for (final Runnable wish :
                List.<Runnable>of(
                        () -> next.structure("region", StructureKind.REGION, 101),
                        () -> next.structure("other", StructureKind.REGION, 8),
                        () -> next.structure("table", StructureKind.REGION, 8))) {
            final ArenaException refused = assertThrows(ArenaException.class, wish::run);
            assertEquals(ArenaException.class, refused.getClass(), refused::toString);
        }
    }

    @Test
    void aPhaseThatIsNoneIsNotClearedAway() {
        memory.putLong(ArenaLayout.PHASE, 77);
        final Arena next = Arena.attach(memory, plan, OwnerWord.of(1, 2));
        assertThrows(DamagedArenaException.class, next::recover);
        assertEquals(table, ArenaDirectory.findBody(memory, "table"), "it is still there");
    }

    private void damageEverywhere() {
        save();
        for (int at = 0; at < BYTES; at += Long.BYTES) {
            for (final long garbage : GARBAGE) {
                memory.putLong(at, garbage);
                checkAndRecover(at, garbage);
                restore();
            }
        }
    }

    private void checkAndRecover(final long what, final long garbage) {
        try {
            ArenaInvariants.check(memory);
            final Arena next = Arena.attach(memory, plan, OwnerWord.of(1, 2));
            next.recover();
        } catch (final DamagedArenaException told) {
            assertTrue(told.getMessage().indexOf('\n') < 0, told::getMessage);
        } catch (final ArenaException otherFormat) {
            assertTrue(
                    memory.getInt(ArenaLayout.VERSION_OFFSET) != ArenaLayout.FORMAT_VERSION,
                    otherFormat::toString);
        } catch (final RuntimeException unexpected) {
            throw new AssertionError("damage " + what + " " + garbage, unexpected);
        }
    }

    private void save() {
        memory.getBytes(0, image, 0, image.length);
    }

    private void restore() {
        memory.putBytes(0, image, 0, image.length);
    }
}
