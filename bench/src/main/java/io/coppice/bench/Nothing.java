package io.coppice.bench;

/** A program that does nothing: what is left is what starting and ending a JVM costs. */
public final class Nothing {
    private Nothing() {}

    /** Does nothing. */
    public static void main(final String[] args) {}
}
