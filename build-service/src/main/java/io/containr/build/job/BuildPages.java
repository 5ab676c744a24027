package io.containr.build.job;

import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import io.containr.contracts.ids.UserId;
import io.containr.runtime.messaging.MessageCodec;
import io.containr.runtime.web.Page;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Builds by pages. The API numbers its pages, so what comes before a page has to be walked over, or what comes after it, where that is
 * less; that walk is over ids in an index alone, and rows are read for the page itself only. The total is counted in the same
 * index, or kept, where it is that of all builds of a user.
 */
@Repository
public class BuildPages {

    private final JdbcClient jdbc;
    private final BuildRows rows;

    BuildPages(JdbcClient jdbc, MessageCodec codec) {
        this.jdbc = jdbc;
        this.rows = new BuildRows(codec);
    }

    /** One page of a user's builds, the newest first, and how many there are on all pages: both of the same moment. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public Found find(Filter filter, Page page) {
        long total = jdbc.sql(countSql(filter))
                .params(filter.parameters())
                .query(Long.class)
                .single();
        Walk walk = Walk.to(page, total);
        return new Found(
                jdbc.sql(pageSql(filter, walk.order()))
                        .params(filter.parameters())
                        .param("limit", walk.limit())
                        .param("offset", walk.offset())
                        .query(rows)
                        .list(),
                total);
    }

    static String pageSql(Filter filter, Order order) {
        String word = order == Order.NEWEST_FIRST ? "desc" : "asc";
        return "select build.* from (select id from build where " + filter.condition()
                + " order by created_at " + word + ", id " + word + " limit :limit offset :offset) page"
                + " join build on build.id = page.id order by build.created_at desc, build.id desc";
    }

    static String countSql(Filter filter) {
        return filter.isOwnerAlone()
                ? "select coalesce(sum(builds), 0) from build_total where owner_id = :owner"
                : "select count(*) from build where " + filter.condition();
    }

    /** @param total on all pages */
    public record Found(List<Build> builds, long total) {}

    enum Order {
        NEWEST_FIRST,
        OLDEST_FIRST
    }

    /** From one end of the list to a page. */
    record Walk(Order order, long offset, long limit) {

        static Walk to(Page page, long total) {
            long rest = Math.max(0, total - page.offset());
            long behind = Math.max(0, rest - page.limit());
            return page.offset() <= behind
                    ? new Walk(Order.NEWEST_FIRST, page.offset(), page.limit())
                    : new Walk(Order.OLDEST_FIRST, behind, Math.min(page.limit(), rest));
        }
    }

    /** Which builds are wanted; null: any. */
    public record Filter(
            UserId owner,
            @Nullable ProjectId project,
            @Nullable ServiceId service,
            @Nullable BuildStatus status) {

        private boolean isOwnerAlone() {
            return project == null && service == null && status == null;
        }

        /** Only what is asked for, so that each combination is planned for itself. */
        private String condition() {
            return "owner_id = :owner"
                    + (project == null ? "" : " and project_id = :project")
                    + (service == null ? "" : " and service_id = :service")
                    + (status == null ? "" : " and status = :status");
        }

        Map<String, ?> parameters() {
            Map<String, Object> parameters = new HashMap<>();
            parameters.put("owner", owner.value());
            if (project != null) {
                parameters.put("project", project.value());
            }
            if (service != null) {
                parameters.put("service", service.value());
            }
            if (status != null) {
                parameters.put("status", status.name());
            }
            return parameters;
        }
    }
}
