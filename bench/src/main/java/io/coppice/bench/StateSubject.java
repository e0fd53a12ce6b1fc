package io.coppice.bench;

import java.nio.file.Path;
import java.util.Set;

/** Whose operations on state are measured, and in which case; Coppice comes first in each. */
enum StateSubject {
    /** Stores of neighbouring words. */
    JOURNALED_IN_ORDER(Names.IN_ORDER, Case.COPPICE, folder -> new WordStores(folder, true, false)),
    /** The same without the journal. */
    PLAIN_IN_ORDER(Names.IN_ORDER, Names.PLAIN, folder -> new WordStores(folder, false, false)),
    /** Stores of words far from each other. */
    JOURNALED_AT_RANDOM(
            Names.AT_RANDOM, Case.COPPICE, folder -> new WordStores(folder, true, true)),
    /** The same without the journal. */
    PLAIN_AT_RANDOM(Names.AT_RANDOM, Names.PLAIN, folder -> new WordStores(folder, false, true)),
    /** Stands as a whole or not at all. */
    TABLE(Names.TRANSFER, Case.COPPICE, TableTransfers::new),
    /** Guarantees nothing. */
    PLAIN_TABLE(Names.TRANSFER, "the same without the journal", PlainTableTransfers::new),
    /** Agrees with others by locks. */
    CHRONICLE_MAP(Names.TRANSFER, "Chronicle Map", ChronicleMapTransfers::new),
    /** Keeps versions on the heap. */
    MV_STORE(Names.TRANSFER, "H2 MVStore", folder -> new MvStoreTransfers()),
    /** Keeps a log beside direct memory. */
    MAP_DB(Names.TRANSFER, "MapDB", folder -> new MapDbTransfers()),
    /** Copies pages in shared memory. */
    LMDB(Names.TRANSFER, "LMDB", LmdbTransfers::new),
    /** Runs statements. */
    SQLITE(Names.TRANSFER, "SQLite", folder -> new SqliteTransfers()),
    /** Reads records. */
    TABLE_GET(Names.GET, Case.COPPICE, TableGets::new),
    /** Reads an array. */
    LONG_MAP_GET(Names.GET, "Agrona Long2LongHashMap", folder -> new LongMapGets()),
    /** Reads an array and the object that it names. */
    OBJECT_MAP_GET(Names.GET, "Agrona Long2ObjectHashMap", folder -> new ObjectMapGets()),
    /** Outlives its owner. */
    ROBUST_LOCK(Names.LOCK, Case.COPPICE, RobustLocking::new),
    /** Stays taken. */
    PTHREAD_MUTEX(Names.LOCK, "pthread_mutex", folder -> new PthreadMutex(folder, false)),
    /** Tells of the death of its owner. */
    PTHREAD_ROBUST_MUTEX(
            Names.LOCK, "pthread_mutex, robust", folder -> new PthreadMutex(folder, true));

    private static final int OPERATIONS = 100 * StateBench.TRANSACTION_STORES;

    /** MapDB begins and clears a log of 1 MiB for each commit, so its transfers take that long. */
    private static final int OPERATIONS_SLOW = OPERATIONS / 10;

    private static final Set<StateSubject> BASELINES =
            Set.of(
                    CHRONICLE_MAP,
                    MV_STORE,
                    MAP_DB,
                    LMDB,
                    SQLITE,
                    PTHREAD_MUTEX,
                    PTHREAD_ROBUST_MUTEX);

    private final String caseName;
    private final String label;

    // Written once, by the constructor, and never handed out.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Maker maker;

    StateSubject(final String caseName, final String label, final Maker maker) {
        this.caseName = caseName;
        this.label = label;
        this.maker = maker;
    }

    /** Returns what the case is called. */
    String caseName() {
        return caseName;
    }

    /** Returns what its row is called. */
    String label() {
        return label;
    }

    /**
     * Returns of how many operations a sample is the mean: enough for the clock to weigh nothing,
     * few enough for many samples.
     */
    int operations() {
        return this == MAP_DB ? OPERATIONS_SLOW : OPERATIONS;
    }

    /** Returns whether this is somebody else's work, which may fail without Coppice being wrong. */
    boolean isBaseline() {
        return BASELINES.contains(this);
    }

    /**
     * Makes the state and whatever works on it.
     *
     * @param folder of its own, there and empty
     * @throws Exception whatever the subject throws
     */
    StateWork make(final Path folder) throws Exception {
        return maker.make(folder);
    }

    /** Makes one subject's state. */
    private interface Maker {
        StateWork make(Path folder) throws Exception;
    }

    /** Constants of the enum itself could not be used for its own values. */
    private static final class Names {
        static final String IN_ORDER = "journaled 8-byte store, in order";
        static final String AT_RANDOM = "journaled 8-byte store, at random";
        static final String TRANSFER = "transfer";
        static final String GET = "get";
        static final String LOCK = "lock and unlock, uncontended";
        static final String PLAIN = "plain store";
    }
}
