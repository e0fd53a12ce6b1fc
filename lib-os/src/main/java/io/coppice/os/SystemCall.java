package io.coppice.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * The one native function of the project: {@code long syscall(long number, ...)} with six
 * arguments.
 *
 * <p>It is bound twice. The handle that tells errno makes an object of 40 bytes on every call
 * unless C2 has compiled the caller (the JDK slices the segment that errno goes to), which a
 * supervisor that turns ten times a second may never see. So what a loop calls on every turn goes
 * through {@link #succeeds}, which allocates nothing in any tier.
 */
final class SystemCall {
    private static final MethodHandle HANDLE = bind(Linker.Option.captureCallState("errno"));
    private static final MethodHandle WITHOUT_ERRNO = bind();

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

    /**
     * Makes a call and returns whether it went well, without telling what went wrong: the caller
     * then makes it again through {@link #call}, in a form that cannot block.
     */
    static boolean succeeds(
            final int number, final long a, final long b, final long c, final long d) {
        return succeeds(number, a, b, c, d, 0, 0);
    }

    static boolean succeeds(
            final int number,
            final long a,
            final long b,
            final long c,
            final long d,
            final long e,
            final long f) {
        try {
            return (long) WITHOUT_ERRNO.invokeExact((long) number, a, b, c, d, e, f) != -1;
        } catch (final Error | RuntimeException failure) {
            throw failure;
        } catch (final Throwable impossible) {
            throw new AssertionError("a native call declares no exception", impossible);
        }
    }

    @SuppressWarnings("restricted") // The native handle is what this class is for.
    private static MethodHandle bind(final Linker.Option... more) {
        final Linker linker = Linker.nativeLinker();
        final ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        final Linker.Option[] options = Arrays.copyOf(more, more.length + 1);
        options[more.length] = Linker.Option.firstVariadicArg(1);
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                options);
    }
}
