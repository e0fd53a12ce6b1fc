/**
 * Turns one file of unknown origin into what a catalogue says about it.
 *
 * <p>This package knows Apache Tika and nothing of Coppice: it is the risky work of the example, written as one would
 * write it for any program. It may hang, run out of memory, overflow the stack or take the process down.
 */
package io.coppice.examples.catalog.extract;
