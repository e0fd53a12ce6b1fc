package io.coppice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors, signals and architectures by their names. */
class ErrorNamesTest {
    @Test
    void everyErrnoIsFoundByItsOwnNumber() {
        final Set<Integer> numbers = new HashSet<>();
        for (final Errno errno : Errno.values()) {
            assertEquals(errno, Errno.of(errno.number()));
            assertTrue(numbers.add(errno.number()), errno + " shares its number");
            assertFalse(errno.meaning().isBlank());
        }
        assertEquals(Errno.UNKNOWN, Errno.of(9999));
        assertEquals(Errno.UNKNOWN, Errno.of(0));
    }

    @ParameterizedTest
    @CsvSource({"2, ENOENT", "11, EAGAIN", "28, ENOSPC", "95, EOPNOTSUPP", "110, ETIMEDOUT"})
    void errnoHasTheNumberOfTheKernel(final int number, final Errno errno) {
        assertEquals(errno, Errno.of(number));
    }

    @Test
    void messageIsOneLineWithCallSubjectAndError() {
        final OsException full = new OsException("fallocate", "/dev/shm/a of 10 bytes", 28);
        assertEquals(
                "fallocate /dev/shm/a of 10 bytes: ENOSPC (no space left on device)",
                full.getMessage());
        assertEquals(Errno.ENOSPC, full.errno());

        final OsException unknown = new OsException("kill", 42L, 9999);
        assertEquals("kill 42: errno 9999 (unknown error)", unknown.getMessage());
        assertEquals(Errno.UNKNOWN, unknown.errno());
    }

    @ParameterizedTest
    @CsvSource({
        "1, SIGHUP",
        "2, SIGINT",
        "3, SIGQUIT",
        "6, SIGABRT",
        "9, SIGKILL",
        "11, SIGSEGV",
        "15, SIGTERM",
        "18, SIGCONT",
        "19, SIGSTOP",
        "31, SIGSYS",
        "0, signal 0",
        "32, signal 32",
        "-1, signal -1"
    })
    void signalHasItsName(final int signal, final String name) {
        assertEquals(name, Signals.name(signal));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0", "1, 0", "128, 0", "137, 9", "143, 15", "159, 31", "160, 0", "255, 0", "-1, 0"
    })
    void exitStatusTellsTheSignal(final int status, final int signal) {
        assertEquals(signal, Signals.ofExitStatus(status));
    }

    @Test
    void systemCallNumbersAreKnownForBothArchitectures() {
        assertNotNull(SystemCallNumbers.forArchitecture("amd64"));
        assertEquals(
                SystemCallNumbers.forArchitecture("amd64"),
                SystemCallNumbers.forArchitecture("x86_64"));
        assertEquals(98, SystemCallNumbers.forArchitecture("aarch64").futex());
        assertNull(SystemCallNumbers.forArchitecture("riscv64"));
    }
}
