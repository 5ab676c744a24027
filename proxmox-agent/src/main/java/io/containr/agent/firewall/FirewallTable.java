package io.containr.agent.firewall;

import io.containr.contracts.ids.InstanceId;
import io.containr.contracts.ids.ProjectId;
import io.containr.contracts.ids.ServiceId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which addresses each guest lets in as its project's, as it was told last. */
@Repository
class FirewallTable {

    /**
     * A guest that was told something.
     *
     * @param members of its project, as it was told
     * @param admitted networks beside them, as it was told
     * @param toAdmit those that it is to be told
     */
    record Told(
            InstanceId instance,
            ServiceId service,
            String node,
            int vmid,
            List<String> members,
            List<String> admitted,
            List<String> toAdmit) {}

    private final JdbcClient jdbc;

    FirewallTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Addresses of all instances that the project has now, in their order. */
    List<String> members(ProjectId project) {
        return jdbc.sql("""
                        select address from instance
                        where project_id = :project and address is not null and phase <> 'REMOVED' order by address""")
                .param("project", project.value())
                .query(String.class)
                .list();
    }

    List<Told> told(ProjectId project) {
        return jdbc.sql("""
                        select told.instance_id, i.service_id, i.node, i.vmid, told.members, told.admitted, i.admitted as to_admit
                        from guest_firewall told join instance i on i.id = told.instance_id
                        where told.project_id = :project and i.phase not in ('FAILED', 'REMOVED') and i.desired <> 'REMOVED'
                          and i.node is not null and i.vmid is not null""")
                .param("project", project.value())
                .query((row, number) -> new Told(
                        new InstanceId(row.getObject("instance_id", UUID.class)),
                        new ServiceId(row.getObject("service_id", UUID.class)),
                        row.getString("node"),
                        row.getInt("vmid"),
                        texts(row, "members"),
                        texts(row, "admitted"),
                        texts(row, "to_admit")))
                .list();
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    void tell(InstanceId instance, ProjectId project, List<String> members, List<String> admitted) {
        jdbc.sql("""
                insert into guest_firewall (instance_id, project_id, members, admitted)
                values (:instance, :project, :members, :admitted)
                on conflict (instance_id) do update set members = excluded.members, admitted = excluded.admitted""")
                .param("instance", instance.value())
                .param("project", project.value())
                .param("members", members.toArray(String[]::new))
                .param("admitted", admitted.toArray(String[]::new))
                .update();
    }

    void forget(InstanceId instance) {
        jdbc.sql("delete from guest_firewall where instance_id = :instance")
                .param("instance", instance.value())
                .update();
    }

    /** Whether a healthy guest of the project, and not one that drains, does not let this address in yet. */
    boolean isStrange(String address, ProjectId project) {
        return jdbc.sql("""
                        select exists (
                            select 1 from guest_firewall told join instance i on i.id = told.instance_id
                            where told.project_id = :project and i.phase = 'HEALTHY' and i.desired <> 'REMOVED'
                              and not :address = any (told.members))""")
                .param("project", project.value())
                .param("address", address)
                .query(Boolean.class)
                .single();
    }

    /** Projects with a guest that was told something else than what is true now. */
    List<ProjectId> outdated() {
        return jdbc.sql("""
                        with present as (
                            select project_id, array_agg(address order by address) as members from instance
                            where address is not null and phase <> 'REMOVED' group by project_id)
                        select distinct told.project_id
                        from guest_firewall told
                        join instance i on i.id = told.instance_id
                          and i.phase not in ('FAILED', 'REMOVED') and i.desired <> 'REMOVED'
                        left join present on present.project_id = told.project_id
                        where told.members is distinct from coalesce(present.members, '{}') or told.admitted <> i.admitted""").query(UUID.class).list().stream()
                .map(ProjectId::new)
                .toList();
    }
}
