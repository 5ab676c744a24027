package io.containr.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UriRepairTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '§',
            value = {
                "/a|b?q={x}&r=\"y\" /a%7Cb?q=%7Bx%7D&r=%22y%22",
                "/list[1]?filter[a]=1 /list%5B1%5D?filter[a]=1",
                "/sale?off=50% /sale?off=50%25",
                "/sale?off=%zz&on=%41 /sale?off=%25zz&on=%41",
                "/caf\u00c3\u00a9 /caf%C3%A9",
                "/page#top /page%23top"
            })
    void whatAUriMayNotContainIsEncoded(String given, String legal) {
        assertThat(UriRepair.legal(given)).isEqualTo(legal);
        assertThat(URI.create(legal)).isNotNull();
    }

    @Test
    void aLegalUriIsLeftAsItIs() {
        String uri = "/a%2Fb;v=1/~c?x=1&y=%20+*()',!$:@/?";

        assertThat(UriRepair.legal(uri)).isSameAs(uri);
    }
}
