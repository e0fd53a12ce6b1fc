package io.coppice.pool.table;

import io.coppice.pool.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A transaction made of a seed, run on a table and on a plain map alike. */
final class RandomTransaction {
    /** More than fit, so that the table is full now and then. */
    static final int KEYS = 14;

    static final int CAPACITY = 10;
    static final int VALUE_BYTES = 16;

    private static final int STEPS_MAX = 24;

    private final Random random;
    private final Table table;
    private final Journal journal;
    private final List<Integer> savepoints = new ArrayList<>();
    private final List<Map<Long, Long>> kept = new ArrayList<>();
    private Map<Long, Long> model;

    RandomTransaction(
            final long seed,
            final Table table,
            final Journal journal,
            final Map<Long, Long> committed) {
        this.random = new Random(seed);
        this.table = table;
        this.journal = journal;
        this.model = new TreeMap<>(committed);
    }

    /**
     * Runs all of it.
     *
     * @param afterStep shown what the transaction should see after each step
     * @return what stands after it
     */
    Map<Long, Long> run(final java.util.function.Consumer<Map<Long, Long>> afterStep) {
        final Map<Long, Long> before = new TreeMap<>(model);
        journal.begin();
        for (int left = 1 + random.nextInt(STEPS_MAX); left > 0; left--) {
            step();
            afterStep.accept(model);
        }
        if (random.nextInt(5) == 0) {
            journal.rollback();
            return before;
        }
        journal.commit();
        return model;
    }

    private void step() {
        final long key = key(random.nextInt(KEYS));
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> insert(key);
            case 3, 4 -> remove(key);
            case 5, 6 -> update(key);
            case 7 -> savepoint();
            default -> rollbackToSavepoint();
        }
    }

    private void insert(final long key) {
        if (model.containsKey(key) || model.size() == CAPACITY) {
            return;
        }
        store(table.insert(key), key);
    }

    private void update(final long key) {
        if (model.containsKey(key)) {
            store(table.find(key), key);
        }
    }

    private void store(final long record, final long key) {
        final long value = random.nextLong();
        table.putLong(record, 0, value);
        table.putLong(record, 8, proof(key, value));
        model.put(key, value);
    }

    private void remove(final long key) {
        if (table.remove(key) != (model.remove(key) != null)) {
            throw new AssertionError("removed key " + key + ", or did not");
        }
    }

    private void savepoint() {
        if (savepoints.size() < 4) {
            savepoints.add(journal.savepoint());
            kept.add(new TreeMap<>(model));
        }
    }

    private void rollbackToSavepoint() {
        if (!savepoints.isEmpty()) {
            final int place = random.nextInt(savepoints.size());
            journal.rollbackTo(savepoints.get(place));
            model = kept.get(place);
            savepoints.subList(place, savepoints.size()).clear();
            kept.subList(place, kept.size()).clear();
        }
    }

    /** What the second field of a record has to be. */
    static long proof(final long key, final long value) {
        return value * 31 + key;
    }

    /** Keys of which many begin at one slot, so that words are displaced, around the end too. */
    static long key(final int index) {
        final int shift = Integer.SIZE - 4;
        long key = 0;
        for (int found = -1; found < index; ) {
            key++;
            final int home = KeyHash.tag(key) >>> shift;
            if (home == 14 || home == 15 || home == 1) {
                found++;
            }
        }
        return key;
    }
}
