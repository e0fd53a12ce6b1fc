package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Classes made for the purpose show that each rule bites, and that none bites the innocent. */
final class ArchitectureRulesTest {

    @ParameterizedTest
    @CsvSource({
        "LIB_POOL, io.coppice.pool.Arena, io.coppice.os.Futex",
        "RUNTIME_DAEMON, io.coppice.daemon.Daemon, io.coppice.txn.Transaction",
        "RUNTIME_ROOT, io.coppice.root.loop.Loop, io.coppice.log.CrashReport",
        "RUNTIME_ROOT, io.coppice.root.manifest.Parser, com.fasterxml.jackson.core.JsonParser",
        "LIB_OS, io.coppice.os.linux.Calls, java.lang.foreign.Linker",
        "LIB_POOL, io.coppice.pool.Region, java.lang.foreign.MemorySegment",
        "LIB_POOL, io.coppice.pool.Commonality, java.lang.String",
    })
    void acceptsWhatTheDesignAllows(Module module, String name, String used) {
        assertEquals(List.of(), ArchitectureRules.violations(using(module, name, used)));
    }

    @ParameterizedTest
    @CsvSource({
        "LIB_OS, io.coppice.os.Futex, io.coppice.pool.Arena, must not use",
        "RUNTIME_TXN, io.coppice.txn.Worker, io.coppice.daemon.Daemon, must not use",
        "RUNTIME_ROOT, io.coppice.root.Spawner, io.coppice.daemon.Daemon, must not use",
        "RUNTIME_ROOT, io.coppice.root.Spawner, io.coppice.txn.Worker, must not use",
        "EXAMPLE_CATALOG, io.coppice.examples.catalog.X, io.coppice.root.Spawner, must not use",
        "LIB_OS, io.coppice.os.Futex, io.coppice.elsewhere.Thing, belongs to no module",
        "LIB_OS, io.coppice.pool.Stray, java.lang.String, does not belong to lib-os",
        "LIB_OS, io.coppice.osmosis.Stray, java.lang.String, does not belong to lib-os",
        "LIB_POOL, io.coppice.pool.Calls, java.lang.foreign.Linker, only lib-os",
        "LIB_POOL, io.coppice.pool.Calls, java.lang.foreign.Linker$Option, only lib-os",
        "RUNTIME_ROOT, io.coppice.root.loop.A, com.fasterxml.jackson.core.JsonParser, loop may not",
        "RUNTIME_ROOT, io.coppice.root.loop.in.A, picocli.CommandLine, loop may not",
        "RUNTIME_ROOT, io.coppice.root.loop.A, org.apache.logging.log4j.Logger, loop may not",
        "LIB_OS, io.coppice.os.util.Futex, java.lang.String, says nothing",
        "LIB_OS, io.coppice.os.FutexImpl, java.lang.String, says nothing",
        "LIB_OS, io.coppice.os.CommonCalls, java.lang.String, says nothing",
        "LIB_OS, io.coppice.os.Futex$WaitManager, java.lang.String, says nothing",
    })
    void reportsWhatTheDesignForbids(Module module, String name, String used, String complaint) {
        List<String> violations = ArchitectureRules.violations(using(module, name, used));
        assertEquals(1, violations.size(), violations::toString);
        assertTrue(violations.get(0).contains(complaint), violations::toString);
    }

    @Test
    void reportsPrintingOutsideTheCommandLine() {
        assertEquals(
                List.of(),
                ArchitectureRules.violations(printing(Module.BENCH, "io.coppice.bench.Bench")));
        List<String> violations =
                ArchitectureRules.violations(printing(Module.LIB_OS, "io.coppice.os.Futex"));
        assertEquals(1, violations.size(), violations::toString);
        assertTrue(violations.get(0).contains("System.out"), violations::toString);
    }

    private static ClassFacts using(Module module, String name, String used) {
        byte[] bytes =
                ClassFile.of()
                        .build(
                                ClassDesc.of(name),
                                type ->
                                        type.withField(
                                                "used",
                                                ClassDesc.of(used),
                                                AccessFlag.FINAL.mask()));
        return ClassFacts.read(module, bytes);
    }

    private static ClassFacts printing(Module module, String name) {
        ClassDesc printStream = ClassDesc.of("java.io.PrintStream");
        byte[] bytes =
                ClassFile.of()
                        .build(
                                ClassDesc.of(name),
                                type ->
                                        type.withMethodBody(
                                                "print",
                                                MethodTypeDesc.of(ConstantDescs.CD_void),
                                                AccessFlag.STATIC.mask(),
                                                code ->
                                                        code.getstatic(
                                                                        ClassDesc.of(
                                                                                "java.lang.System"),
                                                                        "out",
                                                                        printStream)
                                                                .pop()
                                                                .return_()));
        return ClassFacts.read(module, bytes);
    }
}
