package io.coppice.root.cli;

import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.block.BlockPoolReader;
import java.util.function.Consumer;

/** Shows how many blocks of a pool are in use; what is in them only their users know. */
final class StateBlocksView implements StateView {
    private final String name;
    private final BlockPoolReader pool;

    StateBlocksView(final String name, final Memory arena, final Structure body) {
        this.name = name;
        this.pool = BlockPoolReader.attach(body.name(), arena, body.offset(), body.bytes());
    }

    @Override
    public Fill fill() {
        return Fill.of(pool.size(), pool.highWater(), pool.capacity());
    }

    @Override
    public boolean isKeyed() {
        return false;
    }

    @Override
    public String get(final String key, final boolean json) {
        if (key != null) {
            throw new CommandFailure(ExitStatus.USAGE, name + " keeps blocks, which have no keys");
        }
        return json
                ? "{\"inUse\":"
                        + pool.size()
                        + ",\"highWater\":"
                        + pool.highWater()
                        + ",\"blocks\":"
                        + pool.capacity()
                        + ",\"blockBytes\":"
                        + pool.blockBytes()
                        + "}"
                : pool.size()
                        + " of "
                        + pool.capacity()
                        + " blocks of "
                        + pool.blockBytes()
                        + " bytes in use, at most "
                        + pool.highWater();
    }

    @Override
    public void forEachJson(final Consumer<String> lines) {
        lines.accept(get(null, true));
    }
}
