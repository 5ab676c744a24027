package io.containr.simulator.guest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {

    @ParameterizedTest
    @CsvSource({"0.25, 256M", "1, 1G", "1.25, 1280M", "1024, 1T", "4, 4G"})
    void aSizeInGibibytesIsPrintedInItsLargestWholeUnit(String gibibytes, String printed) {
        assertThat(Sizes.print(Sizes.gibibytes(gibibytes))).isEqualTo(printed);
        assertThat(Sizes.parse(printed)).isEqualTo(Sizes.gibibytes(gibibytes));
    }
}
