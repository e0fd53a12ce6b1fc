/**
 * Queues whose messages each go to exactly one reader, whoever dies.
 *
 * <p>Reading order: {@link io.coppice.pool.pipe.PipeLayout}, {@link io.coppice.pool.pipe.SlotWord},
 * {@link io.coppice.pool.pipe.PipeQueue}, {@link io.coppice.pool.pipe.Hands}, {@link
 * io.coppice.pool.pipe.Pipe}.
 */
package io.coppice.pool.pipe;
