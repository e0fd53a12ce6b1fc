package io.coppice.bench;

/**
 * Transfers between {@value #ACCOUNTS} accounts, each with a balance and a count of its transfers:
 * two accounts are looked up by key, then a random amount goes from one to the other and both
 * counts grow by one. The pairs are the same for all subjects.
 */
abstract class TransferWork implements StateWork {
    /** How many accounts there are. */
    static final int ACCOUNTS = 10_000;

    private static final long KEYS_SEED = 0x5EED_0002L;
    private static final long PAIRS_SEED = 0x5EED_0003L;
    private static final int AMOUNT_MAX = 1_000;

    private final long[] keys = keys();
    private final FixedRandom random = new FixedRandom(PAIRS_SEED);
    private long transfers;

    /**
     * Returns the key of each account: positive numbers without an order, since account numbers
     * that count up from 0 would make an array of every hash table.
     */
    static long[] keys() {
        final FixedRandom random = new FixedRandom(KEYS_SEED);
        final long[] keys = new long[ACCOUNTS];
        for (int i = 0; i < ACCOUNTS; i++) {
            keys[i] = random.next() >>> 1;
        }
        return keys;
    }

    /** Makes one transfer, from look-ups to commit. */
    abstract void transfer(long from, long to, long amount) throws Exception;

    /** Returns what is committed. */
    abstract long balance(long key) throws Exception;

    /** Returns what is committed. */
    abstract long count(long key) throws Exception;

    @Override
    public final void run(final int operations) throws Exception {
        for (int done = 0; done < operations; done++) {
            final int from = from(random);
            final int to = to(random, from);
            transfer(keys[from], keys[to], amount(random));
        }
        transfers += operations;
    }

    /** Makes all transfers once more, in two arrays, and compares every account. */
    @Override
    public final void verify() throws Exception {
        final long[] balances = new long[ACCOUNTS];
        final long[] counts = new long[ACCOUNTS];
        final FixedRandom again = new FixedRandom(PAIRS_SEED);
        for (long done = 0; done < transfers; done++) {
            final int from = from(again);
            final int to = to(again, from);
            final int amount = amount(again);
            balances[from] -= amount;
            balances[to] += amount;
            counts[from]++;
            counts[to]++;
        }
        long sum = 0;
        for (int i = 0; i < ACCOUNTS; i++) {
            final long balance = balance(keys[i]);
            final long count = count(keys[i]);
            sum += balance;
            if (balance != balances[i] || count != counts[i]) {
                throw new BenchFailure(
                        BenchFailure.BUG,
                        "account "
                                + keys[i]
                                + " has "
                                + balance
                                + " after "
                                + count
                                + " transfers, it must be "
                                + balances[i]
                                + " after "
                                + counts[i]);
            }
        }
        if (sum != 0) {
            throw new BenchFailure(BenchFailure.BUG, "the balances add up to " + sum + ", not 0");
        }
    }

    private static int from(final FixedRandom random) {
        return random.next(ACCOUNTS);
    }

    /** Returns another account than {@code from}. */
    private static int to(final FixedRandom random, final int from) {
        final int to = random.next(ACCOUNTS - 1);
        return to < from ? to : to + 1;
    }

    private static int amount(final FixedRandom random) {
        return 1 + random.next(AMOUNT_MAX);
    }
}
