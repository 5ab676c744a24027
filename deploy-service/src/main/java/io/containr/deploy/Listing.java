package io.containr.deploy;

import io.containr.contracts.ids.ServiceId;
import io.containr.runtime.web.Page;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A table of which a service has many rows, read newest first: by id, which rises with time. */
public record Listing<T>(JdbcClient jdbc, String table, RowMapper<T> rows) {

    private static final int DEFAULT_LIMIT = 20;

    /** @throws io.containr.runtime.web.ApiException VALIDATION if a number is out of range */
    public static Page wanted(@Nullable Integer page, @Nullable Integer limit) {
        return Page.of(page, limit, DEFAULT_LIMIT);
    }

    /** The newest ones. */
    public List<T> newest(ServiceId service, int count) {
        return some(service, count, 0);
    }

    /** One page of all, with where it stands among them. */
    public Found<T> page(ServiceId service, Page wanted) {
        Page.Listed<T> listed = wanted.read((limit, offset) -> some(service, limit, offset), () -> count(service));
        return new Found<>(
                listed.items(),
                new Pagination(wanted.number(), wanted.limit(), listed.total(), wanted.pages(listed.total())));
    }

    private long count(ServiceId service) {
        return jdbc.sql("select count(*) from " + table + " where service_id = :service")
                .param("service", service.value())
                .query(Long.class)
                .single();
    }

    private List<T> some(ServiceId service, int limit, long offset) {
        return jdbc.sql("select * from " + table
                        + " where service_id = :service order by id desc limit :limit offset :offset")
                .param("service", service.value())
                .param("limit", limit)
                .param("offset", offset)
                .query(rows)
                .list();
    }

    /** A page of rows. */
    public record Found<T>(List<T> items, Pagination pagination) {

        public <R> List<R> map(Function<T, R> view) {
            return items.stream().map(view).toList();
        }
    }

    /** Where a page stands, as the API shows it. */
    public record Pagination(int page, int limit, long total, long totalPages) {}
}
