package io.coppice.root.cli;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.block.BlockPoolReader;
import io.coppice.pool.document.DocumentReader;
import java.util.function.Consumer;

/**
 * Shows documents as JSON, as they were last committed; the key of each is its reference, as
 * decimal digits, or as hexadecimal ones after 0x.
 */
final class StateDocumentsView implements StateView {
    private final String name;
    private final BlockPoolReader pool;
    private final DocumentReader documents;

    StateDocumentsView(final String name, final Memory arena, final Structure body) {
        this.name = name;
        this.pool = BlockPoolReader.attach(body.name(), arena, body.offset(), body.bytes());
        this.documents = DocumentReader.attach(body.name(), arena, body.offset(), body.bytes());
    }

    @Override
    public Fill fill() {
        return Fill.of(pool.size(), pool.highWater(), pool.capacity());
    }

    @Override
    public boolean isKeyed() {
        return true;
    }

    @Override
    public String get(final String key, final boolean json) {
        try {
            return documents.open(Long.decode(key)).toJson();
        } catch (final NumberFormatException noNumber) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    name + ": the keys are references, and \"" + key + "\" is none");
        } catch (final ArenaException | IllegalArgumentException stale) {
            throw new CommandFailure(ExitStatus.NO_SUCH_TREE, stale.getMessage());
        }
    }

    @Override
    public void forEachJson(final Consumer<String> lines) {
        for (int block = 0; block < documents.capacity(); block++) {
            final long reference = documents.referenceAt(block);
            if (reference != 0) {
                lines.accept(
                        "{\""
                                + StateKeys.KEY
                                + "\":"
                                + reference
                                + ",\"document\":"
                                + documents.open(reference).toJson()
                                + "}");
            }
        }
    }
}
