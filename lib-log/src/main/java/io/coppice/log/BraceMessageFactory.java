package io.coppice.log;

import org.apache.logging.log4j.message.AbstractMessageFactory;
import org.apache.logging.log4j.message.Message;

/** Makes {@link BraceMessage}s. */
final class BraceMessageFactory extends AbstractMessageFactory {
    static final BraceMessageFactory INSTANCE = new BraceMessageFactory();

    private static final long serialVersionUID = 1L;

    private BraceMessageFactory() {}

    @Override
    public Message newMessage(final String message, final Object... arguments) {
        return new BraceMessage(message, arguments);
    }
}
