package io.coppice.system;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the architecture rules want to know of one compiled class.
 *
 * @param module the module in whose folder the class file lies
 * @param name the class name, with dots
 * @param used names, with dots, of every class that the constant pool mentions: in code, in
 *     descriptors, in generic signatures and in annotations
 * @param standardStreams whether the class touches {@code System.out} or {@code System.err}
 */
record ClassFacts(Module module, String name, Set<String> used, boolean standardStreams) {

    private static final Pattern IN_DESCRIPTOR = Pattern.compile("L([\\w$/]+)[;<]");

    /** Reads one class file. */
    static ClassFacts read(Module module, byte[] classFile) {
        ClassModel model = ClassFile.of().parse(classFile);
        Set<String> used = new TreeSet<>();
        boolean standardStreams = false;
        for (PoolEntry entry : model.constantPool()) {
            if (entry instanceof ClassEntry type) {
                String internal = type.asInternalName();
                if (!internal.startsWith("[")) {
                    used.add(dotted(internal));
                }
            } else if (entry instanceof Utf8Entry text) {
                Matcher matcher = IN_DESCRIPTOR.matcher(text.stringValue());
                while (matcher.find()) {
                    used.add(dotted(matcher.group(1)));
                }
            } else if (entry instanceof FieldRefEntry field) {
                String fieldName = field.name().stringValue();
                standardStreams |=
                        field.owner().asInternalName().equals("java/lang/System")
                                && (fieldName.equals("out") || fieldName.equals("err"));
            }
        }
        return new ClassFacts(
                module, dotted(model.thisClass().asInternalName()), used, standardStreams);
    }

    /** Whether the class lies in that package or in one below it. */
    boolean isIn(String packageName) {
        return name.startsWith(packageName + ".");
    }

    private static String dotted(String internalName) {
        return internalName.replace('/', '.');
    }
}
