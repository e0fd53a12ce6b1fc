/**
 * A hash table of fixed capacity from long or byte-string keys to records of one size, which other
 * processes read without locks and without ever seeing what is not committed.
 */
package io.coppice.pool.table;
