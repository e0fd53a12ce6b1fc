package io.coppice.system;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The rules of the tree's modules, as one pure function from a class to what is wrong with it. */
final class ArchitectureRules {
    /** Root's loop runs without these: no parser, no logging framework, no command line. */
    private static final List<String> BANNED_IN_ROOT_LOOP =
            List.of("com.fasterxml.jackson.", "tools.jackson.", "org.apache.logging.", "picocli.");

    /** A name that says nothing: whatever bears it becomes a drawer for everything. */
    private static final Set<String> BANNED_WORDS =
            Set.of("util", "utils", "common", "impl", "manager", "helper", "helpers");

    /**
     * Packages that may print; everyone else logs. Extend this list only with a reason beside it.
     */
    private static final List<String> MAY_PRINT =
            List.of(
                    "io.coppice.root.cli",
                    "io.coppice.bench",
                    // Root has no logging framework: its standard error is its log. So has a
                    // process that cannot start.
                    "io.coppice.root.loop",
                    "io.coppice.daemon.DaemonMain",
                    "io.coppice.txn.TransactionMain");

    /** Classes outside lib-os that may call native code; extend it only with a reason beside it. */
    private static final Set<String> MAY_LINK =
            Set.of(
                    // A baseline to compare with: what it calls is no part of the runtime.
                    "io.coppice.bench.PthreadMutex");

    private ArchitectureRules() {}

    /** One line for each rule that the class breaks; empty when it keeps them all. */
    static List<String> violations(ClassFacts facts) {
        List<String> found = new ArrayList<>();
        checkPlace(facts, found);
        checkArrows(facts, found);
        checkName(facts, found);
        if (facts.module() != Module.LIB_OS && !MAY_LINK.contains(facts.name())) {
            for (String used : facts.used()) {
                if (isLinker(used)) {
                    found.add(facts.name() + ": uses " + used + ", which only lib-os may");
                }
            }
        }
        if (facts.isIn("io.coppice.root.loop")) {
            for (String used : facts.used()) {
                if (BANNED_IN_ROOT_LOOP.stream().anyMatch(used::startsWith)) {
                    found.add(facts.name() + ": uses " + used + ", which root's loop may not");
                }
            }
        }
        if (facts.standardStreams()
                && MAY_PRINT.stream()
                        .noneMatch(place -> facts.isIn(place) || facts.name().equals(place))) {
            found.add(facts.name() + ": prints to System.out or System.err; log, or throw");
        }
        return found;
    }

    private static void checkPlace(ClassFacts facts, List<String> found) {
        if (!facts.module().owns(facts.name()) && !facts.name().equals("module-info")) {
            found.add(facts.name() + ": its package does not belong to " + facts.module().folder());
        }
    }

    private static void checkArrows(ClassFacts facts, List<String> found) {
        for (String used : facts.used()) {
            if (!used.startsWith("io.coppice.") || used.equals(facts.name())) {
                continue;
            }
            Module owner = null;
            for (Module module : Module.values()) {
                owner = module.owns(used) ? module : owner;
            }
            if (owner == null) {
                found.add(facts.name() + ": uses " + used + ", which belongs to no module");
            } else if (!facts.module().mayUse(owner)) {
                found.add(
                        "%s: uses %s, but %s must not use %s"
                                .formatted(
                                        facts.name(),
                                        used,
                                        facts.module().folder(),
                                        owner.folder()));
            }
        }
    }

    private static void checkName(ClassFacts facts, List<String> found) {
        // Packages are lower case and split at dots; class names split at each capital as well.
        for (String word : facts.name().split("[.$]|(?<=[a-z0-9])(?=[A-Z])", -1)) {
            if (BANNED_WORDS.contains(word.toLowerCase(Locale.ROOT))) {
                found.add(facts.name() + ": \"" + word + "\" says nothing; name what it does");
            }
        }
    }

    private static boolean isLinker(String className) {
        return className.equals("java.lang.foreign.Linker")
                || className.startsWith("java.lang.foreign.Linker$");
    }
}
