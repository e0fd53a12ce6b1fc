package io.coppice.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.ParameterizedMessageFactory;
import org.junit.jupiter.api.Test;

class BraceMessageTest {
    private final Throwable thrown = new IllegalStateException("why");

    @Test
    void formatsAsLog4jDoes() {
        final List<String> patterns =
                List.of(
                        "",
                        "no brace",
                        "{}",
                        "{} {}",
                        "a {} b {} c {}",
                        "{",
                        "}",
                        "{{}}",
                        "\\{} {}",
                        "{}\\",
                        "{ }",
                        "\u20ac {}{}");
        final List<Object[]> arguments =
                List.of(
                        new Object[] {},
                        new Object[] {1},
                        new Object[] {null, "b"},
                        new Object[] {"a", 2L, 'c', 4},
                        new Object[] {new int[] {1, 2}, new String[] {"x", null}},
                        new Object[] {List.of(1, 2), thrown},
                        new Object[] {thrown});
        for (final String pattern : patterns) {
            for (final Object[] each : arguments) {
                final Message expected =
                        ParameterizedMessageFactory.INSTANCE.newMessage(pattern, each);
                final BraceMessage message = new BraceMessage(pattern, each);
                assertEquals(
                        expected.getFormattedMessage(), message.getFormattedMessage(), pattern);
                assertSame(expected.getThrowable(), message.getThrowable(), pattern);
            }
        }
    }

    @Test
    void anArgumentThatCannotSayWhatItIsDoesNotTakeTheLineWithIt() {
        final Object silent =
                new Object() {
                    @Override
                    public String toString() {
                        throw new IllegalStateException();
                    }
                };
        final String text = new BraceMessage("x {} y", silent).getFormattedMessage();
        assertEquals(
                "x [a "
                        + silent.getClass().getName()
                        + " whose toString() failed: java.lang.IllegalStateException] y",
                text);
    }
}
