package io.coppice.root.cli;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaException;
import io.coppice.pool.JournalFullException;
import io.coppice.pool.StructureFullException;
import io.coppice.pool.plan.DaemonPlan;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coppice state import}: stores what {@code state export} printed. */
@Command(
        name = "import",
        description = {
            "Stores records from JSON lines, each with its key as $key, in a tree that is stopped.",
            "A record whose key is there already is replaced. Each line is a transaction: where one is"
                    + " refused, those before it stand."
        },
        mixinStandardHelpOptions = true)
final class StateImportCommand implements Callable<Integer> {
    private static final int PARTS = 3;

    @Parameters(
            index = "0",
            paramLabel = "TREE/DAEMON/STRUCTURE",
            description = "The table, as in ledger/ledger/accounts.")
    private String target;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "The lines; standard input where it is missing.")
    private Path file;

    @Override
    public Integer call() throws IOException {
        final String[] parts = target.split("/", PARTS);
        if (parts.length < PARTS) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "\""
                            + target
                            + "\" is not TREE/DAEMON/STRUCTURE, as in ledger/ledger/accounts");
        }
        final TreeView tree = Trees.find(parts[0]);
        final DaemonPlan daemon = Trees.daemon(tree, parts[1]);
        try (BufferedReader lines = new BufferedReader(open());
                StoppedArena arena = StoppedArena.open(tree, daemon)) {
            if (ArenaDirectory.find(arena.memory(), parts[2]) == null) {
                throw new CommandFailure(
                        ExitStatus.NO_SUCH_TREE,
                        tree.name()
                                + "/"
                                + daemon.name()
                                + " has no structure \""
                                + parts[2]
                                + "\"; \"coppice state ls\" shows what there is");
            }
            store(lines, StateImport.into(arena, parts[2]));
        }
        return ExitStatus.DONE;
    }

    private Reader open() throws IOException {
        try {
            return file == null
                    ? new InputStreamReader(
                            new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8)
                    : Files.newBufferedReader(file);
        } catch (final NoSuchFileException missing) {
            throw new CommandFailure(ExitStatus.BAD_DATA, file + ": there is no such file");
        }
    }

    private void store(final BufferedReader lines, final StateImport into) throws IOException {
        long number = 0;
        long stored = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                into.store(line);
            } catch (final IllegalArgumentException
                    | StructureFullException
                    | JournalFullException
                    | ArenaException refused) {
                throw new CommandFailure(
                        ExitStatus.BAD_DATA,
                        (file == null ? "standard input" : file.toString())
                                + ", line "
                                + number
                                + ": "
                                + refused.getMessage()
                                + "; "
                                + stored
                                + " records before it are stored");
            }
            stored++;
        }
        System.out.println(target + ": " + stored + " records stored");
    }
}
