package io.coppice.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The list of words that the kernel looks at when a thread ends: {@code struct robust_list_head}
 * and one node. See {@code set_robust_list(2)}.
 *
 * <pre>
 *      0  next        address of the node
 *      8  offset      from the node to the word
 *     16  pending     address of the node: it is looked at although the word may be 0 by now
 *     24  node        address of this list: nothing comes after it
 * </pre>
 *
 * Nothing of it lies in shared memory, so no other process can lead the kernel astray. It stays
 * where it is for ever, since a thread may end at any time.
 */
final class RobustList {
    private static final int NEXT = 0;
    private static final int OFFSET = 1;
    private static final int PENDING = 2;
    private static final int NODE = 3;
    private static final int HEAD_BYTES = 24;
    private static final int WORDS = 4;

    private static final ThreadLocal<RobustList> LISTS = ThreadLocal.withInitial(RobustList::new);

    private final MemorySegment words = Arena.global().allocate(ValueLayout.JAVA_LONG, WORDS);
    private boolean known;

    private RobustList() {}

    static RobustList ofThisThread() {
        return LISTS.get();
    }

    /** Has the kernel look at the word, in place of any other. */
    void watch(final long address, final SystemCallNumbers numbers) {
        final long node = words.address() + HEAD_BYTES;
        words.setAtIndex(ValueLayout.JAVA_LONG, NEXT, node);
        words.setAtIndex(ValueLayout.JAVA_LONG, OFFSET, address - node);
        words.setAtIndex(ValueLayout.JAVA_LONG, PENDING, node);
        words.setAtIndex(ValueLayout.JAVA_LONG, NODE, words.address());
        if (!known) {
            LinuxOperatingSystem.check(
                    SystemCall.call(numbers.setRobustList(), words.address(), HEAD_BYTES),
                    "set_robust_list",
                    "of this thread");
            known = true;
        }
    }
}
