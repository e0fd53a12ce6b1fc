package io.coppice.pool.block;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks what must hold of a pool between any two stores of its holders, with every journal
 * recovered or not. Reads only, trusts nothing, never throws for what it finds; for any process
 * that maps the arena, while nobody changes the pool. Allocates.
 */
public final class BlockPoolInvariants {
    private BlockPoolInvariants() {}

    /** Returns what is wrong, one line each with its offset; nothing where the pool is sound. */
    public static List<String> check(final Memory arena, final long offset, final long bytes) {
        final List<String> wrong = new ArrayList<>();
        final BlockPoolLayout layout;
        try {
            layout = BlockPoolLayout.read("block pool", arena, offset, bytes);
        } catch (final ArenaException damaged) {
            wrong.add(damaged.getMessage() + ", at offset " + offset);
            return wrong;
        }
        final Map<Integer, Long> entered = checkLedgers(arena, offset, layout, wrong);
        for (int block = 0; block < layout.blocks; block++) {
            checkBlock(arena, offset, layout, block, entered.getOrDefault(block, 0L), wrong);
        }
        return wrong;
    }

    /** Returns which holders have an entry for a block, a bit each. */
    private static Map<Integer, Long> checkLedgers(
            final Memory arena,
            final long offset,
            final BlockPoolLayout layout,
            final List<String> wrong) {
        final Map<Integer, Long> entered = new HashMap<>();
        for (int holder = 0; holder < layout.holders; holder++) {
            for (int i = 0; i < layout.ledgerEntries; i++) {
                final long at = offset + layout.entry(holder, i);
                final long entry = arena.getLongVolatile(at);
                if (entry == 0) {
                    continue;
                }
                final int state = LedgerEntry.state(entry);
                final int block = LedgerEntry.block(entry);
                final String who =
                        "ledger of holder " + holder + ": state " + state + " of block " + block;
                if (!isState(state, holder) || block < 0 || block >= layout.blocks) {
                    wrong.add(who + " cannot be, at offset " + at);
                    continue;
                }
                final long bit = HolderWord.bit(holder);
                if (state != LedgerEntry.INTENT
                        && state != LedgerEntry.LEAVING
                        && (entered.getOrDefault(block, 0L) & bit) != 0) {
                    wrong.add(who + " is there beside another entry, at offset " + at);
                }
                if (state == LedgerEntry.HELD
                        && !HolderWord.has(
                                arena.getLongVolatile(offset + layout.holderWord(block)), holder)) {
                    wrong.add(who + ", whose bit is not set, at offset " + at);
                }
                entered.merge(block, bit, (a, b) -> a | b);
            }
        }
        return entered;
    }

    private static boolean isState(final int state, final int holder) {
        return holder == HolderWord.DAEMON
                ? state == LedgerEntry.INTENT
                        || state == LedgerEntry.LEAVING
                        || state == LedgerEntry.DROPPED
                : state >= LedgerEntry.INTENT
                        && state <= LedgerEntry.CONSUMED
                        && state != LedgerEntry.LEAVING;
    }

    private static void checkBlock(
            final Memory arena,
            final long offset,
            final BlockPoolLayout layout,
            final int block,
            final long entered,
            final List<String> wrong) {
        final long at = offset + layout.holderWord(block);
        final long word = arena.getLongVolatile(at);
        final String who = "block " + block + ": holders 0x" + Long.toHexString(word);
        final long bits = word & ~(HolderWord.OWN | HolderWord.LEAVING);
        if ((bits & -HolderWord.bit(layout.holders)) != 0) {
            wrong.add(who + " are more than " + layout.holders + ", at offset " + at);
        }
        if ((word & ~bits) != 0 && !HolderWord.has(word, HolderWord.DAEMON)) {
            wrong.add(who + ", a flag of the daemon without its bit, at offset " + at);
        }
        if ((word & HolderWord.LEAVING) != 0 && !HolderWord.has(entered, HolderWord.DAEMON)) {
            wrong.add(who + ", the daemon leaves without an entry, at offset " + at);
        }
        if ((bits & ~HolderWord.bit(HolderWord.DAEMON) & ~entered) != 0) {
            wrong.add(who + ", not all of them have an entry, at offset " + at);
        }
        final long takenAt = offset + BlockPoolLayout.takenWord(block / Long.SIZE);
        if (word == HolderWord.FREE
                && entered == 0
                && (arena.getLongVolatile(takenAt) & 1L << block % Long.SIZE) != 0) {
            wrong.add("block " + block + ": is free and cannot be found, at offset " + takenAt);
        }
    }
}
