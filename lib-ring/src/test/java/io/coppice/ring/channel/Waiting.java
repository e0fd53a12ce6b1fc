package io.coppice.ring.channel;

import java.util.Arrays;

/** Tells whether a thread is in the kernel, where it waits for a channel or a selector. */
final class Waiting {
    private Waiting() {}

    static boolean isWaiting(final Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(
                        frame ->
                                frame.isNativeMethod()
                                        && (frame.getClassName().startsWith("sun.nio.ch.EPoll")
                                                || frame.getMethodName().equals("poll")
                                                || frame.getMethodName().equals("read0")
                                                || frame.getMethodName().equals("write0")));
    }
}
