package io.coppice.root.loop;

/** In which order daemons start; they stop in the reverse one. */
final class StartOrder {
    private StartOrder() {}

    /**
     * Returns the places of the daemons so that each comes behind those it is declared after.
     *
     * @throws IllegalArgumentException where they wait for each other, which a manifest does not
     *     allow
     */
    static int[] of(final DaemonSlot[] daemons) {
        final int[] order = new int[daemons.length];
        final boolean[] placed = new boolean[new Rows(daemons).highest()];
        int count = 0;
        while (count < order.length) {
            final int before = count;
            for (int i = 0; i < daemons.length; i++) {
                final int row = daemons[i].slot() - 1;
                if (!placed[row]
                        && daemons[i].plan().after().stream().allMatch(slot -> placed[slot - 1])) {
                    placed[row] = true;
                    order[count++] = i;
                }
            }
            if (count == before) {
                throw new IllegalArgumentException("the daemons of the plan wait for each other");
            }
        }
        return order;
    }
}
