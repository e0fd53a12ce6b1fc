package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.Plans;
import io.coppice.pool.schema.LongField;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.schema.StructureHeader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An arena of 5 GiB whose structures lie beyond what 32 bits address. The file is full of holes:
 * only the pages that are touched take room, and a reset, which stores zeroes everywhere, is not
 * tried.
 */
class LargeArenaTest {
    private static final long GIB = 1L << 30;
    private static final long BYTES = 5 * GIB;
    private static final long LOW_BYTES = 4 * GIB + 4096;
    private static final long ROOM_MOST = 16 << 20;
    private static final RecordSchema ACCOUNT =
            RecordSchema.builder("account").longField("balance").text("owner", 32).build();
    private static final LongField BALANCE = ACCOUNT.longField("balance");
    private static final StructureHeader ACCOUNTS =
            StructureHeader.of(null, ACCOUNT, GIB / 2, GIB / 2 / ACCOUNT.bytes());

    @TempDir Path folder;

    private final DaemonPlan plan = Plans.daemon("large", 1, BYTES);
    private Path file;
    private Memory memory;

    @BeforeEach
    void create() throws IOException {
        file = folder.resolve(plan.arenaFile());
        try (RandomAccessFile probe = new RandomAccessFile(file.toFile(), "rw")) {
            probe.setLength(BYTES);
        } catch (final IOException refused) {
            assumeTrue(false, folder + " holds no file of 5 GiB: " + refused.getMessage());
        }
        assumeTrue(allocatedBytes() <= ROOM_MOST, folder + " keeps no holes in files");
        memory = ArenaFile.create(sparse(), file, plan);
    }

    @AfterEach
    void delete() throws IOException {
        // The mapping stays, as all do; the few pages it took are free once this process ends.
        Files.deleteIfExists(file);
    }

    @Test
    void structuresBeyondFourGibAreJournaledAndRecovered() {
        final Arena first = attach(1);
        assertFalse(first.recover());
        final Structure low = first.structure("low", StructureKind.REGION, LOW_BYTES);
        final Structure high = first.structure("accounts", StructureKind.REGION, ACCOUNTS);
        first.seal();
        assertTrue(high.offset() > 4 * GIB, high.toString());

        final long last = high.offset() + (ACCOUNTS.capacity() - 1) * ACCOUNT.bytes();
        final long lowEnd = low.offset() + LOW_BYTES - Long.BYTES;
        first.journal().begin();
        first.journal().putLong(last, 1);
        first.journal().putLong(lowEnd, 2);
        first.journal().deferLong(high.offset(), 3);
        first.journal().commit();
        first.journal().begin();
        first.journal().putLong(last, -1);
        first.journal().putLong(lowEnd, -2);
        first.journal().deferLong(high.offset(), -3);

        // The first incarnation is gone in the middle of its transaction.
        final Arena second = attach(2);
        assertTrue(second.recover());
        assertEquals(low, second.structure("low", StructureKind.REGION, LOW_BYTES));
        assertEquals(high, second.structure("accounts", StructureKind.REGION, ACCOUNTS));
        assertEquals(1, BALANCE.get(memory, last));
        assertEquals(2, memory.getLong(lowEnd));
        assertEquals(3, BALANCE.get(memory, high.offset()));
        assertEquals(1, second.journal().rollbacks());
        assertEquals(List.of(), ArenaInvariants.check(memory));

        final Memory reader = MappedFile.readOnly(file);
        assertEquals(BYTES, reader.bytes());
        assertEquals(high, ArenaDirectory.findBody(reader, "accounts"));
        assertEquals(1, BALANCE.get(reader, last));
        assertSparse();
    }

    @Test
    void aBufferAndAJournalBeyondFourGibWorkTogether() {
        final long journalOffset = 4 * GIB + 64;
        final long region = 4 * GIB + GIB / 2;
        final Journal journal = new Journal(memory, journalOffset, 8192, 1);
        journal.recover();
        final MutableDirectBuffer buffer =
                new JournaledBuffer(journal, memory, region, Integer.MAX_VALUE / 8);
        final int far = Integer.MAX_VALUE / 8 - ACCOUNT.bytes() & -Long.BYTES;
        journal.begin();
        BALANCE.put(buffer, far, 5);
        ACCOUNT.textField("owner").put(buffer, far, "Ann");
        journal.commit();
        journal.begin();
        final int savepoint = journal.savepoint();
        BALANCE.put(buffer, far, 6);
        journal.rollbackTo(savepoint);
        assertEquals(5, BALANCE.get(buffer, far));
        ACCOUNT.textField("owner").put(buffer, far, "Bob");
        assertTrue(new Journal(memory, journalOffset, 8192, 1).recover());
        assertEquals(5, BALANCE.get(memory, region + far));
        assertEquals("Ann", ACCOUNT.textField("owner").get(memory, region + far));
        assertSparse();
    }

    @Test
    void whatIsOutsideIsRefusedAsInASmallOne() {
        assertThrows(IndexOutOfBoundsException.class, () -> memory.getLong(BYTES - 7));
        assertEquals(0, memory.getLong(BYTES - 8));
        final Arena arena = attach(1);
        arena.recover();
        assertTrue(
                assertThrows(
                                ArenaException.class,
                                () -> arena.structure("all", StructureKind.REGION, BYTES))
                        .getMessage()
                        .contains(
                                " is too small by " + memory.getLong(ArenaLayout.ALLOCATED_BYTES)));
        assertSparse();
    }

    private Arena attach(final long epoch) {
        return Arena.attach(memory, plan, OwnerWord.of(1, epoch));
    }

    /** Returns the system, but one that makes files without allocating their pages. */
    private static OperatingSystem sparse() {
        return (OperatingSystem)
                Proxy.newProxyInstance(
                        OperatingSystem.class.getClassLoader(),
                        new Class<?>[] {OperatingSystem.class},
                        (proxy, method, arguments) -> {
                            assertEquals("preallocate", method.getName());
                            final Path path = (Path) arguments[0];
                            try (RandomAccessFile made =
                                    new RandomAccessFile(path.toFile(), "rw")) {
                                made.setLength((Long) arguments[1]);
                            }
                            return null;
                        });
    }

    private void assertSparse() {
        try {
            final long taken = allocatedBytes();
            assertTrue(taken <= ROOM_MOST, "the file takes " + taken + " bytes");
        } catch (final IOException unknown) {
            throw new AssertionError(unknown);
        }
    }

    /** Java does not tell how much room a file takes; where {@code stat} does not either, skip. */
    private long allocatedBytes() throws IOException {
        final Process stat;
        try {
            stat = new ProcessBuilder("stat", "-c", "%b %B", file.toString()).start();
        } catch (final IOException missing) {
            assumeTrue(false, "there is no stat to tell how much room a file takes");
            throw missing;
        }
        final String answer =
                new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        try {
            assumeTrue(
                    stat.waitFor(10, TimeUnit.SECONDS)
                            && stat.exitValue() == 0
                            && answer.matches("\\d+ \\d+"),
                    "stat says \"" + answer + "\"");
        } catch (final InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        final int blank = answer.indexOf(' ');
        return Long.parseLong(answer.substring(0, blank))
                * Long.parseLong(answer.substring(blank + 1));
    }
}
