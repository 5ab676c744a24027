package io.containr.build.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.build.job.BuildPages.Order;
import io.containr.build.job.BuildPages.Walk;
import io.containr.runtime.web.Page;
import org.junit.jupiter.api.Test;

class BuildPagesTest {

    @Test
    void aPageIsWalkedToFromTheNearerEnd() {
        assertThat(Walk.to(new Page(1, 20), 0)).isEqualTo(new Walk(Order.NEWEST_FIRST, 0, 20));
        assertThat(Walk.to(new Page(1, 20), 1_005)).isEqualTo(new Walk(Order.NEWEST_FIRST, 0, 20));
        assertThat(Walk.to(new Page(25, 20), 1_005)).isEqualTo(new Walk(Order.NEWEST_FIRST, 480, 20));
        assertThat(Walk.to(new Page(27, 20), 1_005)).isEqualTo(new Walk(Order.OLDEST_FIRST, 465, 20));
        assertThat(Walk.to(new Page(51, 20), 1_005)).isEqualTo(new Walk(Order.OLDEST_FIRST, 0, 5));
        assertThat(Walk.to(new Page(52, 20), 1_005)).isEqualTo(new Walk(Order.OLDEST_FIRST, 0, 0));
    }
}
