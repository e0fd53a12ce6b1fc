package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every method of Agrona's interface, found by reflection and called with every combination of
 * telling values, beside an {@link UnsafeBuffer} over a copy of the same bytes: same result, same
 * bytes, same refusals; and a rollback undoes all of it.
 */
class JournaledBufferInterfaceTest {
    private static final int JOURNAL_BYTES = 16384;
    private static final int GUARD_BYTES = 41;
    private static final int CAPACITY_BYTES = 250;
    private static final int REGION = JOURNAL_BYTES + GUARD_BYTES;
    private static final int ARENA_BYTES = REGION + CAPACITY_BYTES + GUARD_BYTES;

    private final TestArena arena = new TestArena(ARENA_BYTES);
    private final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
    private final JournaledBuffer journaled =
            new JournaledBuffer(journal, arena.memory(), REGION, CAPACITY_BYTES);
    private final UnsafeBuffer twin = new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY_BYTES));
    private final byte[] before = new byte[ARENA_BYTES - JOURNAL_BYTES];

    @AfterEach
    void free() {
        arena.close();
    }

    static Stream<Method> methods() {
        return Arrays.stream(MutableDirectBuffer.class.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !isWrap(method) && !isIdentity(method))
                .sorted(Comparator.comparing(Method::toString));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void actsAsUnsafeBufferDoesAndIsUndoneByRollback(final Method method) throws Exception {
        new Random(7).nextBytes(before);
        journal.recover();
        int changes = 0;
        final int combinations = ArgumentValues.count(method);
        for (int number = 0; number < combinations; number++) {
            if (changesAndIsUndone(method, number)) {
                changes++;
            }
        }
        if (isStore(method)) {
            assertTrue(changes > 0, method + " never changed anything: the test is vacuous");
        } else {
            assertEquals(0, changes, method + " changed memory and is no store by its name");
        }
    }

    @Test
    void seesEveryStoreOfTheInterface() {
        final List<Method> stores =
                methods().filter(JournaledBufferInterfaceTest::isStore).toList();

        assertTrue(stores.size() >= 38, stores::toString);
    }

    private boolean changesAndIsUndone(final Method method, final int number) throws Exception {
        arena.setImage(JOURNAL_BYTES, before);
        twin.putBytes(0, before, GUARD_BYTES, CAPACITY_BYTES);
        final Object[] arguments = ArgumentValues.combination(method, number, journaled);
        final Object[] twinArguments = ArgumentValues.combination(method, number, twin);
        final String call = method.getName() + Arrays.deepToString(arguments);

        journal.begin();
        final Outcome expected = Outcome.of(method, twin, twinArguments);
        final Outcome outcome = Outcome.of(method, journaled, arguments);
        final byte[] during = arena.image(JOURNAL_BYTES, before.length);
        if (isNegativeNatural(method, arguments)) {
            assertNotNull(outcome.thrown, call);
            assertTrue(
                    outcome.thrown instanceof IllegalArgumentException
                            || outcome.thrown instanceof IndexOutOfBoundsException,
                    call);
        } else {
            assertEquals(classOf(expected.thrown), classOf(outcome.thrown), call);
            assertEquals(expected.result, outcome.result, call);
        }
        if (outcome.thrown == null) {
            assertArrayEquals(twinImage(), during, call);
            assertSideEffectsEqual(twinArguments, arguments, call);
        } else {
            assertArrayEquals(before, during, call + " changed memory and threw");
            assertEquals(0, arena.word(JournalLayout.USED_BYTES), call + " saved and threw");
        }
        journal.rollback();
        assertArrayEquals(before, arena.image(JOURNAL_BYTES, before.length), call);
        return !Arrays.equals(before, during);
    }

    private byte[] twinImage() {
        final byte[] image = before.clone();
        twin.getBytes(0, image, GUARD_BYTES, CAPACITY_BYTES);
        return image;
    }

    private static void assertSideEffectsEqual(
            final Object[] expected, final Object[] actual, final String call) {
        for (int i = 0; i < expected.length; i++) {
            if (expected[i] instanceof byte[]) {
                assertArrayEquals((byte[]) expected[i], (byte[]) actual[i], call);
            } else if (expected[i] instanceof ByteBuffer) {
                final ByteBuffer one = (ByteBuffer) expected[i];
                final ByteBuffer other = (ByteBuffer) actual[i];
                assertEquals(one.position(), other.position(), call);
                assertEquals(one.rewind(), other.rewind(), call);
            } else if (expected[i] instanceof StringBuilder) {
                assertEquals(expected[i].toString(), actual[i].toString(), call);
            } else if (expected[i] instanceof UnsafeBuffer && actual[i] instanceof UnsafeBuffer) {
                assertEquals(expected[i], actual[i], call);
            }
        }
    }

    /** The one place where this buffer is stricter than Agrona's, which stores garbage there. */
    private static boolean isNegativeNatural(final Method method, final Object[] arguments) {
        if (!method.getName().startsWith("putNatural")) {
            return false;
        }
        final boolean valueFirst = method.getName().equals("putNaturalIntAsciiFromEnd");
        return ((Number) arguments[valueFirst ? 0 : arguments.length - 1]).longValue() < 0;
    }

    private static boolean isStore(final Method method) {
        return method.getDeclaringClass() == MutableDirectBuffer.class
                && (method.getName().startsWith("put") || method.getName().startsWith("set"));
    }

    private static boolean isWrap(final Method method) {
        return method.getName().equals("wrap");
    }

    /**
     * What two buffers in two places must not have in common; {@link JournaledBufferTest} looks at
     * these.
     */
    private static boolean isIdentity(final Method method) {
        return List.of("addressOffset", "byteBuffer").contains(method.getName());
    }

    private static Class<?> classOf(final Throwable thrown) {
        return thrown == null ? null : thrown.getClass();
    }

    /** What a call came to. */
    private static final class Outcome {
        private final Object result;
        private final Throwable thrown;

        private Outcome(final Object result, final Throwable thrown) {
            this.result = result;
            this.thrown = thrown;
        }

        static Outcome of(final Method method, final Object on, final Object[] arguments)
                throws IllegalAccessException {
            try {
                final Object result = method.invoke(on, arguments);
                return new Outcome(result, null);
            } catch (final InvocationTargetException refused) {
                return new Outcome(null, refused.getCause());
            }
        }
    }
}
