/**
 * What root tells everyone (the board), how anyone wakes anyone (the bells), and how the command
 * line asks root (the mailbox).
 */
package io.coppice.pool.board;
