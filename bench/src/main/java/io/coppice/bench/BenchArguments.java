package io.coppice.bench;

import io.coppice.root.manifest.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The command line.
 *
 * @param names of the benches to run, each once, in the order given; all where none is given
 * @param quick whether few rounds are enough
 * @param help whether only the usage is wanted
 */
record BenchArguments(List<String> names, boolean quick, boolean help) {
    /**
     * Reads a command line.
     *
     * @param known names of all benches
     * @throws BenchFailure with {@link BenchFailure#USAGE} for anything unknown
     */
    static BenchArguments parse(final String[] args, final List<String> known) {
        final Set<String> names = new LinkedHashSet<>();
        boolean quick = false;
        boolean help = false;
        for (final String arg : args) {
            switch (arg) {
                case "--quick":
                    quick = true;
                    break;
                case "-h":
                case "--help":
                    help = true;
                    break;
                default:
                    names.add(known(arg, known));
                    break;
            }
        }
        return new BenchArguments(names.isEmpty() ? known : new ArrayList<>(names), quick, help);
    }

    private static String known(final String arg, final List<String> known) {
        if (arg.startsWith("-")) {
            throw new BenchFailure(
                    BenchFailure.USAGE,
                    "bench has no option " + arg + "; there are --quick and --help");
        }
        if (!known.contains(arg)) {
            throw new BenchFailure(
                    BenchFailure.USAGE,
                    "there is no bench \""
                            + arg
                            + "\" among "
                            + String.join(", ", known)
                            + "; "
                            + Nearest.of(arg, known)
                                    .map(near -> "did you mean \"" + near + "\"?")
                                    .orElse("name one of these, or none for all"));
        }
        return arg;
    }
}
