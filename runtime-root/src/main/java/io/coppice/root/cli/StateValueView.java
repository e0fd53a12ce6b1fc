package io.coppice.root.cli;

import com.fasterxml.jackson.databind.node.TextNode;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.Structure;
import io.coppice.pool.cell.CellKind;
import io.coppice.pool.cell.CellReader;
import io.coppice.pool.cell.Counter;
import io.coppice.pool.lock.LockReader;
import java.util.function.Consumer;

/** Shows a structure that is one value: a cell, a counter, a lock. */
final class StateValueView implements StateView {
    private final String name;
    private final String text;
    private final String json;

    private StateValueView(final String name, final String text, final String json) {
        this.name = name;
        this.text = text;
        this.json = "{\"value\":" + json + "}";
    }

    static StateView ofCell(final String name, final Memory arena, final Structure body) {
        final CellReader cell = CellReader.attach(body.name(), arena, body.offset(), body.bytes());
        if (cell.kind() == CellKind.TEXT) {
            final String text = new TextNode(cell.getString()).toString();
            return new StateValueView(name, text, text);
        }
        if (cell.kind() == CellKind.DOUBLE) {
            final double value = cell.getDouble();
            final String number = Double.toString(value);
            return new StateValueView(
                    name, number, Double.isFinite(value) ? number : "\"" + number + "\"");
        }
        final String number = Long.toString(cell.getLong());
        return new StateValueView(name, number, number);
    }

    static StateView ofCounter(final String name, final Memory arena, final Structure body) {
        final Counter counter = Counter.attach(body.name(), arena, body.offset(), body.bytes());
        final String number = Long.toString(counter.get());
        return new StateValueView(name, number, number);
    }

    static StateView ofLock(final String name, final Memory arena, final Structure body) {
        final LockReader lock = LockReader.attach(body.name(), arena, body.offset(), body.bytes());
        return of(name, owner(lock, "held"));
    }

    static StateView ofReadWriteLock(final String name, final Memory arena, final Structure body) {
        final LockReader lock =
                LockReader.attachReadWrite(body.name(), arena, body.offset(), body.bytes());
        final int readers = lock.readersInside();
        return of(
                name,
                owner(lock, readers == 0 ? "held to write" : "awaited to write")
                        + (readers == 0 ? "" : ", " + readers + " read"));
    }

    private static StateView of(final String name, final String text) {
        return new StateValueView(name, text, new TextNode(text).toString());
    }

    private static String owner(final LockReader lock, final String how) {
        final long owner = lock.owner();
        return owner == OwnerWord.NOBODY
                ? "free"
                : how + " by slot " + OwnerWord.slot(owner) + ", epoch " + OwnerWord.epoch(owner);
    }

    @Override
    public Fill fill() {
        return new Fill(text, "-", "-");
    }

    @Override
    public boolean isKeyed() {
        return false;
    }

    @Override
    public String get(final String key, final boolean asJson) {
        if (key != null) {
            throw new CommandFailure(ExitStatus.USAGE, name + " is one value and has no keys");
        }
        return asJson ? json : text;
    }

    @Override
    public void forEachJson(final Consumer<String> lines) {
        lines.accept(json);
    }
}
