/**
 * State that no kill can damage: arenas, the undo journal, and buffers that write through it.
 *
 * <p>Reading order: {@link io.coppice.pool.Memory} (the one place every shared store goes through),
 * {@link io.coppice.pool.ArenaLayout}, {@link io.coppice.pool.Arena}, {@link
 * io.coppice.pool.JournalLayout}, {@link io.coppice.pool.Journal}, {@link
 * io.coppice.pool.JournaledBuffer}.
 */
package io.coppice.pool;
