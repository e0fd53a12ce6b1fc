package io.coppice.pool.board;

import io.coppice.pool.Memory;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/** Root's side of a board that lies in a test's memory instead of a file. */
final class MirroredBoard {
    private MirroredBoard() {}

    /** Copies what is there, as each new root does. */
    static BoardWriter of(final Memory memory) {
        final Memory own = Memory.of(Arena.ofAuto().allocate(memory.bytes(), Long.BYTES));
        own.putBytes(0, memory, 0, memory.bytes());
        return new BoardWriter(new BoardMirror(memory, own, null), Path.of(Board.FILE + ".new"));
    }
}
