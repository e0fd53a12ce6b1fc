package io.coppice.pool;

import static io.coppice.pool.JournalLayout.ACTIVE;
import static io.coppice.pool.JournalLayout.COMMITS;
import static io.coppice.pool.JournalLayout.COMMITTED;
import static io.coppice.pool.JournalLayout.DEFERRED_BYTES;
import static io.coppice.pool.JournalLayout.DEFERRED_COUNT;
import static io.coppice.pool.JournalLayout.ENTRIES;
import static io.coppice.pool.JournalLayout.IDLE;
import static io.coppice.pool.JournalLayout.ROLLBACKS;
import static io.coppice.pool.JournalLayout.STAMPS;
import static io.coppice.pool.JournalLayout.STATE;
import static io.coppice.pool.JournalLayout.USED_BYTES;

import java.lang.invoke.VarHandle;

/**
 * The undo journal of one writer: what it changes between {@link #begin} and {@link #commit} stands
 * as a whole or not at all, wherever a death cuts it.
 *
 * <p>Ordering. {@code begin} empties the entries, then stores ACTIVE (release): a death before it
 * leaves IDLE and nothing changed. {@link #save} writes an entry, then publishes it in {@code
 * usedBytes} (release), and only then may its range be changed: a death before the publication
 * leaves an entry nobody reads, a death after it leaves a range that recovery restores, changed or
 * not. {@code commit} is one release store of IDLE; with deferred stores it is one of COMMITTED,
 * then the deferred stores (absolute values, so making them again changes nothing), then IDLE. A
 * killed process leaves a prefix of its stores in program order as far as recovery can see, since
 * the kernel certifies the death before anyone recovers. {@link #rollbackTo} puts old bytes back,
 * then drops their entries: a death between puts them back once more.
 *
 * <p>{@link #recover} is idempotent: restoring absolute old bytes in reverse order ends the same
 * after any number of cuts, and IDLE is stored last.
 *
 * <p>Deferred stores are for words that others may see only once the transaction stands: a ring's
 * tail, a reader's position, the state of a slot, which copy of a record counts. Only process death
 * is covered, not power loss, so nothing is flushed.
 *
 * <p>For one thread of one process at a time: the owner's, or after its certified death whoever
 * recovers. Nothing but the constructor and {@link #addListener} allocates.
 */
public final class Journal {
    /** How many savepoints can be nested. */
    public static final int SAVEPOINTS_MAX = 16;

    /** One more than the highest number of a journal. */
    public static final int NUMBERS_MAX = 1 << 15;

    private static final int STAMP_BITS = 48;

    private final Memory arena;
    private final Memory journal;
    private final long capacityBytes;
    private final long stampBase;
    private final UndoEntries entries;
    private final DeferredStores deferred;
    private final SavedWords saved = new SavedWords();
    private final JournalThread thread = new JournalThread();
    private final long[] savepointUsedBytes = new long[SAVEPOINTS_MAX];
    private final int[] savepointDeferred = new int[SAVEPOINTS_MAX];
    private final JournalListeners listeners = new JournalListeners();
    private Runnable first;
    private int savepoints;
    private long firstStamp = 1;
    private long stamp;

    /** How many bytes of entries there is room for beside what is deferred. */
    private long entriesMost;

    /** How many stamps, from the first, are of the transaction under way. */
    private long ownStamps;

    private boolean overflowed;

    /** Attaches to the journal of a daemon, which has the number 0. */
    public Journal(final Memory arena, final long offset, final long bytes) {
        this(arena, offset, bytes, 0);
    }

    /**
     * Attaches to a journal; {@link #recover} must come before the first {@link #begin}.
     *
     * @param arena that the saved ranges are offsets in
     * @param offset of the journal in the arena, 64-byte aligned
     * @param bytes of the journal, at least {@link JournalLayout#MIN_BYTES}
     * @param number of the journal, unlike that of any other journal of the arena, below {@link
     *     #NUMBERS_MAX}
     */
    public Journal(final Memory arena, final long offset, final long bytes, final int number) {
        this(arena, arena.slice(offset, bytes), number);
    }

    /**
     * Makes a journal whose entries lie in memory of this process alone: for a structure that
     * nothing committed leads to yet, so that what a death leaves of it need not be undone.
     *
     * @param room for the entries, zeroed, at least {@link JournalLayout#MIN_BYTES}
     */
    public static Journal unshared(final Memory arena, final Memory room, final int number) {
        return new Journal(arena, room, number);
    }

    private Journal(final Memory arena, final Memory journal, final int number) {
        final long bytes = journal.bytes();
        if (bytes < JournalLayout.MIN_BYTES) {
            throw new IllegalArgumentException("a journal of " + bytes + " bytes is too small");
        }
        if (number < 0 || number >= NUMBERS_MAX) {
            throw new IllegalArgumentException("a journal with the number " + number);
        }
        this.arena = arena;
        this.journal = journal;
        this.capacityBytes = (bytes & -Long.BYTES) - ENTRIES;
        this.stampBase = (long) number << STAMP_BITS;
        this.entries = new UndoEntries(arena, journal);
        this.deferred = new DeferredStores(arena, journal);
    }

    /**
     * Brings the arena back to the last commit, or finishes a commit that was cut. To be called by
     * the successor, or by whoever holds the death certificate of the writer.
     *
     * @return whether there was something to undo
     * @throws DamagedArenaException where the journal itself is damaged
     */
    public boolean recover() {
        final long state = journal.getLongAcquire(STATE);
        if (state == ACTIVE) {
            final long used = checkedUsedBytes();
            entries.check(used);
            entries.undo(0, used);
            journal.putLong(ROLLBACKS, journal.getLong(ROLLBACKS) + 1);
        } else if (state == COMMITTED) {
            deferred.apply(deferred.checkedCount(capacityBytes));
        } else if (state != IDLE) {
            throw new DamagedArenaException("journal: state " + state + " is none of 0, 1, 2");
        }
        journal.putLongRelease(STATE, IDLE);
        end();
        return state == ACTIVE;
    }

    /**
     * Begins a transaction. The first one makes the calling thread the writer.
     *
     * @throws IllegalStateException where one is under way, on any other thread than the writer,
     *     and after {@link #close}
     */
    public void begin() {
        thread.requireWriter();
        if (first != null) {
            final Runnable now = first;
            first = null;
            now.run();
        }
        if (journal.getLong(STATE) != IDLE) {
            throw new IllegalStateException(
                    "the journal holds a transaction that was cut: recover() comes first");
        }
        overflowed = false;
        entries.forget();
        deferred.forget();
        entriesMost = capacityBytes;
        // The entries of the last transaction must not be emptied before its IDLE is stored.
        VarHandle.storeStoreFence();
        journal.putLong(USED_BYTES, 0);
        journal.putLong(DEFERRED_COUNT, 0);
        nextStamp();
        firstStamp = stamp;
        ownStamps = 1;
        journal.putLongRelease(STATE, ACTIVE);
        thread.begin();
    }

    /** Has something run once, as a transaction of its own, before the next one begins. */
    void beforeNextBegin(final Runnable run) {
        first = run;
    }

    /** Returns whether a transaction is under way. */
    public boolean isActive() {
        return thread.isActive();
    }

    /**
     * Returns whether the shared memory itself says that nothing is under way: the writer has made
     * the last store of its last commit or rollback. From any process.
     */
    public boolean isIdle() {
        return journal.getLongAcquire(STATE) == IDLE;
    }

    /**
     * Returns a number that no other transaction or savepoint of this arena ever has (nor will have
     * in 2^48 of them): what is marked with it was changed since the last {@link #begin}, {@link
     * #savepoint} or {@link #rollbackTo}. Never 0.
     */
    public long stamp() {
        thread.requireActive();
        return stamp;
    }

    /** Returns whether a mark is of the transaction under way, at whichever savepoint. */
    public boolean isOwn(final long mark) {
        return Long.compareUnsigned(mark - firstStamp, ownStamps) < 0;
    }

    /** Returns how many savepoints are set. */
    public int savepoints() {
        return savepoints;
    }

    /**
     * Saves a range of the arena; from then on it may be changed freely until the commit, the next
     * savepoint or the next return to one. A word of 8 bytes that was saved just before is not
     * saved twice.
     *
     * @throws JournalFullException where it does not fit; the transaction must be rolled back
     */
    public void save(final long offset, final long length) {
        if (length == Long.BYTES) {
            saveWord(offset);
            return;
        }
        thread.requireActive();
        requireRoom(JournalLayout.entryBytes(length));
        entries.save(offset, length);
    }

    private void saveWord(final long offset) {
        thread.requireActive();
        // Refuses what lies outside before anything is remembered.
        final long old = arena.getLong(offset);
        if (saved.add(offset)) {
            requireRoom(JournalLayout.ENTRY_BYTES);
            entries.saveAs(offset, old);
        }
    }

    /**
     * Has a word be {@code value} after a rollback, whatever it is now: for a word that may not
     * have its old value again, such as a version that readers compare.
     *
     * @throws JournalFullException where it does not fit; the transaction must be rolled back
     */
    public void saveAs(final long offset, final long value) {
        thread.requireActive();
        requireRoom(JournalLayout.entryBytes(Long.BYTES));
        if (offset < 0 || offset > arena.bytes() - Long.BYTES) {
            throw new IndexOutOfBoundsException(
                    "offset " + offset + " of " + arena.bytes() + " bytes");
        }
        entries.saveAs(offset, value);
    }

    /**
     * Names a range that is going to be changed and that nothing committed leads to, so that there
     * is nothing to save: only those who ask what a transaction has changed are shown it.
     *
     * @throws JournalFullException where it does not fit; the transaction must be rolled back
     */
    public void touch(final long offset, final long length) {
        thread.requireActive();
        requireRoom(JournalLayout.ENTRY_BYTES);
        if ((offset | length) < 0 || offset > arena.bytes() - length) {
            throw new IndexOutOfBoundsException(
                    "offset " + offset + ", length " + length + " of " + arena.bytes() + " bytes");
        }
        entries.touch(offset, length);
    }

    /** Saves and stores a word of the arena. */
    public void putLong(final long offset, final long value) {
        saveWord(offset);
        arena.putLong(offset, value);
    }

    /** Saves and stores 32 bits of the arena. */
    public void putInt(final long offset, final int value) {
        save(offset, Integer.BYTES);
        arena.putInt(offset, value);
    }

    /**
     * Has a word stored once the transaction stands; until then readers, this one too, see the old
     * value. Words are stored in the order in which they were deferred; a later call for a word
     * that is among the last few replaces the earlier one in its place.
     *
     * @throws JournalFullException where it does not fit; the transaction must be rolled back
     * @throws IndexOutOfBoundsException where the word is not in the arena
     * @throws IllegalArgumentException where it is not 8-byte aligned
     */
    public void deferLong(final long offset, final long value) {
        thread.requireActive();
        deferred.requireWord(offset);
        final int place = deferred.find(offset, firstDeferred());
        if (place == deferred.count()) {
            requireRoom(DEFERRED_BYTES);
        }
        deferred.put(place, offset, value);
        entriesMost = capacityBytes - deferred.bytes();
    }

    /**
     * Returns what a word will hold after the commit, or {@code otherwise} where it is not
     * deferred.
     */
    public long deferredLong(final long offset, final long otherwise) {
        return deferred.value(offset, otherwise);
    }

    /**
     * Sets a savepoint: what is changed from now on can be undone by itself.
     *
     * @return what {@link #rollbackTo} wants
     * @throws IllegalStateException where {@link #SAVEPOINTS_MAX} are set, or the journal was full:
     *     a later return to the savepoint would hide that
     */
    public int savepoint() {
        thread.requireActive();
        if (overflowed) {
            throw new IllegalStateException(
                    "the journal was full in this transaction: it can only be rolled back");
        }
        if (savepoints == SAVEPOINTS_MAX) {
            throw new IllegalStateException(
                    "more than " + SAVEPOINTS_MAX + " savepoints in one transaction");
        }
        listeners.beforeCommit();
        savepointUsedBytes[savepoints] = entries.usedBytes();
        savepointDeferred[savepoints] = deferred.count();
        nextStamp();
        return savepoints++;
    }

    /**
     * Undoes everything since a savepoint, which is then no more, and neither are those set after
     * it. A journal that was full is so no longer.
     *
     * @throws IllegalArgumentException where it is not set
     */
    public void rollbackTo(final int savepoint) {
        thread.requireActive();
        if (savepoint < 0 || savepoint >= savepoints) {
            throw new IllegalArgumentException(
                    "savepoint " + savepoint + " is none of the " + savepoints + " that are set");
        }
        entries.undo(savepointUsedBytes[savepoint], entries.usedBytes());
        entries.truncate(savepointUsedBytes[savepoint]);
        deferred.truncate(savepointDeferred[savepoint]);
        entriesMost = capacityBytes - deferred.bytes();
        savepoints = savepoint;
        overflowed = false;
        nextStamp();
        listeners.onRollbackToSavepoint();
    }

    /**
     * Makes everything since {@link #begin} stand.
     *
     * @throws IllegalStateException where the journal was full, whoever caught that: half of what
     *     was meant must not stand
     */
    public void commit() {
        thread.requireActive();
        if (overflowed) {
            throw new IllegalStateException(
                    "the journal was full in this transaction: it can only be rolled back");
        }
        listeners.beforeCommit();
        if (deferred.count() > 0) {
            journal.putLongRelease(STATE, COMMITTED);
            deferred.apply(deferred.count());
        }
        journal.putLongRelease(STATE, IDLE);
        end();
        journal.putLong(COMMITS, journal.getLong(COMMITS) + 1);
        listeners.onCommit();
    }

    /** Undoes everything since {@link #begin}. */
    public void rollback() {
        thread.requireActive();
        entries.undo(0, entries.usedBytes());
        journal.putLong(ROLLBACKS, journal.getLong(ROLLBACKS) + 1);
        journal.putLongRelease(STATE, IDLE);
        end();
        listeners.onRollback();
    }

    /**
     * Refuses memory that is not of the arena whose changes are saved here: what is stored there
     * would not be undone, and a process writes into its own daemon's arena only.
     *
     * @param name of what lies there, for the message
     * @throws IllegalArgumentException where it is another arena, or another mapping of this one
     */
    public void requireArena(final String name, final Memory memory) {
        if (memory.address() != arena.address() || memory.bytes() != arena.bytes()) {
            throw new IllegalArgumentException(
                    name
                            + ": lies in another arena than the journal: only the processes of its own"
                            + " daemon write into an arena; send the daemon a message");
        }
    }

    /**
     * Ends the use of the journal in this process: {@link #begin} fails from now on. A transaction
     * that is under way is left to the recovery of the next incarnation.
     */
    public void close() {
        thread.close();
        end();
    }

    /**
     * Shows the ranges that the transaction under way has changed, or the last one until the next
     * {@link #begin}: from {@link JournalListener#onCommit} they hold what was committed. The
     * ranges saved come first, the last one first, then the deferred words.
     */
    public void forEachChange(final ChangeVisitor visitor) {
        entries.forEach(visitor);
        deferred.forEach(visitor);
    }

    /**
     * Has someone told of every later commit and rollback of this process, in the order of these
     * calls.
     */
    public void addListener(final JournalListener listener) {
        listeners.add(listener);
    }

    /** Returns how many transactions were committed here since the arena was laid out. */
    public long commits() {
        return journal.getLong(COMMITS);
    }

    /** Returns how many were rolled back, by the writer or by recovery. */
    public long rollbacks() {
        return journal.getLong(ROLLBACKS);
    }

    private void end() {
        thread.end();
        ownStamps = 0;
        savepoints = 0;
    }

    private void nextStamp() {
        final long next = journal.getLong(STAMPS) + 1;
        journal.putLong(STAMPS, next);
        stamp = stampBase | next & (1L << STAMP_BITS) - 1;
        ownStamps = stamp - firstStamp + 1;
        saved.begin(stamp);
    }

    /** What was deferred before the last savepoint must come back as it was. */
    private int firstDeferred() {
        return savepoints == 0 ? 0 : savepointDeferred[savepoints - 1];
    }

    private void requireRoom(final long bytes) {
        if (entries.usedBytes() + bytes > entriesMost) {
            throw full(bytes);
        }
    }

    private JournalFullException full(final long bytes) {
        overflowed = true;
        // The word that found no room is not saved.
        saved.forget();
        return new JournalFullException(
                capacityBytes, entries.usedBytes() + deferred.bytes() + bytes);
    }

    private long checkedUsedBytes() {
        final long used = journal.getLong(USED_BYTES);
        if (used < 0 || used > capacityBytes || used % Long.BYTES != 0) {
            throw new DamagedArenaException("journal: " + used + " bytes used of " + capacityBytes);
        }
        return used;
    }
}
