package io.coppice.txn;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.PointerBytesStore;

/**
 * Keeps Chronicle's classes out of processes that never ask for them: only this class names them in
 * code that runs.
 */
final class BytesView {
    private BytesView() {}

    static Bytes<?> readable(final long address, final int length) {
        final Bytes<?> bytes = view(address, length);
        bytes.writePosition(length);
        return bytes;
    }

    static Bytes<?> writable(final long address, final int length) {
        return view(address, length);
    }

    private static Bytes<?> view(final long address, final int length) {
        final PointerBytesStore store = BytesStore.nativePointer();
        store.set(address, length);
        return store.bytesForWrite();
    }
}
