/**
 * Structured values that live in blocks of a pool, are read in place by every process that maps the
 * arena, and change hands with one word.
 *
 * <p>Reading order: {@link io.coppice.pool.document.DocumentLayout}, {@link
 * io.coppice.pool.document.DocumentPath}, {@link io.coppice.pool.document.DocumentTree}, {@link
 * io.coppice.pool.document.DocumentHead}, {@link io.coppice.pool.document.DocumentEditor}, {@link
 * io.coppice.pool.document.Document}, {@link io.coppice.pool.document.DocumentReader}.
 */
package io.coppice.pool.document;
