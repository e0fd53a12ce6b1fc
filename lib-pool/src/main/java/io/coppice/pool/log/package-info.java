/**
 * A ring of records of any length that keeps the newest, for readers in other processes.
 *
 * <p>Reading order: {@link io.coppice.pool.log.RecordLogLayout}, {@link
 * io.coppice.pool.log.RecordLog}, {@link io.coppice.pool.log.RecordLogReader}.
 */
package io.coppice.pool.log;
