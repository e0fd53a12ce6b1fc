package io.coppice.ring.channel;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A selector for channels of ours and of the JDK together. A selector of the JDK, the inner one,
 * watches the JDK's channels and the sockets of ours; what shared memory tells is looked at here.
 *
 * <p>A selection looks at memory, spins for a while, asks the other ends for a bell, looks once
 * more, and sleeps in the inner selector. {@link #sleeping} is set before that last look, and who
 * changes memory in this process calls {@link #nudge} after the change; so one of them sees the
 * other. The inner selector may wake for what is nothing to the user; then all is done again.
 *
 * <p>A channel of the JDK that is closed while registered gives its descriptor back when a selector
 * of the JDK drops the last registration. The last one may be ours, which the JDK knows nothing of.
 * So each such channel is registered with a second selector of the JDK too, on which nobody waits
 * and which drops it after this one.
 */
final class TransparentSelector extends AbstractSelector {
    private static final long FOREVER = -1;

    private final Selector inner;
    private final Selector second;
    private final long spinNs;
    private final Set<SelectionKey> keys = ConcurrentHashMap.newKeySet();
    private final Set<SelectionKey> publicKeys = Collections.unmodifiableSet(keys);
    private final Set<SelectionKey> selected = new HashSet<>();
    private final Set<SelectionKey> publicSelected = new UngrowableSet<>(selected);
    private final ConcurrentLinkedQueue<TransparentKey> added = new ConcurrentLinkedQueue<>();
    private final ArrayList<TransparentKey> ours = new ArrayList<>();
    private final ArrayList<TransparentKey> found = new ArrayList<>();
    private final Consumer<SelectionKey> collector = this::collect;
    private boolean selecting;
    private boolean isPlainThere;
    private long lookedNs = System.nanoTime();
    private volatile Thread selectingThread;
    private volatile boolean sleeping;
    private volatile boolean woken;

    TransparentSelector(
            final SelectorProvider provider, final SelectorProvider jdk, final long spinNs)
            throws IOException {
        super(provider);
        this.spinNs = spinNs;
        inner = jdk.openSelector();
        try {
            second = jdk.openSelector();
        } catch (final IOException refused) {
            inner.close();
            throw refused;
        }
    }

    @Override
    public Set<SelectionKey> keys() {
        checkOpen();
        return publicKeys;
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        checkOpen();
        return publicSelected;
    }

    private void checkOpen() {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
    }

    @Override
    protected SelectionKey register(
            final AbstractSelectableChannel channel, final int ops, final Object attachment) {
        checkOpen();
        final TransparentKey key = new TransparentKey(channel, this);
        key.attach(attachment);
        if (channel instanceof final Watched watched) {
            key.interestOps(ops);
            watched.selectors().add(this);
            added.add(key);
        } else {
            try {
                // Within the channel's own register, whose locks this thread holds.
                key.innerKeys(channel.register(inner, ops, key), channel.register(second, 0, null));
            } catch (final IOException closed) {
                throw new IllegalStateException("a channel was closed under its lock", closed);
            }
            key.interestOps(ops);
        }
        keys.add(key);
        if (!isOpen()) {
            keys.remove(key);
            key.cancel();
            if (channel instanceof final Watched watched) {
                watched.selectors().remove(this);
            }
            throw new ClosedSelectorException();
        }
        return key;
    }

    @Override
    public int selectNow() throws IOException {
        return select(null, true, 0);
    }

    @Override
    public int select() throws IOException {
        return select(null, true, FOREVER);
    }

    @Override
    public int select(final long timeout) throws IOException {
        return select(null, true, checkTimeout(timeout));
    }

    @Override
    public int selectNow(final Consumer<SelectionKey> action) throws IOException {
        return select(Objects.requireNonNull(action), false, 0);
    }

    @Override
    public int select(final Consumer<SelectionKey> action) throws IOException {
        return select(Objects.requireNonNull(action), false, FOREVER);
    }

    @Override
    public int select(final Consumer<SelectionKey> action, final long timeout) throws IOException {
        return select(Objects.requireNonNull(action), false, checkTimeout(timeout));
    }

    private static long checkTimeout(final long timeout) {
        if (timeout < 0) {
            throw new IllegalArgumentException("timeout " + timeout + " ms: must not be negative");
        }
        return timeout == 0 ? FOREVER : timeout;
    }

    private synchronized int select(
            final Consumer<SelectionKey> action, final boolean isSelecting, final long timeoutMs)
            throws IOException {
        checkOpen();
        if (selecting) {
            throw new IllegalStateException("select in progress");
        }
        selecting = true;
        try {
            synchronized (publicSelected) {
                selectingThread = Thread.currentThread();
                dropCancelled();
                find(timeoutMs);
                woken = false;
                dropCancelled();
                return isSelecting ? addToSelected() : hand(action);
            }
        } finally {
            for (int i = 0; i < found.size(); i++) {
                found.get(i).takeFound();
            }
            found.clear();
            selectingThread = null;
            selecting = false;
        }
    }

    private void find(final long timeoutMs) throws IOException {
        final long start = System.nanoTime();
        boolean mayWait = timeoutMs != 0;
        boolean maySpin = spinNs > 0;
        while (true) {
            takeAdded();
            look();
            if (!mayWait || !found.isEmpty() || isEnding()) {
                if (found.isEmpty() || isInnerDue()) {
                    askInner();
                    lookedNs = System.nanoTime();
                    look();
                }
                return;
            }
            if (maySpin && !ours.isEmpty()) {
                maySpin = false;
                if (isPlainThere || keys.size() > ours.size()) {
                    askInner();
                }
                if (!found.isEmpty() || spin()) {
                    continue;
                }
            }
            long left = 0;
            if (timeoutMs != FOREVER) {
                final long passed = System.nanoTime() - start;
                left = timeoutMs - TimeUnit.NANOSECONDS.toMillis(passed);
                mayWait = left > 0;
            }
            if (mayWait) {
                sleep(left);
            }
        }
    }

    /**
     * Where all channels are in memory the kernel has no more to tell than a death, and is asked as
     * seldom as an {@link Endpoint} asks it. Not so where nothing was found.
     */
    private boolean isInnerDue() {
        return woken
                || isPlainThere
                || keys.size() > ours.size()
                || System.nanoTime() - lookedNs > Endpoint.LOOK_NS;
    }

    /** The sockets of ours are watched for what their keys are interested in now. */
    private void askInner() throws IOException {
        for (int i = 0; i < ours.size(); i++) {
            ours.get(i).watch(inner);
        }
        inner.selectNow(collector);
    }

    private boolean isEnding() {
        return woken || !isOpen() || Thread.currentThread().isInterrupted();
    }

    private boolean spin() {
        final long start = System.nanoTime();
        do {
            Thread.onSpinWait();
            look();
            if (!found.isEmpty() || woken) {
                return true;
            }
        } while (System.nanoTime() - start < spinNs);
        return false;
    }

    /**
     * Sleeps until there is something to look at.
     *
     * @param timeoutMs 0 for ever
     */
    private void sleep(final long timeoutMs) throws IOException {
        sleeping = true;
        try {
            takeAdded();
            boolean isReady = false;
            for (int i = 0; i < ours.size(); i++) {
                final TransparentKey key = ours.get(i);
                key.watch(inner);
                isReady |= key.park() != 0;
            }
            if (isReady || woken) {
                inner.selectNow(collector);
            } else {
                inner.select(collector, timeoutMs);
            }
        } finally {
            sleeping = false;
            for (int i = 0; i < ours.size(); i++) {
                ours.get(i).unpark();
            }
        }
    }

    private void takeAdded() {
        TransparentKey key = added.poll();
        while (key != null) {
            if (key.isValid()) {
                key.index(ours.size());
                ours.add(key);
            }
            key = added.poll();
        }
    }

    /** Finds what memory tells. */
    private void look() {
        isPlainThere = false;
        for (int i = 0; i < ours.size(); i++) {
            final TransparentKey key = ours.get(i);
            final Watched watched = key.watched();
            isPlainThere |= watched.isPlain();
            final int ops = watched.readyOps(key.interest());
            if (ops != 0) {
                find(key, ops);
            }
        }
    }

    /** Finds what the inner selector tells. */
    private void collect(final SelectionKey innerKey) {
        final TransparentKey key = (TransparentKey) innerKey.attachment();
        final Watched watched = key.watched();
        if (watched == null || watched.isPlain()) {
            find(key, innerKey.readyOps());
        } else {
            watched.takeBells();
            key.watch(inner);
        }
    }

    /** What the user is not interested in any more is nothing found, and must not end a wait. */
    private void find(final TransparentKey key, final int ops) {
        if ((ops & key.interest()) != 0 && key.find(ops)) {
            found.add(key);
        }
    }

    private int addToSelected() {
        int count = 0;
        for (int i = 0; i < found.size(); i++) {
            final TransparentKey key = found.get(i);
            final int ops = key.takeFound();
            if (selected.contains(key)) {
                count += key.addReady(ops) ? 1 : 0;
            } else if (ops != 0) {
                key.ready(ops);
                selected.add(key);
                count++;
            }
        }
        return count;
    }

    private int hand(final Consumer<SelectionKey> action) {
        int count = 0;
        for (int i = 0; i < found.size(); i++) {
            final TransparentKey key = found.get(i);
            final int ops = key.takeFound();
            if (ops != 0) {
                key.ready(ops);
                action.accept(key);
                checkOpen();
                count++;
            }
        }
        return count;
    }

    @Override
    public Selector wakeup() {
        woken = true;
        inner.wakeup();
        return this;
    }

    /** Makes a thread that sleeps look again; for any thread. */
    void nudge() {
        if (sleeping && selectingThread != Thread.currentThread()) {
            inner.wakeup();
        }
    }

    private void dropCancelled() throws IOException {
        final Set<SelectionKey> cancelled = cancelledKeys();
        synchronized (cancelled) {
            if (cancelled.isEmpty()) {
                return;
            }
            for (final SelectionKey key : cancelled) {
                drop((TransparentKey) key);
            }
            cancelled.clear();
        }
        inner.selectNow(collector);
        second.selectNow();
    }

    private void drop(final TransparentKey key) {
        takeAdded();
        final int at = key.index();
        if (at >= 0) {
            final TransparentKey last = ours.remove(ours.size() - 1);
            if (last != key) {
                ours.set(at, last);
                last.index(at);
            }
            key.index(-1);
        }
        final Watched watched = key.watched();
        if (watched != null) {
            watched.selectors().remove(this);
        }
        keys.remove(key);
        selected.remove(key);
        deregister((AbstractSelectionKey) key);
        key.selector();
    }

    @Override
    protected void implCloseSelector() throws IOException {
        wakeup();
        synchronized (this) {
            synchronized (publicSelected) {
                for (final SelectionKey key : keys) {
                    drop((TransparentKey) key);
                }
                inner.close();
                second.close();
            }
        }
    }

    @Override
    public String toString() {
        return "accelerating " + inner;
    }
}
