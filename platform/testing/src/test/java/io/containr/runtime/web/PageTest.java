package io.containr.runtime.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.runtime.web.Page.Items;
import io.containr.runtime.web.Page.Listed;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageTest {

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "1, 2", "1, 3", "2, 3", "2, 6", "1, 7", "2, 7", "3, 7", "4, 7", "9, 7"})
    void aPageIsThatPartOfTheListAndKnowsHowLongTheListIs(int number, int length) {
        List<Integer> all = IntStream.range(0, length).boxed().toList();
        Page page = new Page(number, 3);

        Listed<Integer> listed = page.read(of(all), all::size);

        assertThat(listed.items())
                .isEqualTo(all.stream().skip(page.offset()).limit(3).toList());
        assertThat(listed.total()).isEqualTo(length);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 2", "1, 3", "3, 7", "2, 6"})
    void aListThatEndsOnThePageIsNotCounted(int number, int length) {
        List<Integer> all = IntStream.range(0, length).boxed().toList();
        LongSupplier never = () -> {
            throw new AssertionError("counted");
        };

        assertThat(new Page(number, 3).read(of(all), never).total()).isEqualTo(length);
    }

    private static Items<Integer> of(List<Integer> all) {
        return (limit, offset) -> all.stream().skip(offset).limit(limit).toList();
    }
}
