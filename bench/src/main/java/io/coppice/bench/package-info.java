/**
 * What Coppice costs, measured beside what one would use instead. Each bench runs its subjects in
 * turns on the same work, prints a table and leaves its figures as JSON and as a chart.
 */
package io.coppice.bench;
