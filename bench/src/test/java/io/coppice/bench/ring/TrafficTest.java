package io.coppice.bench.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.bench.Case;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TrafficTest {
    @ParameterizedTest
    @EnumSource
    void beginsWithCoppiceAndNamesEachOnce(final Traffic traffic) {
        assertEquals(Case.COPPICE, traffic.media().get(0).label());
        assertEquals(
                traffic.media().size(),
                traffic.media().stream().map(Medium::label).distinct().count());
        assertEquals(0, traffic.messageBytes() % Long.BYTES);
        assertTrue(traffic.messages() > 0);
    }
}
