package io.coppice.root.cli;

import io.coppice.pool.Structure;
import java.util.Locale;
import java.util.function.Consumer;

/** Stands for a structure whose bytes mean something only to the runtime, or to the daemon. */
final class StateBytesView implements StateView {
    private final String name;
    private final Structure body;

    StateBytesView(final String name, final Structure body) {
        this.name = name;
        this.body = body;
    }

    @Override
    public Fill fill() {
        return Fill.NONE;
    }

    @Override
    public boolean isKeyed() {
        return true;
    }

    @Override
    public String get(final String key, final boolean json) {
        throw unreadable();
    }

    @Override
    public void forEachJson(final Consumer<String> lines) {
        throw unreadable();
    }

    private CommandFailure unreadable() {
        return new CommandFailure(
                ExitStatus.USAGE,
                name
                        + " is a "
                        + body.kind().toString().toLowerCase(Locale.ROOT)
                        + " without records that could be told apart; \"coppice state ls\" shows which"
                        + " have a record");
    }
}
