package io.coppice.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The one native handle of the project: {@code long syscall(long number, ...)} with six arguments.
 */
final class SystemCall {
    private static final MethodHandle HANDLE = bind();

    /** Where errno goes, one per thread: a shared one could show a thread the error of another. */
    private static final ThreadLocal<MemorySegment> ERRNO =
            ThreadLocal.withInitial(
                    () -> Arena.global().allocate(Linker.Option.captureStateLayout()));

    private SystemCall() {}

    /** Returns the call's result, or its error number negated. */
    static long call(
            final int number,
            final long a,
            final long b,
            final long c,
            final long d,
            final long e,
            final long f) {
        final MemorySegment errno = ERRNO.get();
        final long result;
        try {
            result = (long) HANDLE.invokeExact(errno, (long) number, a, b, c, d, e, f);
        } catch (final Error | RuntimeException failure) {
            throw failure;
        } catch (final Throwable impossible) {
            throw new AssertionError("a native call declares no exception", impossible);
        }
        return result == -1 ? -errno.get(ValueLayout.JAVA_INT, 0) : result;
    }

    static long call(final int number, final long a, final long b, final long c, final long d) {
        return call(number, a, b, c, d, 0, 0);
    }

    static long call(final int number, final long a, final long b) {
        return call(number, a, b, 0, 0, 0, 0);
    }

    @SuppressWarnings("restricted") // The native handle is what this class is for.
    private static MethodHandle bind() {
        final Linker linker = Linker.nativeLinker();
        final ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(1));
    }
}
