package io.coppice.root.manifest;

import static io.coppice.root.manifest.ManifestFixture.MIB;
import static io.coppice.root.manifest.ManifestFixture.REQUIRED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory that is too small for its purpose or too large for the machine. */
final class BudgetErrorsTest {
    private static final String TWO =
            ManifestFixture.manifest(
                    "'a': {" + REQUIRED + "}, 'b': {" + REQUIRED.replace("1 MiB", "2 MiB") + "}");
    private static final String SUM =
            "m.json: $.daemons: 3 MiB of memory in all (a 1 MiB + b 2 MiB) is more than the ";

    @TempDir Path temp;
    private ManifestFixture fixture;

    @BeforeEach
    void makeFixture() {
        fixture = new ManifestFixture(temp);
    }

    @Test
    void rejectsArenaWithoutRoomForStructures() {
        assertEquals(
                List.of(
                        "m.json: $.daemons.scan.memory: \"1 MiB\" is too small: header, journals"
                                + " and slots take 1 MiB and structures at least 64 KiB; write at"
                                + " least \"2 MiB\""),
                fixture.fixedBytes(MIB).errors(ManifestFixture.scan("")));
    }

    @Test
    void acceptsArenaThatJustSuffices() throws ManifestException {
        fixture.fixedBytes(MIB - ManifestLimits.STRUCTURES_BYTES_MIN);
        assertEquals(MIB, fixture.parseScan(ManifestFixture.scan("")).memoryBytes());
    }

    @Test
    void rejectsMoreThanTheFileSystemHolds() {
        assertEquals(
                List.of(
                        SUM
                                + "2.5 MiB of the file system of /run/coppice; lower a daemon's"
                                + " memory, or set COPPICE_RUN to a folder on a larger one"),
                fixture.on(4 * MIB, 5 * MIB / 2).errors(TWO));
    }

    @Test
    void rejectsMoreThanTheMachineHas() {
        assertEquals(
                List.of(SUM + "2 MiB of this machine; lower a daemon's memory"),
                fixture.on(2 * MIB, 3 * MIB).errors(TWO));
    }

    @Test
    void countsArenasOnDiskApart() throws ManifestException {
        final String disk = TWO.replaceFirst("'memory'", "'storage': 'disk', 'memory'");
        assertEquals(2, fixture.on(2 * MIB, 2 * MIB).parse(disk).daemons().size());
        assertEquals(
                List.of(
                        "m.json: $.daemons: 2 MiB of memory in all (b 2 MiB) is more than the 1 MiB of"
                                + " the file system of /run/coppice; lower a daemon's memory, or set"
                                + " COPPICE_RUN to a folder on a larger one"),
                fixture.on(2 * MIB, MIB).errors(disk));
    }

    @Test
    void acceptsExactlyWhatTheMachineHas() throws ManifestException {
        assertEquals(2, fixture.on(3 * MIB, 3 * MIB).parse(TWO).daemons().size());
    }

    @Test
    void saysWhatKeepsTheMachineFromBeingAsked() {
        final Machine silent =
                new Machine() {
                    @Override
                    public long memoryBytes() {
                        return 1;
                    }

                    @Override
                    public Path runDirectory() {
                        return Path.of("/run/coppice");
                    }

                    @Override
                    public long runStoreBytes() throws IOException {
                        throw new IOException("no such store");
                    }

                    @Override
                    public Path stateDirectory() {
                        return Path.of("/var/lib/coppice");
                    }

                    @Override
                    public long stateStoreBytes() {
                        return 1;
                    }
                };
        assertEquals(
                List.of(
                        "m.json: $.daemons: cannot compare with the machine's memory: no such"
                                + " store; check that /run/coppice can be created"),
                fixture.on(silent).errors(TWO));
    }
}
