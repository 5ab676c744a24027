package io.containr.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RouteTableTest {

    private static final ServiceId SERVICE = new ServiceId(UUID.randomUUID());
    private static final Route.Target ONE = target(1);
    private static final Route.Target TWO = target(2);

    private final RouteTable table = new RouteTable();

    @Test
    void anOlderGenerationIsIgnored() {
        assertThat(table.put(route("a", SERVICE, 2, ONE))).isTrue();
        assertThat(table.put(route("a", SERVICE, 1, TWO))).isFalse();

        assertThat(table.find("a").orElseThrow().route().generation()).isEqualTo(2);
    }

    @Test
    void theSameGenerationMayComeAgain() {
        table.put(route("a", SERVICE, 2, ONE));

        assertThat(table.put(route("a", SERVICE, 2, ONE))).isTrue();
    }

    @Test
    void aHostThatChangedHandsStartsAnew() {
        ServiceId heir = new ServiceId(UUID.randomUUID());
        table.put(route("a", SERVICE, 7, ONE));

        assertThat(table.put(route("a", heir, 1, TWO))).isTrue();
        assertThat(table.find("a").orElseThrow().route().service()).isEqualTo(heir);
    }

    @Test
    void whatTheTopicNoLongerHasIsGone() {
        table.restore(List.of(route("a", SERVICE, 1, ONE), route("b", SERVICE, 1, ONE)));

        assertThat(table.replaceAll(List.of(route("b", SERVICE, 2, TWO)))).containsExactly("a");
        assertThat(table.find("a")).isEmpty();
        assertThat(table.find("b").orElseThrow().route().generation()).isEqualTo(2);
    }

    @Test
    void theRouteFromDiskStaysWhereTheTopicFellBehindIt() {
        table.restore(List.of(route("a", SERVICE, 5, ONE)));

        table.replaceAll(List.of(route("a", SERVICE, 4, TWO)));

        assertThat(table.find("a").orElseThrow().route().generation()).isEqualTo(5);
    }

    @Test
    void isKnownOnceAnySourceWasRead() {
        assertThat(table.isKnown()).isFalse();
        table.replaceAll(List.of());
        assertThat(table.isKnown()).isTrue();
    }

    @Test
    void theInstanceWithTheFewestRequestsIsChosen() {
        table.put(route("a", SERVICE, 1, ONE, TWO));
        HostRoute route = table.find("a").orElseThrow();
        Upstream busy = route.choose(List.of()).orElseThrow();
        busy.begin();

        assertThat(Stream.generate(() -> route.choose(List.of()).orElseThrow()).limit(10))
                .doesNotContain(busy);
        busy.end();
        assertThat(Stream.generate(() -> route.choose(List.of()).orElseThrow()).limit(10))
                .contains(busy);
    }

    @Test
    void anInstanceOutOfReachComesLastButStillComes() {
        table.put(route("a", SERVICE, 1, ONE, TWO));
        HostRoute route = table.find("a").orElseThrow();
        Upstream broken = route.choose(List.of()).orElseThrow();
        broken.avoid(Duration.ofMinutes(1));

        Upstream other = route.choose(List.of()).orElseThrow();
        assertThat(other).isNotSameAs(broken);
        assertThat(route.choose(List.of(other))).containsSame(broken);
        assertThat(route.choose(List.of(other, broken))).isEmpty();
    }

    @Test
    void anInstanceThatStaysOutOfReachIsTriedLessAndLessOftenUntilItAnswers() {
        Duration pause = Duration.ofMillis(50);
        Upstream dead = new Upstream(ONE);
        dead.avoid(pause);
        await().pollInterval(Duration.ofMillis(2)).until(() -> !dead.isAvoided());
        dead.avoid(pause);
        long begin = System.nanoTime();
        await().pollInterval(Duration.ofMillis(2)).until(() -> !dead.isAvoided());
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isGreaterThan(pause.multipliedBy(2).minusMillis(10));
        dead.avoid(pause);
        dead.reached();
        assertThat(dead.isAvoided()).isFalse();
    }

    @Test
    void instancesThatStayKeepTheirCountAcrossGenerations() {
        table.put(route("a", SERVICE, 1, ONE));
        table.find("a").orElseThrow().choose(List.of()).orElseThrow().begin();

        table.put(route("a", SERVICE, 2, ONE, TWO));

        assertThat(table.inFlight()).isEqualTo(1);
        assertThat(table.find("a").orElseThrow().choose(List.of()).orElseThrow().target())
                .isEqualTo(TWO);
    }

    @Test
    void aReplayComesToWhatTheTopicSaysAtItsEnd() {
        RouteReplay replay = new RouteReplay();
        assertThat(replay.isEmpty()).isTrue();

        replay.put(route("a", SERVICE, 1, ONE));
        replay.put(route("a", SERVICE, 3, TWO));
        replay.put(route("a", SERVICE, 2, ONE));
        replay.put(route("b", SERVICE, 1, ONE));
        replay.remove("b");

        assertThat(replay.routes()).containsExactly(route("a", SERVICE, 3, TWO));
        assertThat(replay.isEmpty()).isFalse();
    }

    @Test
    void anIpv6AddressIsWrittenAsInAUrl() {
        Upstream upstream = new Upstream(new Route.Target(new InstanceId(UUID.randomUUID()), "fd00::7", 8080));

        assertThat(upstream.authority()).isEqualTo("[fd00::7]:8080");
    }

    private static Route route(String host, ServiceId service, long generation, Route.Target... targets) {
        return new Route(host, service, new ProjectId(new UUID(0, 0)), generation, List.of(targets));
    }

    private static Route.Target target(int number) {
        return new Route.Target(new InstanceId(new UUID(0, number)), "10.0.0." + number, 8080);
    }
}
