package io.coppice.examples.ledger;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;

/** The same ledger in plain collections of one process: what the balances have to be. */
public final class PlainLedger {
    private final Map<Long, Long> balances = new TreeMap<>();
    private final Set<Long> posted = new HashSet<>();
    private final TransferLine line = new TransferLine();
    private long duplicates;
    private long rejected;

    /** Makes a ledger without accounts. */
    public PlainLedger() {}

    /** Posts the transfers of a file, its header first. */
    public void post(final BufferedReader file) throws IOException {
        file.readLine();
        for (String text = file.readLine(); text != null; text = file.readLine()) {
            final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (!line.read(new UnsafeBuffer(bytes), 0, bytes.length)) {
                rejected++;
            } else if (posted.add(line.id())) {
                balances.merge(line.from(), -line.cents(), Long::sum);
                balances.merge(line.to(), line.cents(), Long::sum);
            } else {
                duplicates++;
            }
        }
    }

    /** Returns the balance of each account in cents, by number. */
    public Map<Long, Long> balances() {
        return balances;
    }

    /** Returns how many transfers were posted. */
    public long posted() {
        return posted.size();
    }

    /** Returns how many lines repeated the number of a transfer that was posted. */
    public long duplicates() {
        return duplicates;
    }

    /** Returns how many lines were no transfer. */
    public long rejected() {
        return rejected;
    }
}
