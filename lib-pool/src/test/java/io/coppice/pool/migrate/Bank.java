package io.coppice.pool.migrate;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.Memory;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.Plans;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.table.Table;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Assertions;

/** An arena of accounts, and the builds that differ about them. */
final class Bank {
    static final RecordSchema ACCOUNT =
            RecordSchema.builder("account").longField("balance").text("owner", 16).build();

    /** Its fields have moved, too. */
    static final RecordSchema LIMITED =
            RecordSchema.builder("account")
                    .longField("limit")
                    .text("owner", 24)
                    .longField("balance")
                    .build();

    static final RecordSchema SMALL = RecordSchema.builder("account").longField("balance").build();
    static final RecordSchema NARROW =
            RecordSchema.builder("account").intField("balance").text("owner", 16).build();

    static final long OLD_CAPACITY = 8;

    final DaemonPlan plan;
    final Memory memory;

    Bank(final Path folder, final long bytes) {
        plan = Plans.daemon("bank", 1, bytes);
        memory = ArenaFile.create(OperatingSystem.current(), folder.resolve("bank.arena"), plan);
    }

    Build build(final Migrator migrator) {
        return new Build(memory, plan, migrator);
    }

    /** Migrates everything by the names of its fields; what is new begins empty. */
    static boolean byName(final Migration migration) throws Exception {
        switch (migration.change()) {
            case CHANGED -> migration.copyByName();
            case ADDED -> migration.startEmpty();
            case DROPPED -> {
                return false;
            }
        }
        return true;
    }

    /** Lays out what the first build had: accounts 1 to {@code count}, with 100 times the key. */
    void layOut(final int count) {
        final Build build = build(null);
        final Table accounts = build.table("accounts", ACCOUNT, OLD_CAPACITY);
        build.region("state", 100);
        build.seal();
        for (int key = 1; key <= count; key++) {
            add(build, accounts, key);
        }
    }

    static void add(final Build build, final Table accounts, final long key) {
        build.journal.begin();
        final long account = accounts.insert(key);
        accounts.putLong(account, balance(ACCOUNT), 100 * key);
        final UnsafeBuffer owner = bytes("owner " + key);
        accounts.putBytes(account, ACCOUNT.textField("owner").offset(), owner, 0, owner.capacity());
        build.journal.commit();
    }

    static int balance(final RecordSchema record) {
        return record.field("balance").offset();
    }

    static String owner(
            final Memory memory,
            final Table accounts,
            final long account,
            final RecordSchema record) {
        return record.textField("owner").get(memory, accounts.valueOffset(account));
    }

    static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    static String refusal(final org.junit.jupiter.api.function.Executable refused) {
        final String message = Assertions.assertThrows(ArenaException.class, refused).getMessage();
        // Only a sum has more than one line.
        Assertions.assertTrue(
                message.lines().count() == 1 || message.contains("the arena would hold"), message);
        return message;
    }
}
