package io.coppice.pool;

import java.util.ArrayList;
import java.util.List;

/** Those who are told of a journal's transactions, in the order in which they came. */
final class JournalListeners {
    private final List<JournalListener> all = new ArrayList<>();

    void add(final JournalListener listener) {
        all.add(listener);
    }

    void beforeCommit() {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).beforeCommit();
        }
    }

    void onCommit() {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).onCommit();
        }
    }

    void onRollback() {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).onRollback();
        }
    }

    void onRollbackToSavepoint() {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).onRollbackToSavepoint();
        }
    }
}
