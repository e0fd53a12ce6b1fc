package io.coppice.system;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** The modules of the tree, each with the one package it owns and the modules it may use. */
enum Module {
    LIB_OS("lib-os", "io.coppice.os"),
    LIB_POOL("lib-pool", "io.coppice.pool", LIB_OS),
    LIB_RING("lib-ring", "io.coppice.ring", LIB_OS, LIB_POOL),
    LIB_LOG("lib-log", "io.coppice.log", LIB_OS, LIB_POOL, LIB_RING),
    RUNTIME_TXN("runtime-txn", "io.coppice.txn", LIB_OS, LIB_POOL, LIB_RING, LIB_LOG),
    RUNTIME_DAEMON(
            "runtime-daemon",
            "io.coppice.daemon",
            LIB_OS,
            LIB_POOL,
            LIB_RING,
            LIB_LOG,
            RUNTIME_TXN),
    /** Root knows a daemon as a class name: it uses the libraries and never the other runtimes. */
    RUNTIME_ROOT("runtime-root", "io.coppice.root", LIB_OS, LIB_POOL, LIB_RING, LIB_LOG),
    EXAMPLE_CATALOG(
            "examples/catalog",
            "io.coppice.examples.catalog",
            LIB_OS,
            LIB_POOL,
            LIB_RING,
            LIB_LOG,
            RUNTIME_TXN,
            RUNTIME_DAEMON),
    EXAMPLE_LEDGER(
            "examples/ledger",
            "io.coppice.examples.ledger",
            LIB_OS,
            LIB_POOL,
            LIB_RING,
            LIB_LOG,
            RUNTIME_TXN,
            RUNTIME_DAEMON),
    EXAMPLE_PIPELINE(
            "examples/pipeline",
            "io.coppice.examples.pipeline",
            LIB_OS,
            LIB_POOL,
            LIB_RING,
            LIB_LOG,
            RUNTIME_TXN,
            RUNTIME_DAEMON),
    BENCH(
            "bench",
            "io.coppice.bench",
            LIB_OS,
            LIB_POOL,
            LIB_RING,
            LIB_LOG,
            RUNTIME_TXN,
            RUNTIME_DAEMON,
            RUNTIME_ROOT,
            EXAMPLE_CATALOG);

    private final String folder;
    private final String packageName;

    // Written once, by the constructor, and never handed out.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Module[] allowed;

    Module(String folder, String packageName, Module... allowed) {
        this.folder = folder;
        this.packageName = packageName;
        this.allowed = allowed;
    }

    /** The module's folder, relative to the checkout. */
    String folder() {
        return folder;
    }

    /** Whether this module alone may hold a class of that name; the name has dots. */
    boolean owns(String className) {
        return className.startsWith(packageName + ".");
    }

    /** Whether a class of this module may name a class of that one. */
    boolean mayUse(Module other) {
        Set<Module> reachable = EnumSet.of(this);
        reachable.addAll(Set.of(allowed));
        return reachable.contains(other);
    }

    /** Where the compiled classes of this module are. */
    Path classes(Path home) {
        return home.resolve(folder).resolve("target/classes");
    }

    /** Where the sources of this module are. */
    Path sources(Path home) {
        return home.resolve(folder).resolve("src/main/java");
    }
}
