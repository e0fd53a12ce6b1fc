package io.coppice.txn;

/**
 * Stands for a transaction when a start cache is made: its request names the class whose {@link
 * Transaction#warmUp} it calls. It then ends its process, since the JVM writes the cache at its
 * exit.
 */
public final class RehearsalTransaction implements Transaction {
    @Override
    public void run(final TransactionContext context) throws Exception {
        final String className =
                context.request().getStringWithoutLengthUtf8(0, context.request().capacity());
        Class.forName(className)
                .asSubclass(Transaction.class)
                .getDeclaredConstructor()
                .newInstance()
                .warmUp();
        System.exit(0);
    }
}
