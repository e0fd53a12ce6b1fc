package io.coppice.root.manifest;

/** A size or a duration that cannot be understood, told as problem and cure. */
public final class QuantityException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String cure;

    QuantityException(final String problem, final String cure) {
        super(problem + "; " + cure);
        this.problem = problem;
        this.cure = cure;
    }

    /** What is wrong, in one line. */
    public String problem() {
        return problem;
    }

    /** What to write instead, in one line. */
    public String cure() {
        return cure;
    }
}
