package io.coppice.root.cli;

import io.coppice.pool.ArenaInvariants;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coppice state verify}: walks everything in an arena and names what is broken. */
@Command(
        name = "verify",
        description = {
            "Checks every invariant of an arena; prints one line for each that is broken and ends with"
                    + " 65 then.",
            "What a living daemon is changing at this moment may look broken: check it twice, or"
                    + " stopped."
        },
        mixinStandardHelpOptions = true)
final class StateVerifyCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "TREE[/DAEMON]|FILE",
            description = "The tree, one of its daemons, or the file of an arena.")
    private String target;

    @Override
    public Integer call() {
        boolean sound = true;
        for (final StateTarget each : StateTarget.parse(target)) {
            final List<String> wrong = ArenaInvariants.check(each.arena());
            wrong.forEach(line -> System.out.println(each.label() + ": " + line));
            if (wrong.isEmpty()) {
                System.out.println(each.label() + ": sound");
            }
            sound &= wrong.isEmpty();
        }
        return sound ? ExitStatus.DONE : ExitStatus.BAD_DATA;
    }
}
