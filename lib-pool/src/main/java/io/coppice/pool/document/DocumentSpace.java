package io.coppice.pool.document;

import static io.coppice.pool.document.DocumentLayout.HEADER_BYTES;
import static io.coppice.pool.document.DocumentLayout.OWNER;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.block.BlockPoolReader;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The positions of one version of a document, and where in the arena they lie. Trusts no word that
 * it reads: what leads out of the document is an {@link ArenaException}. Remembers which blocks it
 * was asked for, so that a reader can look whether they were the document's all the while.
 */
final class DocumentSpace {
    final String name;
    final Memory arena;
    final long blocksOffset;
    final long blockBytes;
    final int poolBlocks;
    final int body;
    final int listEntries;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private long reference;
    private long list;
    private int blocks;
    private int end;
    private int lowest;
    private int highest;

    DocumentSpace(final String name, final Memory arena, final BlockPoolReader pool) {
        this.name = name;
        this.arena = arena;
        this.blocksOffset = pool.offset(0);
        this.blockBytes = pool.blockBytes();
        this.poolBlocks = pool.capacity();
        this.body = DocumentLayout.body(blockBytes);
        this.listEntries = DocumentLayout.listEntries(blockBytes);
    }

    /**
     * Shows a version.
     *
     * @param root where its root block begins in the arena
     */
    void wrap(
            final long ofReference,
            final long root,
            final long listNumber,
            final long blockCount,
            final long endPosition) {
        if (listNumber >= DocumentLayout.LIST_COUNT
                || blockCount < 0
                || blockCount > listEntries
                || endPosition < 0
                || endPosition > blockCount * body) {
            throw new ArenaException(
                    name
                            + ": damaged: the document at offset "
                            + root
                            + " ends at "
                            + endPosition
                            + " of "
                            + blockCount
                            + " blocks in list "
                            + listNumber);
        }
        reference = ofReference;
        list = root + DocumentLayout.list(listNumber, listEntries);
        blocks = (int) blockCount;
        end = (int) endPosition;
        lowest = Integer.MAX_VALUE;
        highest = -1;
    }

    int end() {
        return end;
    }

    int blocks() {
        return blocks;
    }

    long reference() {
        return reference;
    }

    /** Makes more positions be of the document. */
    void extend(final int newBlocks, final int newEnd) {
        blocks = newBlocks;
        end = newEnd;
    }

    long rootOffset(final int block) {
        return blocksOffset + block * blockBytes;
    }

    /** Returns a block of the list. */
    int block(final int index) {
        final int block = arena.getInt(list + (long) index * Integer.BYTES);
        if (block < 0 || block >= poolBlocks) {
            throw new ArenaException(
                    name
                            + ": damaged: block "
                            + block
                            + " of "
                            + poolBlocks
                            + " in the list at offset "
                            + list);
        }
        return block;
    }

    /** Saves the place of a block in the list: a savepoint's head may have it in a longer list. */
    void saveBlock(final Journal journal, final int index) {
        journal.save(list + (long) index * Integer.BYTES, Integer.BYTES);
    }

    void setBlock(final int index, final int block) {
        arena.putInt(list + (long) index * Integer.BYTES, block);
    }

    /** Returns whether the blocks that were asked for are still the document's. */
    boolean isWhole() {
        for (int index = lowest; index <= highest; index++) {
            final int block = arena.getInt(list + (long) index * Integer.BYTES);
            if (block < 0
                    || block >= poolBlocks
                    || arena.getLong(rootOffset(block) + OWNER) != reference) {
                return false;
            }
        }
        return true;
    }

    /** Returns where in the arena a position is. */
    long at(final int position) {
        if (position < 0 || position >= end) {
            throw damaged(position, "is outside of its " + end + " bytes");
        }
        final int index = position / body;
        lowest = Math.min(lowest, index);
        highest = Math.max(highest, index);
        return rootOffset(block(index)) + HEADER_BYTES + (position - index * body);
    }

    /** Returns how many bytes from a position on lie one behind the other. */
    int run(final int position) {
        return body - position % body;
    }

    /** Refuses a range that is not in the document, or does not begin at a word. */
    void require(final long position, final long bytes) {
        if (position < 0 || bytes < 0 || position > end - bytes || position % Long.BYTES != 0) {
            throw damaged(position, "and " + bytes + " bytes do not fit its " + end + " bytes");
        }
    }

    long getLong(final int position) {
        if (position % Long.BYTES != 0) {
            throw damaged(position, "is no word");
        }
        return arena.getLong(at(position));
    }

    int getInt(final int position) {
        return arena.getInt(at(position));
    }

    void putLong(final int position, final long value) {
        arena.putLong(at(position), value);
    }

    void putInt(final int position, final int value) {
        arena.putInt(at(position), value);
    }

    void putBytes(final int position, final DirectBuffer from, final int index, final int length) {
        for (int done = 0; done < length; ) {
            final int piece = Math.min(length - done, run(position + done));
            arena.putBytes(at(position + done), from, index + done, piece);
            done += piece;
        }
    }

    /** Copies from another version, or from elsewhere in this one. */
    void copy(
            final int position, final DocumentSpace from, final int fromPosition, final int bytes) {
        for (int done = 0; done < bytes; ) {
            final int room = Math.min(run(position + done), from.run(fromPosition + done));
            final int piece = Math.min(bytes - done, room);
            arena.putBytes(at(position + done), from.arena, from.at(fromPosition + done), piece);
            done += piece;
        }
    }

    void copyOut(
            final int position, final MutableDirectBuffer to, final int index, final int length) {
        for (int done = 0; done < length; ) {
            final int piece = Math.min(length - done, run(position + done));
            // The mapping is never undone, so that a view of it stays good.
            view.wrap(arena.address() + at(position + done), piece);
            to.putBytes(index + done, view, 0, piece);
            done += piece;
        }
    }

    boolean has(final int position, final DirectBuffer bytes, final int length) {
        for (int done = 0; done < length; ) {
            final int piece = Math.min(length - done, run(position + done));
            final long from = at(position + done);
            for (int i = 0; i < piece; i++) {
                if (arena.getByte(from + i) != bytes.getByte(done + i)) {
                    return false;
                }
            }
            done += piece;
        }
        return true;
    }

    ArenaException damaged(final long position, final String what) {
        return new ArenaException(
                name
                        + ": damaged: document 0x"
                        + Long.toHexString(reference)
                        + ": position "
                        + position
                        + " "
                        + what);
    }
}
