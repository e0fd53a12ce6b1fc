package io.coppice.log;

import java.util.Arrays;
import org.apache.logging.log4j.message.Message;

/**
 * A text with {@code {}} for each argument, as Log4j's own {@code ParameterizedMessage} formats it;
 * that one loads the time zones of the JDK, which costs a process 10 ms of its first log line.
 */
final class BraceMessage implements Message {
    private static final long serialVersionUID = 1L;
    private static final char ESCAPE = '\\';

    private final String pattern;
    private final transient Object[] arguments;
    private final String text;

    BraceMessage(final String pattern, final Object... arguments) {
        this.pattern = pattern;
        this.arguments = arguments;
        this.text = format(pattern, arguments);
    }

    @Override
    public String getFormattedMessage() {
        return text;
    }

    @Override
    public Object[] getParameters() {
        return arguments;
    }

    /** Returns the last argument where it is a throwable that no brace takes. */
    @Override
    public Throwable getThrowable() {
        if (arguments == null || arguments.length == 0 || pattern == null) {
            return null;
        }
        final Object last = arguments[arguments.length - 1];
        return last instanceof Throwable thrown && braces(pattern) < arguments.length
                ? thrown
                : null;
    }

    private static String format(final String pattern, final Object[] arguments) {
        if (pattern == null || arguments == null) {
            return String.valueOf(pattern);
        }
        final StringBuilder text = new StringBuilder(pattern.length() + 32);
        int next = 0;
        for (int i = 0; i < pattern.length(); i++) {
            if (isEscapedBrace(pattern, i)) {
                text.append("{}");
                i += 2;
            } else if (isBrace(pattern, i) && next < arguments.length) {
                append(text, arguments[next++]);
                i++;
            } else {
                text.append(pattern.charAt(i));
            }
        }
        return text.toString();
    }

    private static int braces(final String pattern) {
        int count = 0;
        for (int i = 0; i < pattern.length(); i++) {
            if (isEscapedBrace(pattern, i)) {
                i += 2;
            } else if (isBrace(pattern, i)) {
                count++;
                i++;
            }
        }
        return count;
    }

    private static boolean isBrace(final String pattern, final int at) {
        return pattern.startsWith("{}", at);
    }

    private static boolean isEscapedBrace(final String pattern, final int at) {
        return pattern.charAt(at) == ESCAPE && isBrace(pattern, at + 1);
    }

    /** An argument that cannot say what it is must not take the line with it. */
    private static void append(final StringBuilder text, final Object argument) {
        try {
            if (argument instanceof Object[] array) {
                text.append(Arrays.deepToString(array));
            } else if (argument != null && argument.getClass().isArray()) {
                final String boxed = Arrays.deepToString(new Object[] {argument});
                text.append(boxed, 1, boxed.length() - 1);
            } else {
                text.append(argument);
            }
        } catch (final RuntimeException silent) {
            text.append("[a ")
                    .append(argument.getClass().getName())
                    .append(" whose toString() failed: ");
            text.append(silent.getClass().getName()).append(']');
        }
    }
}
