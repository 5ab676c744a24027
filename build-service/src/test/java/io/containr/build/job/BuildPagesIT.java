package io.containr.build.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.containr.build.BuildServiceTest;
import io.containr.build.job.BuildPages.Filter;
import io.containr.build.job.BuildPages.Order;
import io.containr.build.job.BuildPages.Walk;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.runtime.Ids;
import io.containr.runtime.web.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@BuildServiceTest
class BuildPagesIT {

    private static final int MANY = 20_000;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    BuildPages pages;

    private final UserId owner = new UserId(Ids.next());
    private final ProjectId project = new ProjectId(Ids.next());
    private final ServiceId service = new ServiceId(Ids.next());

    @BeforeEach
    void insertMany() {
        jdbc.sql("""
                insert into build (id, service_id, project_id, owner_id, status, request, image, created_at, origin)
                select gen_random_uuid(), :service, case when n % 2 = 0 then :project else gen_random_uuid() end, :owner,
                       (array['SUCCESS', 'FAILED', 'CANCELLED'])[n % 3 + 1], :request, null,
                       timestamptz '2026-01-01' + (n / 2) * interval '1 second', :origin
                from generate_series(1, :many) n""")
                .param("service", service.value())
                .param("project", project.value())
                .param("owner", owner.value())
                .param("many", MANY)
                .param(
                        "request",
                        "{\"variables\":{},\"arguments\":{},\"labels\":{},\"buildCommand\":\"%s\"}"
                                .formatted("x".repeat(1000)))
                .param("origin", "{\"correlationId\":\"%s\"}".formatted(Ids.next()))
                .update();
        // What others have open keeps pages from being marked as visible to all, for as long as it is open.
        Awaitility.await().until(() -> {
            jdbc.sql("vacuum analyze build").update();
            return jdbc.sql("select relallvisible >= 0.95 * relpages from pg_class where oid = 'build'::regclass")
                    .query(Boolean.class)
                    .single();
        });
    }

    @AfterEach
    void removeThem() {
        jdbc.sql("delete from build where owner_id = :owner")
                .param("owner", owner.value())
                .update();
    }

    @Test
    void everyPageIsFoundInAnIndexAloneAndOnlyItsOwnRowsAreRead() {
        for (Filter filter : filters().toList()) {
            int middle = Math.toIntExact(pages.find(filter, Page.of(1, 1, 20)).total()) / 2;
            assertThat(middle).isPositive();
            for (Walk walk : List.of(
                    new Walk(Order.NEWEST_FIRST, 0, 20),
                    new Walk(Order.NEWEST_FIRST, middle, 20),
                    new Walk(Order.OLDEST_FIRST, middle, 20))) {
                List<JsonNode> nodes = plan(BuildPages.pageSql(filter, walk.order()), filter, walk.offset());
                long offset = walk.offset();
                assertThat(nodes)
                        .as("%s at %s: %s", filter, walk, nodes)
                        .anySatisfy(node -> {
                            assertThat(node.path("Node Type").asString()).isEqualTo("Index Only Scan");
                            assertThat(node.path("Index Name").asString()).startsWith("build_page_of_");
                            assertThat(node.path("Actual Rows").asInt()).isEqualTo((int) offset + 20);
                            assertThat(node.path("Rows Removed by Filter").asInt(0))
                                    .isLessThanOrEqualTo(6 * ((int) offset + 20));
                        })
                        .noneMatch(node -> node.path("Node Type").asString().equals("Seq Scan"))
                        .filteredOn(node -> node.path("Node Type").asString().equals("Index Scan"))
                        .allSatisfy(node -> assertThat(node.path("Actual Rows").asDouble()
                                        * node.path("Actual Loops").asDouble())
                                .isLessThanOrEqualTo(20));
            }
            if (filter.equals(filter(false, false, null))) {
                continue;
            }
            assertThat(plan(BuildPages.countSql(filter), filter, 0))
                    .extracting(node -> node.path("Node Type").asString())
                    .contains("Index Only Scan")
                    .doesNotContain("Seq Scan", "Index Scan");
        }
    }

    @Test
    void pagesFollowEachOtherWithoutGapsOrDoubles() {
        Filter filter = new Filter(owner, project, null, BuildStatus.FAILED);
        long total = pages.find(filter, Page.of(1, 100, 20)).total();
        List<UUID> seen = new ArrayList<>();
        for (int page = 1; page <= (total + 99) / 100; page++) {
            BuildPages.Found found = pages.find(filter, Page.of(page, 100, 20));
            assertThat(found.total()).isEqualTo(total);
            found.builds().forEach(build -> seen.add(build.id().value()));
        }
        List<UUID> expected = jdbc.sql("""
                select id from build where owner_id = :owner and project_id = :project and status = 'FAILED'
                order by created_at desc, id desc""")
                .param("owner", owner.value())
                .param("project", project.value())
                .query(UUID.class)
                .list();
        assertThat(seen).isEqualTo(expected).hasSize(Math.toIntExact(total));
        assertThat(total).isBetween(3_000L, 3_500L);
        assertThat(pages.find(filter, Page.of(100, 100, 20)).builds()).isEmpty();
    }

    @Test
    void theTotalOfAUserIsKeptAsBuildsComeAndGo() {
        UserId other = new UserId(Ids.next());
        Filter all = new Filter(owner, null, null, null);
        assertThat(pages.find(all, Page.of(1, 1, 20)).total()).isEqualTo(MANY);
        assertThat(jdbc.sql("delete from build where owner_id = :owner and status = 'FAILED'")
                        .param("owner", owner.value())
                        .update())
                .isBetween(6_000, 7_000);
        long left = pages.find(all, Page.of(1, 1, 20)).total();
        assertThat(left)
                .isEqualTo(jdbc.sql("select count(*) from build where owner_id = :owner")
                        .param("owner", owner.value())
                        .query(Long.class)
                        .single());
        assertThat(pages.find(new Filter(other, null, null, null), Page.of(1, 1, 20)))
                .isEqualTo(new BuildPages.Found(List.of(), 0));
    }

    private Stream<Filter> filters() {
        return Stream.of(false, true)
                .flatMap(byProject -> Stream.of(false, true)
                        .flatMap(byService -> Stream.of((BuildStatus) null, BuildStatus.SUCCESS)
                                .map(status -> filter(byProject, byService, status))));
    }

    private Filter filter(boolean byProject, boolean byService, @Nullable BuildStatus status) {
        return new Filter(owner, byProject ? project : null, byService ? service : null, status);
    }

    private List<JsonNode> plan(String sql, Filter filter, long offset) {
        String json = jdbc.sql("explain (analyze, format json) " + sql)
                .params(filter.parameters())
                .param("limit", 20)
                .param("offset", offset)
                .query(String.class)
                .single();
        List<JsonNode> nodes = new ArrayList<>();
        collect(JsonMapper.shared().readTree(json).get(0).path("Plan"), nodes);
        return nodes;
    }

    private static void collect(JsonNode node, List<JsonNode> nodes) {
        nodes.add(node);
        node.path("Plans").forEach(child -> collect(child, nodes));
    }
}
