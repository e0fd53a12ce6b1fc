package io.coppice.root.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coppice state get}: one record, by the names of its fields. */
@Command(
        name = "get",
        description = "Prints a record or a value of an arena as it was last committed.",
        mixinStandardHelpOptions = true)
final class StateGetCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "TREE/DAEMON/STRUCTURE[/KEY]",
            description = "The record, as in ledger/ledger/accounts/42, or FILE:STRUCTURE/KEY.")
    private String target;

    @Option(names = "--json", description = "Prints a JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        final StateTarget named = StateTarget.ofStructure(target);
        final StateView view = StateView.of(named, named.structure());
        if (named.key() == null && view.isKeyed()) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "\""
                            + target
                            + "\" names no key; \"coppice state export "
                            + target
                            + "\" prints all records");
        }
        System.out.println(view.get(named.key(), json));
        return ExitStatus.DONE;
    }
}
