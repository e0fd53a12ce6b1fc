/**
 * Record layouts declared once, kept in the arena beside the records, so that any process can print
 * them by field name with nothing but the file.
 *
 * <p>Reading order: {@link io.coppice.pool.schema.RecordSchema}, {@link
 * io.coppice.pool.schema.LongField} (all handles are like it), {@link
 * io.coppice.pool.schema.StructureHeaderLayout}, {@link io.coppice.pool.schema.StructureHeader},
 * {@link io.coppice.pool.schema.RecordPrinter}.
 */
package io.coppice.pool.schema;
