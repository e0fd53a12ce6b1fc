package io.coppice.log;

import java.net.URI;
import org.apache.logging.log4j.spi.LoggerContext;
import org.apache.logging.log4j.spi.LoggerContextFactory;

/** Hands out the one context of the process, whoever asks. */
final class TreeLogContextFactory implements LoggerContextFactory {
    private final LoggerContext context =
            new TreeLogContext(System.getProperty(TreeLog.LEVEL_PROPERTY));

    @Override
    public LoggerContext getContext(
            final String caller,
            final ClassLoader loader,
            final Object external,
            final boolean current) {
        return context;
    }

    @Override
    public LoggerContext getContext(
            final String caller,
            final ClassLoader loader,
            final Object external,
            final boolean current,
            final URI configuration,
            final String name) {
        return context;
    }

    @Override
    public void removeContext(final LoggerContext removed) {
        // The context lives as long as the process.
    }

    @Override
    public boolean isClassLoaderDependent() {
        return false;
    }
}
