package io.coppice.os;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * SIGHUP as a request instead of an end. The JDK has no public way to handle a signal; {@code
 * sun.misc.Signal} is looked up by name, since the compiler knows it only with a warning that
 * cannot be switched off.
 */
public final class HangUpSignal implements InvocationHandler {
    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private final Runnable action;

    private HangUpSignal(final Runnable action) {
        this.action = action;
    }

    /**
     * Has an action run for each SIGHUP from now on, in a thread that the JDK makes for it. Some
     * milliseconds; allocates.
     *
     * @return false where this JVM or this platform has no such signal, or it is ignored from the
     *     start, as below {@code nohup}
     */
    public static boolean onEach(final Runnable action) {
        try {
            final Class<?> signal = Class.forName(SIGNAL);
            final Class<?> handler = Class.forName(HANDLER);
            final Object proxy =
                    Proxy.newProxyInstance(
                            HangUpSignal.class.getClassLoader(),
                            new Class<?>[] {handler},
                            new HangUpSignal(action));
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
            return true;
        } catch (final ReflectiveOperationException | IllegalArgumentException none) {
            return false;
        }
    }

    @Override
    public Object invoke(final Object proxy, final Method method, final Object[] arguments) {
        if ("handle".equals(method.getName())) {
            action.run();
            return null;
        }
        // What every object has: the JDK asks none of it, a debugger may.
        switch (method.getName()) {
            case "hashCode":
                return System.identityHashCode(proxy);
            case "equals":
                return proxy == arguments[0];
            default:
                return HangUpSignal.class.getName();
        }
    }
}
