package io.coppice.ring;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A number for what some arenas hold, but for what changes nothing: which incarnation it is, how
 * many recoveries there were, and what lies in a journal that is not in use.
 */
final class ArenaSignature {
    private static final byte[] ZEROES = new byte[1];

    private final Memory[] memories;
    private final ByteBuffer[] bytes;

    ArenaSignature(final Path... files) throws IOException {
        memories = new Memory[files.length];
        bytes = new ByteBuffer[files.length];
        for (int i = 0; i < files.length; i++) {
            memories[i] = MappedFile.readOnly(files[i]);
            try (FileChannel channel = FileChannel.open(files[i], StandardOpenOption.READ)) {
                bytes[i] = channel.map(MapMode.READ_ONLY, 0, channel.size());
            }
        }
    }

    /** Returns the number for what they hold now. */
    long now() {
        long sum = 0;
        for (int i = 0; i < memories.length; i++) {
            final CRC32C crc = new CRC32C();
            final Structure journal = journalOf(memories[i]);
            final int from = journal == null ? bytes[i].capacity() : (int) journal.offset();
            final int length = journal == null ? 0 : (int) journal.bytes();
            final int head = ArenaLayout.RECOVERIES + Long.BYTES;
            crc.update(bytes[i].slice(0, ArenaLayout.ROLLBACKS));
            crc.update(bytes[i].slice(head, from - head));
            if (journal != null && memories[i].getLong(from) != 0) {
                crc.update(bytes[i].slice(from, length));
            } else {
                crc.update(ZEROES);
            }
            crc.update(bytes[i].slice(from + length, bytes[i].capacity() - from - length));
            sum = sum << Integer.SIZE | crc.getValue();
        }
        return sum;
    }

    /** Returns null where none is laid yet, or not whole. */
    private static Structure journalOf(final Memory memory) {
        for (final Structure each : ArenaDirectory.list(memory)) {
            if (each.kind() == StructureKind.JOURNAL) {
                return each;
            }
        }
        return null;
    }
}
