package io.coppice.examples.catalog.extract;

import java.nio.file.Path;

/** The main class of {@link Child}: extracts a document in the main thread and prints one line. */
final class ExtractOne {
    private ExtractOne() {}

    /**
     * Extracts a document.
     *
     * @param arguments the file
     */
    public static void main(String[] arguments) {
        Thread worker = Thread.currentThread();
        Thread watcher = new Thread(() -> tellHanging(worker), "watcher");
        watcher.setDaemon(true);
        watcher.start();
        try {
            System.out.println(new DocumentExtractor().extract(Path.of(arguments[0])));
        } catch (Exception | StackOverflowError e) {
            System.out.println(DocumentExtractor.describe(e));
        }
    }

    /** Prints "hanging" when the worker waits inside the parser that does nothing else. */
    private static void tellHanging(Thread worker) {
        while (!isHanging(worker)) {
            Thread.onSpinWait();
        }
        System.out.println("hanging");
    }

    private static boolean isHanging(Thread worker) {
        if (worker.getState() != Thread.State.WAITING) {
            return false;
        }
        for (StackTraceElement frame : worker.getStackTrace()) {
            if (frame.getClassName().equals(FaultyParser.class.getName())) {
                return frame.getMethodName().equals("hang");
            }
        }
        return false;
    }
}
