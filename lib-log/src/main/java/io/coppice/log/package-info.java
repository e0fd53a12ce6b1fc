/**
 * Logging that outlives a death: the newest lines of every process lie in its arena, and a death
 * leaves a report.
 *
 * <p>Reading order: {@link io.coppice.log.LogLinesLayout}, {@link io.coppice.log.LogLines}, {@link
 * io.coppice.log.TreeLog} (what {@code LogManager.getLogger()} ends in), {@link
 * io.coppice.log.CrashReport}.
 */
package io.coppice.log;
