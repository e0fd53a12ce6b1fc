/**
 * The command line: everything that parses, prints or waits for people, in processes of its own
 * beside the tree.
 *
 * <p>Reading order: {@link io.coppice.root.cli.Coppice} (the commands), {@link
 * io.coppice.root.cli.PlanMaker} (from manifest to plan), {@link io.coppice.root.cli.RunCommand}.
 */
package io.coppice.root.cli;
