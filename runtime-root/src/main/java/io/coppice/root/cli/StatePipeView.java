package io.coppice.root.cli;

import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.pipe.PipeReader;
import java.util.function.Consumer;

/** Shows how many messages a pipe holds; what is in them only their readers know. */
final class StatePipeView implements StateView {
    private final String name;
    private final PipeReader pipe;

    StatePipeView(final String name, final Memory arena, final Structure body) {
        this.name = name;
        this.pipe = PipeReader.attach(body.name(), arena, body.offset(), body.bytes());
    }

    @Override
    public Fill fill() {
        return new Fill(Integer.toString(pipe.ready()), "-", Integer.toString(pipe.capacity()));
    }

    @Override
    public boolean isKeyed() {
        return false;
    }

    @Override
    public String get(final String key, final boolean json) {
        if (key != null) {
            throw new CommandFailure(
                    ExitStatus.USAGE, name + " keeps messages, which have no keys");
        }
        return json
                ? "{\"ready\":"
                        + pipe.ready()
                        + ",\"offered\":"
                        + pipe.offered()
                        + ",\"polled\":"
                        + pipe.polled()
                        + ",\"capacity\":"
                        + pipe.capacity()
                        + ",\"messageBytesMax\":"
                        + pipe.messageBytesMax()
                        + "}"
                : pipe.ready()
                        + " messages of "
                        + pipe.capacity()
                        + " ready, "
                        + pipe.offered()
                        + " offered and "
                        + pipe.polled()
                        + " polled by transactions under way, of at most "
                        + pipe.messageBytesMax()
                        + " bytes each";
    }

    @Override
    public void forEachJson(final Consumer<String> lines) {
        lines.accept(get(null, true));
    }
}
