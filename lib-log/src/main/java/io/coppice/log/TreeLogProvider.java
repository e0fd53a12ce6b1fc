package io.coppice.log;

import org.apache.logging.log4j.spi.LoggerContextFactory;
import org.apache.logging.log4j.spi.Provider;

/**
 * What {@code LogManager} finds through {@code META-INF/services}. Log4j's core would cost every
 * process a quarter of a second of start-up; this provider costs what loading the API costs.
 */
public final class TreeLogProvider extends Provider {
    /**
     * Below that of Log4j's core (10), so that an application which brings core along gets core.
     */
    private static final int PRIORITY = 5;

    /** Makes the provider; called by the service loader. */
    public TreeLogProvider() {
        super(PRIORITY, CURRENT_VERSION);
    }

    @Override
    public LoggerContextFactory getLoggerContextFactory() {
        return Context.FACTORY;
    }

    /** Made when the first logger is asked for. */
    private static final class Context {
        static final LoggerContextFactory FACTORY = new TreeLogContextFactory();
    }
}
