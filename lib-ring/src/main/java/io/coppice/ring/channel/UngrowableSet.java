package io.coppice.ring.channel;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Set;

/** A set that others take from but do not add to, as selected keys are. */
final class UngrowableSet<T> extends AbstractSet<T> {
    private final Set<T> all;

    UngrowableSet(final Set<T> all) {
        this.all = all;
    }

    @Override
    public Iterator<T> iterator() {
        return all.iterator();
    }

    @Override
    public int size() {
        return all.size();
    }

    @Override
    public boolean contains(final Object key) {
        return all.contains(key);
    }

    @Override
    public boolean remove(final Object key) {
        return all.remove(key);
    }

    @Override
    public void clear() {
        all.clear();
    }
}
