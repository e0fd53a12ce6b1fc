package io.coppice.pool.plan;

import java.util.List;

/**
 * Daemons that are started anew together.
 *
 * @param name of the group
 * @param with which members follow one that died
 * @param members slots of the members in their order of start; each of a group other than {@link
 *     GroupStrategy#SELF} is also {@code after} the one before it
 */
public record GroupPlan(String name, GroupStrategy with, List<Integer> members) {}
