package io.coppice.pool.board;

import io.coppice.pool.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Root's side of a board that lies in a test's memory instead of a file. */
final class MirroredBoard {
    private MirroredBoard() {}

    /** Copies what is there, as each new root does. */
    static BoardWriter of(final Memory memory) {
        final byte[] bytes = new byte[(int) memory.bytes()];
        memory.getBytes(0, bytes, 0, bytes.length);
        final MemorySegment own = Arena.ofAuto().allocate(bytes.length, Long.BYTES);
        // Not through Memory, which would count each of these stores as one to die at.
        own.copyFrom(MemorySegment.ofArray(bytes));
        return new BoardWriter(
                new BoardMirror(memory, Memory.of(own), null), Path.of(Board.FILE + ".new"));
    }
}
