package io.coppice.bench.ring;

import java.nio.file.Path;

/**
 * Which of a subject's processes this is, and what it is to work with.
 *
 * @param folder of the subject's own
 * @param process 0 for the one that begins, 1 and more for the others
 * @param others how many there are beside process 0
 * @param bothWays whether process 1 answers
 * @param messageBytes length of each message, a multiple of 8
 * @param batch how many messages are sent at a time, at most
 */
record Seat(Path folder, int process, int others, boolean bothWays, int messageBytes, int batch) {
    boolean isFirst() {
        return process == 0;
    }

    /** Returns whether this process sends anything. */
    boolean sends() {
        return isFirst() || bothWays;
    }

    /** Returns whether this process receives anything. */
    boolean receives() {
        return !isFirst() || bothWays;
    }

    /** Returns the name of what this process sends through, where each direction has its own. */
    String outName() {
        return isFirst() ? "there" : "back";
    }

    /** Returns the name of what this process receives through. */
    String inName() {
        return isFirst() ? "back" : "there";
    }
}
