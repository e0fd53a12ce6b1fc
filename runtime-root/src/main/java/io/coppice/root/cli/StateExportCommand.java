package io.coppice.root.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coppice state export}: all records of a structure, a JSON object a line. */
@Command(
        name = "export",
        description =
                "Prints everything in a structure as JSON lines, records with their keys as $key.",
        mixinStandardHelpOptions = true)
final class StateExportCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "TREE/DAEMON/STRUCTURE",
            description = "The structure, as in ledger/ledger/accounts, or FILE:STRUCTURE.")
    private String target;

    @Override
    public Integer call() {
        final StateTarget named = StateTarget.ofStructure(target);
        final StateView view = StateView.of(named, named.structure());
        // System.out writes out every line by itself.
        final PrintStream out =
                new PrintStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
                        false,
                        StandardCharsets.UTF_8);
        view.forEachJson(out::println);
        out.flush();
        return out.checkError() ? ExitStatus.OS_REFUSED : ExitStatus.DONE;
    }
}
