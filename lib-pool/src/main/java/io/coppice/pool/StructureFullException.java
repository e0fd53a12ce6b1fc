package io.coppice.pool;

/** A structure holds as much as it was laid out for. What it holds is unchanged. */
public final class StructureFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param structure its name
     * @param what it holds, in the plural
     * @param capacity how many of them at most
     * @param manifestKey under "capacities" in the manifest, to be raised
     */
    public StructureFullException(
            final String structure,
            final String what,
            final long capacity,
            final String manifestKey) {
        super(
                structure
                        + ": full, it holds "
                        + capacity
                        + " "
                        + what
                        + "; raise \""
                        + manifestKey
                        + "\" under \"capacities\" in the manifest");
    }
}
