package io.coppice.pool.cell;

/**
 * A counter; all offsets are from its start, which is 64-byte aligned.
 *
 * <pre>
 *      0  value        alone in its cache line
 *     64  typeId       32 bits, of the application's choice
 *     68  labelBytes   32 bits, plus 1, so that it is never 0
 *     72  label        UTF-8
 *    256  end
 * </pre>
 */
public final class CounterLayout {
    /** The longest label, in bytes of UTF-8. */
    public static final int LABEL_BYTES_MAX = 184;

    static final int VALUE = 0;
    static final int TYPE_ID = 64;
    static final int LABEL_BYTES = 68;
    static final int LABEL = 72;
    static final int BYTES = 256;
    static final int ALIGNMENT = 64;

    static {
        if (LABEL + LABEL_BYTES_MAX != BYTES || BYTES % ALIGNMENT != 0) {
            throw new AssertionError("a counter must end with its label");
        }
    }

    private CounterLayout() {}
}
