/**
 * A pipeline: lines of text files go from a source to a transform to a sink, and from the source to
 * statistics too; each line takes effect once, whatever dies.
 *
 * <p>In reading order: {@link io.coppice.examples.pipeline.SourceDaemon}, {@code LineMessage},
 * {@link io.coppice.examples.pipeline.TransformDaemon}, {@link
 * io.coppice.examples.pipeline.SinkDaemon}, {@code OutputFile}, {@link
 * io.coppice.examples.pipeline.StatisticsDaemon}.
 */
package io.coppice.examples.pipeline;
