package io.coppice.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * SQLite in memory, by JDBC: prepared updates, the key being the row's number. It guarantees that a
 * transfer stands as a whole or is rolled back; nobody else sees the state, which is gone with the
 * process.
 */
final class SqliteTransfers extends TransferWork {
    private final Connection connection;
    private final PreparedStatement update;

    SqliteTransfers() throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=MEMORY");
            statement.execute("PRAGMA synchronous=OFF");
            statement.execute("PRAGMA locking_mode=EXCLUSIVE");
            statement.execute(
                    "CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL,"
                            + " count INTEGER NOT NULL)");
        }
        connection.setAutoCommit(false);
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO account VALUES (?, 0, 0)")) {
            for (final long key : keys()) {
                insert.setLong(1, key);
                insert.executeUpdate();
            }
        }
        connection.commit();
        update =
                connection.prepareStatement(
                        "UPDATE account SET balance = balance + ?, count = count + 1 WHERE id = ?");
    }

    @Override
    void transfer(final long from, final long to, final long amount) throws SQLException {
        add(from, -amount);
        add(to, amount);
        connection.commit();
    }

    private void add(final long key, final long amount) throws SQLException {
        update.setLong(1, amount);
        update.setLong(2, key);
        if (update.executeUpdate() != 1) {
            throw new BenchFailure(BenchFailure.BUG, "there is no account " + key);
        }
    }

    @Override
    long balance(final long key) throws SQLException {
        return query("SELECT balance FROM account WHERE id = " + key);
    }

    @Override
    long count(final long key) throws SQLException {
        return query("SELECT count FROM account WHERE id = " + key);
    }

    private long query(final String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }
}
