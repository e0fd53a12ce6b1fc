package io.coppice.pool;

/**
 * The text of a refusal for want of room: what the arena would hold, line by line, and at the end
 * by how much it is too small and what to do.
 */
final class BudgetSum {
    private final StringBuilder lines = new StringBuilder("the arena would hold, in bytes\n");

    /** Adds a line. */
    BudgetSum add(final String what, final long bytes) {
        lines.append(String.format("%16d  %s\n", bytes, what));
        return this;
    }

    /**
     * Returns the text.
     *
     * @param why what else the last line says, or nothing
     */
    String tooSmall(final long memoryBytes, final long missingBytes, final String why) {
        return add("in all, with what alignment takes", memoryBytes + missingBytes).lines
                + "\"memory\" of "
                + memoryBytes
                + " bytes is too small by "
                + missingBytes
                + why
                + ": raise it to "
                + (memoryBytes + missingBytes)
                + " or more in the manifest";
    }
}
