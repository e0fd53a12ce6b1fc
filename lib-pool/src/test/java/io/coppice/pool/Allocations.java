package io.coppice.pool;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;

/** Counts what work in its steady state leaves to the garbage collector. */
public final class Allocations {
    private static final int WINDOWS_MOST = 10;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocations() {}

    /**
     * Runs rounds of work again and again and returns the fewest bytes that they allocated. A
     * compiled method that is given up moves its objects back to the heap, once; so the first
     * windows may count some, and one of them has to be free of any.
     */
    public static long bytesOf(final int rounds, final IntConsumer work) {
        long fewest = Long.MAX_VALUE;
        for (int window = 0; window < WINDOWS_MOST && fewest != 0; window++) {
            final long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int round = 0; round < rounds; round++) {
                work.accept(round);
            }
            fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return fewest;
    }
}
