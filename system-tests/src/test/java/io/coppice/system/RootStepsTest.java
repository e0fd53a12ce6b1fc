package io.coppice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** No step of root's life is left out where the tests kill it, and none is named that is none. */
final class RootStepsTest {
    private static final String STEPS = "io.coppice.root.loop.RootStep";

    @Test
    void rootIsKilledAtEveryStepOfItsLifeOnEveryBuild() throws Exception {
        assertEquals(steps(), named(RootStepLists.everyBuild()));
    }

    @Test
    void theListsNameNothingElse() throws Exception {
        assertEquals(steps(), named(RootStepLists.all()));
    }

    private static Set<String> named(final Collection<List<String>> lists) {
        return lists.stream()
                .flatMap(List::stream)
                .map(step -> step.replaceFirst(":[0-9]+$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> steps() throws ClassNotFoundException {
        return Arrays.stream(Class.forName(STEPS).getEnumConstants())
                .map(Object::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
