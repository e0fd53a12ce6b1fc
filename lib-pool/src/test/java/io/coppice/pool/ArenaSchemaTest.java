package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.Plans;
import io.coppice.pool.schema.LongField;
import io.coppice.pool.schema.RecordPrinter;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.schema.StructureHeader;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArenaSchemaTest {
    private static final long BYTES = 32 * 1024;
    private static final long SEED = 11;
    private static final int ROUNDS = 10_000;
    private static final RecordSchema ACCOUNT =
            RecordSchema.builder("account").longField("balance").text("owner", 40).build();
    private static final RecordSchema LIMITED =
            RecordSchema.builder("account")
                    .longField("balance")
                    .text("owner", 40)
                    .longField("limit")
                    .build();
    private static final LongField BALANCE = ACCOUNT.longField("balance");
    private static final StructureHeader ACCOUNTS = StructureHeader.of(null, ACCOUNT, 4800, 100);

    @TempDir Path folder;

    private final DaemonPlan plan = Plans.daemon("bank", 1, BYTES);
    private Memory memory;

    @BeforeEach
    void create() {
        memory = ArenaFile.create(OperatingSystem.current(), folder.resolve("bank.arena"), plan);
    }

    @Test
    void givesTheBodyBehindTheHeaderToEveryIncarnation() {
        final Arena first = attach(1);
        assertFalse(first.recover());
        assertFalse(first.isLaidOut());
        final Structure body = first.structure("accounts", StructureKind.REGION, ACCOUNTS);
        first.seal();
        assertEquals(4800, body.bytes());
        assertEquals(0, body.offset() % ArenaLayout.ALIGNMENT);
        BALANCE.put(memory, body.offset() + ACCOUNT.bytes(), 42);

        final Arena second = attach(2);
        assertTrue(second.recover());
        assertTrue(second.isLaidOut());
        assertEquals(body, second.structure("accounts", StructureKind.REGION, ACCOUNTS));
        assertEquals(List.of(), ArenaInvariants.check(memory));
    }

    @Test
    void anyProcessPrintsRecordsWithNothingButTheFile() {
        final Arena arena = attach(1);
        arena.recover();
        final Structure accounts = arena.structure("accounts", StructureKind.REGION, ACCOUNTS);
        arena.structure("plain", StructureKind.REGION, 100);
        arena.seal();
        BALANCE.put(memory, accounts.offset(), -7);
        ACCOUNT.textField("owner").put(memory, accounts.offset(), "Ann");

        final Memory file = MappedFile.readOnly(folder.resolve("bank.arena"));
        final StructureHeader header = ArenaDirectory.header(file, "accounts");
        assertEquals(accounts, ArenaDirectory.findBody(file, "accounts"));
        assertEquals(
                "balance=-7 owner=\"Ann\"",
                new RecordPrinter(header.recordSchema()).text(file, accounts.offset()));
        assertNull(ArenaDirectory.header(file, "plain"));
        assertEquals(ArenaDirectory.find(file, "plain"), ArenaDirectory.findBody(file, "plain"));
        assertNull(ArenaDirectory.findBody(file, "none"));
        assertEquals(
                "the arena has no structure \"none\"",
                refusal(() -> ArenaDirectory.header(file, "none")));
    }

    @Test
    void saysWhatABuildWithAnotherLayoutChanges() {
        layOut();
        assertEquals(
                "bank: accounts: record grew from 48 to 56 bytes; onCrash=reset, migrate(...) or the"
                        + " old build (field \"limit\" (long at 48) is new)",
                refusal(StructureHeader.of(null, LIMITED, 5600, 100)));
        assertEquals(
                "bank: accounts: capacity grew from 100 to 200; onCrash=reset, migrate(...) or the"
                        + " old build",
                refusal(StructureHeader.of(null, ACCOUNT, 9600, 200)));
        assertEquals(
                "bank: accounts: record of 48 bytes changed; onCrash=reset, migrate(...) or the old"
                        + " build (field \"balance\" was long at 0, is double at 0)",
                refusal(
                        StructureHeader.of(
                                null,
                                RecordSchema.builder("account")
                                        .doubleField("balance")
                                        .text("owner", 40)
                                        .build(),
                                4800,
                                100)));
        final Arena other = attach(2);
        other.recover();
        assertEquals(
                "bank: structure \"accounts\" is REGION of 4928 bytes, this build wants RING of 4928;"
                        + " onCrash=reset, migrate(...) or the old build",
                refusal(() -> other.structure("accounts", StructureKind.RING, ACCOUNTS)));
        assertEquals(
                "bank: accounts: its keys and records got a schema; onCrash=reset, migrate(...) or"
                        + " the old build",
                refusal(() -> other.structure("plain", StructureKind.REGION, ACCOUNTS))
                        .replace("plain", "accounts"));
        assertEquals(
                "bank: plain: its keys and records lost their schema; onCrash=reset, migrate(...) or"
                        + " the old build",
                refusal(() -> other.structure("accounts", StructureKind.REGION, ACCOUNTS.bytes()))
                        .replace("accounts", "plain"));
    }

    @Test
    void laysOutAnewAfterAResetWhatHadAHeaderBefore() {
        layOut();
        final Arena arena = attach(2);
        assertTrue(arena.recover());
        arena.reset();
        assertFalse(arena.isLaidOut());
        // In the other order, so that each finds the entry of the other.
        final Structure body =
                arena.structure(
                        "accounts",
                        StructureKind.REGION,
                        StructureHeader.of(null, LIMITED, 5600, 100));
        arena.structure("plain", StructureKind.REGION, 100);
        arena.seal();
        assertEquals(body, ArenaDirectory.findBody(memory, "accounts"));
        assertNull(ArenaDirectory.header(memory, "plain"));
        assertEquals(List.of(), ArenaInvariants.check(memory));
    }

    @Test
    void clearsEverythingWhereTheHeadDoesNotSayHowMuch() {
        for (final long said : new long[] {-1, 0, Long.MAX_VALUE}) {
            memory.putLong(BYTES - 8, 42);
            memory.putLong(ArenaLayout.ALLOCATED_BYTES, said);
            attach(2).reset();
            assertEquals(0, memory.getLong(BYTES - 8), "said " + said);
            assertEquals(List.of(), ArenaInvariants.check(memory));
        }
    }

    @Test
    void countsTheHeaderInTheBudget() {
        final Arena arena = attach(1);
        arena.recover();
        final long left = BYTES - memory.getLong(ArenaLayout.ALLOCATED_BYTES);
        final long header = StructureHeader.bytes(null, ACCOUNT);
        final String refusal =
                refusal(
                        () ->
                                arena.structure(
                                        "accounts",
                                        StructureKind.REGION,
                                        StructureHeader.of(null, ACCOUNT, left - header + 1, 1)));
        assertTrue(refusal.contains("           12289  accounts\n"), refusal);
        assertTrue(
                refusal.endsWith(
                        "\"memory\" of 32768 bytes is too small by 1: raise it to 32769 or more in the"
                                + " manifest"),
                refusal);
        arena.structure(
                "accounts",
                StructureKind.REGION,
                StructureHeader.of(null, ACCOUNT, left - header, 1));
    }

    @Test
    void reportsADamagedHeader() {
        layOut();
        final long offset = ArenaDirectory.find(memory, "accounts").offset();
        final String damaged =
                "accounts: header at offset " + offset + ": is damaged, its checksum is wrong";
        memory.putLong(offset + 48, 101);
        assertEquals(List.of("structure " + damaged), ArenaInvariants.check(memory));
        assertEquals("bank: " + damaged, refusal(ACCOUNTS));
        memory.putLong(offset + 48, 100);
        final long entry = ArenaLayout.entry(2) + ArenaLayout.ENTRY_BODY_OFFSET;
        memory.putLong(entry, 64);
        assertEquals(
                List.of(
                        "structure accounts: the directory says that its body is at 64, its header"
                                + " says 128"),
                ArenaInvariants.check(memory));
        memory.putLong(entry, 128);
        memory.putLong(offset, 0);
        assertEquals(
                List.of("structure accounts: header at offset " + offset + ": there is none"),
                ArenaInvariants.check(memory));
    }

    @Test
    void reportsWhateverTheBytesAre() {
        layOut();
        final Structure whole = ArenaDirectory.find(memory, "accounts");
        final byte[] sound = new byte[(int) (whole.offset() + ACCOUNTS.bodyOffset())];
        memory.getBytes(0, sound, 0, sound.length);
        final Random random = new Random(SEED);
        int wrong = 0;
        for (int round = 0; round < ROUNDS; round++) {
            memory.putBytes(0, sound, 0, sound.length);
            final int flips = 1 + random.nextInt(4);
            for (int i = 0; i < flips; i++) {
                final long at = flipped(random, whole.offset());
                memory.putByte(at, (byte) random.nextInt());
            }
            final long bytes = random.nextInt(8) == 0 ? random.nextInt((int) BYTES) : BYTES;
            try {
                wrong += ArenaInvariants.check(memory.slice(0, bytes)).isEmpty() ? 0 : 1;
                tryToAttach();
            } catch (final RuntimeException | Error thrown) {
                throw new AssertionError("seed " + SEED + ", round " + round, thrown);
            }
        }
        assertTrue(wrong > ROUNDS / 4, wrong + " wrong");
    }

    /** Returns a place in the head, in an entry of the directory, or in the header. */
    private static long flipped(final Random random, final long header) {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(256);
            case 1 -> ArenaLayout.entry(0) + random.nextInt(4 * ArenaLayout.ENTRY_BYTES);
            default -> header + random.nextInt((int) ACCOUNTS.bodyOffset());
        };
    }

    private void tryToAttach() {
        try {
            final Arena arena = attach(2);
            if (arena.recover()) {
                arena.structure("accounts", StructureKind.REGION, ACCOUNTS);
            }
        } catch (final ArenaException refused) {
            assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
        }
    }

    private void layOut() {
        final Arena arena = attach(1);
        arena.recover();
        arena.structure("plain", StructureKind.REGION, 100);
        arena.structure("accounts", StructureKind.REGION, ACCOUNTS);
        arena.seal();
    }

    private Arena attach(final long epoch) {
        return Arena.attach(memory, plan, OwnerWord.of(1, epoch));
    }

    private String refusal(final StructureHeader wanted) {
        final Arena arena = attach(2);
        arena.recover();
        return refusal(() -> arena.structure("accounts", StructureKind.REGION, wanted));
    }

    private static String refusal(final Runnable action) {
        return assertThrows(ArenaException.class, action::run).getMessage();
    }
}
