package io.containr.agent.placement;

import io.containr.agent.AgentProperties;
import io.containr.contracts.ids.InstanceId;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives guests their addresses, each to one at a time. A freed address rests for a while before somebody else gets it, so
 * that nobody's late connection ends at a stranger's; until the range runs out, none is used twice.
 */
@Component
public class AddressPool {

    private static final long LOCK = 0x434f4e5441444452L;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Ipv4Range range;
    private final String gateway;
    private final Duration quarantine;

    AddressPool(JdbcClient jdbc, TransactionTemplate transaction, Clock clock, AgentProperties properties) {
        AgentProperties.Network network = properties.network();
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
        this.range = Ipv4Range.of(network.cidr(), network.firstAddress(), network.lastAddress());
        this.gateway = network.gateway();
        this.quarantine = network.quarantine();
    }

    /** Length of the network's prefix. */
    public int prefix() {
        return range.prefix();
    }

    /** The instance's address: the one it has, or a free one; empty when all are taken. */
    public Optional<String> reserve(InstanceId instance) {
        return transaction.execute(status -> {
            jdbc.sql("select pg_advisory_xact_lock(:lock)")
                    .param("lock", LOCK)
                    .query((row, i) -> 1)
                    .single();
            Optional<String> own = held(instance);
            if (own.isPresent()) {
                return own;
            }
            Optional<String> free = neverUsed().or(this::rested).or(this::skipped);
            free.ifPresent(address -> give(address, instance));
            return free;
        });
    }

    private Optional<String> held(InstanceId instance) {
        return jdbc.sql("select address from address where instance_id = :instance")
                .param("instance", instance.value())
                .query(String.class)
                .optional();
    }

    /** Addresses are given away in their order, so those above the highest one are new. */
    private Optional<String> neverUsed() {
        return above(jdbc.sql("""
                        select host(max(address::inet)) from address
                        where address::inet between cast(:first as inet) and cast(:last as inet)""")
                .param("first", range.firstAddress())
                .param("last", range.lastAddress())
                .query((row, i) -> Optional.ofNullable(row.getString(1)))
                .single());
    }

    private Optional<String> above(Optional<String> highest) {
        return highest.map(range::after)
                .orElseGet(range::addresses)
                .filter(address -> !address.equals(gateway))
                .findFirst();
    }

    /** There are some where the settings moved the range. */
    private Optional<String> skipped() {
        Set<String> used = new HashSet<>(
                jdbc.sql("select address from address").query(String.class).list());
        return range.addresses()
                .filter(address -> !address.equals(gateway) && !used.contains(address))
                .findFirst();
    }

    private Optional<String> rested() {
        return jdbc.sql("""
                select address from address where instance_id is null and released_at <= :before
                order by released_at limit 1""")
                .param("before", Timestamp.from(clock.instant().minus(quarantine)))
                .query(String.class)
                .optional();
    }

    private void give(String address, InstanceId instance) {
        jdbc.sql("""
                insert into address (address, instance_id) values (:address, :instance)
                on conflict (address) do update set instance_id = excluded.instance_id, released_at = null""")
                .param("address", address)
                .param("instance", instance.value())
                .update();
    }

    /** Frees what the instance has, if it has one; joins the caller's transaction. */
    public void release(InstanceId instance) {
        jdbc.sql("update address set instance_id = null, released_at = :now where instance_id = :instance")
                .param("now", Timestamp.from(clock.instant()))
                .param("instance", instance.value())
                .update();
    }
}
