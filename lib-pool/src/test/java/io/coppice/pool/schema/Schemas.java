package io.coppice.pool.schema;

import java.util.Random;

/** Schemas for tests. */
public final class Schemas {
    private Schemas() {}

    /** Returns a schema of 40 bytes. */
    public static RecordSchema account() {
        return RecordSchema.builder("account").longField("balance").text("owner", 32).build();
    }

    /** Returns a schema with a field of every type, named after it. */
    public static RecordSchema all() {
        return RecordSchema.builder("all")
                .longField("long")
                .intField("int")
                .shortField("short")
                .byteField("byte")
                .booleanField("boolean")
                .doubleField("double")
                .floatField("float")
                .text("text", 10)
                .bytes("bytes", 5)
                .build();
    }

    /** Returns a schema of 1 to 20 fields. */
    public static RecordSchema random(final Random random) {
        final RecordSchemaBuilder builder = RecordSchema.builder("r" + random.nextInt(1000));
        final int fields = 1 + random.nextInt(20);
        for (int i = 0; i < fields; i++) {
            final String name = (random.nextBoolean() ? "f" : "\u0119") + i;
            switch (random.nextInt(9)) {
                case 0 -> builder.longField(name);
                case 1 -> builder.intField(name);
                case 2 -> builder.shortField(name);
                case 3 -> builder.byteField(name);
                case 4 -> builder.doubleField(name);
                case 5 -> builder.floatField(name);
                case 6 -> builder.booleanField(name);
                case 7 -> builder.text(name, 1 + random.nextInt(40));
                default -> builder.bytes(name, 1 + random.nextInt(40));
            }
        }
        return builder.build();
    }
}
