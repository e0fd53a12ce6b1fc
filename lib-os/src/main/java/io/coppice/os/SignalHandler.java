package io.coppice.os;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Has a signal answered by a method instead of by the JVM. The JDK offers that in {@code sun.misc}
 * alone, whose use the compiler warns of and nothing can silence; so it is found by name.
 */
public final class SignalHandler {
    private SignalHandler() {}

    /**
     * Has a method run, in a thread of its own, each time the process gets a signal. A signal that
     * is ignored from birth, as SIGHUP is under {@code nohup}, stays ignored. Allocates.
     *
     * @param signal without its SIG, as in {@code HUP}
     * @return false where this JVM has it done by nobody
     */
    public static boolean on(final String signal, final Runnable answer) {
        try {
            final Class<?> type = Class.forName("sun.misc.Signal");
            final Class<?> handler = Class.forName("sun.misc.SignalHandler");
            final Object proxy =
                    Proxy.newProxyInstance(
                            handler.getClassLoader(),
                            new Class<?>[] {handler},
                            (object, method, arguments) -> {
                                switch (method.getName()) {
                                    case "handle":
                                        answer.run();
                                        return null;
                                    // The JDK compares handlers too.
                                    case "equals":
                                        return object == arguments[0];
                                    case "hashCode":
                                        return System.identityHashCode(object);
                                    default:
                                        return "answer to SIG" + signal;
                                }
                            });
            type.getMethod("handle", type, handler)
                    .invoke(null, type.getConstructor(String.class).newInstance(signal), proxy);
            return true;
        } catch (final InvocationTargetException refused) {
            // A JVM that was started with -Xrs, or that needs the signal itself.
            return false;
        } catch (final ReflectiveOperationException missing) {
            return false;
        }
    }
}
