package io.coppice.pool;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Every combination of telling values for the parameters of a method, made by their types. */
final class ArgumentValues {
    private static final String LONG_TEXT =
            "All work and no play makes żółw a dull tortoise. ".repeat(3);

    /** Makes a fresh value for a call on the given buffer, since calls change some of them. */
    private interface Value extends Function<MutableDirectBuffer, Object> {}

    private static final Map<Class<?>, List<Value>> VALUES =
            Map.ofEntries(
                    Map.entry(
                            int.class,
                            constants(
                                    0,
                                    1,
                                    3,
                                    9,
                                    17,
                                    120,
                                    249,
                                    250,
                                    -1,
                                    1_234_567,
                                    Integer.MAX_VALUE,
                                    Integer.MIN_VALUE)),
                    Map.entry(
                            long.class,
                            constants(
                                    0L,
                                    7L,
                                    -42L,
                                    0x0102_0304_0506_0708L,
                                    Long.MAX_VALUE,
                                    Long.MIN_VALUE)),
                    Map.entry(
                            double.class,
                            constants(0.0, -0.0, Math.PI, Double.longBitsToDouble(~0L))),
                    Map.entry(float.class, constants(0f, -0f, 1.5f, Float.intBitsToFloat(~0))),
                    Map.entry(short.class, constants((short) 0, (short) 0x1234, (short) -1)),
                    Map.entry(char.class, constants('\0', 'x', '\uabcd')),
                    Map.entry(byte.class, constants((byte) 0, (byte) 0x5a, (byte) -1)),
                    Map.entry(
                            ByteOrder.class,
                            constants(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)),
                    Map.entry(
                            String.class,
                            constants(
                                    null,
                                    "",
                                    "a",
                                    "hello, world",
                                    "żółw 中 😀",
                                    "\ud800x\udc00",
                                    "\ud83d\ud83d\ude00",
                                    LONG_TEXT)),
                    Map.entry(
                            CharSequence.class,
                            constants(null, "", new StringBuilder("builder"), "żółw", LONG_TEXT)),
                    Map.entry(
                            byte[].class, List.of(of -> bytes(0), of -> bytes(5), of -> bytes(40))),
                    Map.entry(
                            ByteBuffer.class,
                            List.of(
                                    of -> ByteBuffer.wrap(bytes(40)).position(2),
                                    of -> ByteBuffer.wrap(bytes(40), 3, 30).slice(),
                                    of -> ByteBuffer.wrap(bytes(40)).asReadOnlyBuffer(),
                                    of ->
                                            ByteBuffer.allocateDirect(40)
                                                    .put(0, bytes(40))
                                                    .position(1))),
                    Map.entry(
                            DirectBuffer.class,
                            List.of(
                                    of -> new UnsafeBuffer(bytes(40)),
                                    of -> new UnsafeBuffer(ByteBuffer.allocateDirect(40)),
                                    of -> of)),
                    Map.entry(
                            MutableDirectBuffer.class, List.of(of -> new UnsafeBuffer(bytes(130)))),
                    Map.entry(Object.class, List.of(of -> of, of -> new UnsafeBuffer(bytes(40)))),
                    Map.entry(Appendable.class, List.of(of -> new StringBuilder())));

    private ArgumentValues() {}

    /** Returns how many combinations there are. */
    static int count(final Method method) {
        int count = 1;
        for (final Class<?> type : method.getParameterTypes()) {
            count *= valuesOf(method, type).size();
        }
        return count;
    }

    /** Returns a combination with fresh values for a call on a buffer. */
    static Object[] combination(
            final Method method, final int number, final MutableDirectBuffer on) {
        final List<Object> arguments = new ArrayList<>();
        int rest = number;
        for (final Class<?> type : method.getParameterTypes()) {
            final List<Value> values = valuesOf(method, type);
            arguments.add(values.get(rest % values.size()).apply(on));
            rest /= values.size();
        }
        return arguments.toArray();
    }

    private static List<Value> valuesOf(final Method method, final Class<?> type) {
        final List<Value> values = VALUES.get(type);
        if (values == null) {
            throw new AssertionError(
                    method + ": this test does not know how to make a " + type.getName());
        }
        return values;
    }

    private static List<Value> constants(final Object... constants) {
        final List<Value> values = new ArrayList<>();
        for (final Object constant : constants) {
            values.add(of -> constant);
        }
        return values;
    }

    private static byte[] bytes(final int length) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (0xb7 + 31 * i);
        }
        return bytes;
    }
}
