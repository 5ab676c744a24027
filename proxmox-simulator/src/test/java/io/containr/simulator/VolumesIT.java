package io.containr.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Data that outlives its guest: volumes, snapshots, clones, backups. */
class VolumesIT {

    @RegisterExtension
    static final Simulated simulated = new Simulated();

    private final Pve agent = simulated.agent();

    private static String guest(int vmid) {
        return "/nodes/pve1/lxc/" + vmid;
    }

    /** A guest that appends a line to a file on its volume at each start and serves it. */
    private String counting(int vmid) {
        String address = simulated.create(vmid);
        assertThat(agent.put(guest(vmid) + "/config", "mp0", "local-lvm:0.25,mp=/data,backup=1")
                        .data()
                        .isNull())
                .isTrue();
        agent.put(
                guest(vmid) + "/config",
                "entrypoint",
                "/bin/sh -c 'echo start >> /data/starts; echo root >> /roots; exec httpd -f -p 8080 -h /data'");
        agent.ok(agent.post(guest(vmid) + "/status/start"));
        assertThat(Simulated.fetch(address, "/starts")).isEqualTo("start\n");
        return address;
    }

    @Test
    void aVolumeIsHandedToAnotherGuest() {
        counting(700);
        String second = simulated.create(701);
        assertThat(agent.post(
                                guest(700) + "/move_volume",
                                "volume",
                                "mp0",
                                "target-vmid",
                                "701",
                                "target-volume",
                                "mp0")
                        .message())
                .isEqualTo("Cannot move in-use volume while the source CT is running - detach or shutdown first");
        agent.ok(agent.post(guest(700) + "/status/stop"));
        agent.ok(
                agent.post(guest(700) + "/move_volume", "volume", "mp0", "target-vmid", "701", "target-volume", "mp0"));
        assertThat(agent.get(guest(700) + "/config").data().has("mp0")).isFalse();
        assertThat(agent.get(guest(701) + "/config").data().get("mp0").asString())
                .isEqualTo("local-lvm:vm-701-disk-1,mp=/data,backup=1,size=256M");
        agent.put(guest(701) + "/config", "entrypoint", "/bin/httpd -f -p 8080 -h /data");
        agent.ok(agent.post(guest(701) + "/status/start"));
        assertThat(Simulated.fetch(second, "/starts")).isEqualTo("start\n");
    }

    @Test
    void aSnapshotBringsBackRootAndVolumes() {
        String address = counting(702);
        agent.ok(agent.post(guest(702) + "/snapshot", "snapname", "before", "description", "pre deploy"));
        assertThat(agent.end(agent.post(guest(702) + "/snapshot", "snapname", "before")))
                .isEqualTo("snapshot name 'before' already used");
        JsonNode snapshots = agent.get(guest(702) + "/snapshot").data();
        assertThat(snapshots.get(0).get("description").asString()).isEqualTo("pre deploy\n");
        assertThat(snapshots.get(1).get("parent").asString()).isEqualTo("before");
        agent.ok(agent.post(guest(702) + "/status/reboot", "timeout", "2"));
        assertThat(Simulated.fetch(address, "/starts")).isEqualTo("start\nstart\n");
        agent.ok(agent.post(guest(702) + "/snapshot/before/rollback", "start", "1"));
        assertThat(Simulated.fetch(address, "/starts")).isEqualTo("start\nstart\n");
        agent.ok(agent.post(guest(702) + "/snapshot/before/rollback"));
        assertThat(agent.status(702)).isEqualTo("stopped");
        agent.ok(agent.delete(guest(702) + "/snapshot/before"));
        assertThat(agent.get(guest(702) + "/snapshot").data()).hasSize(1);
    }

    @Test
    void directoriesTakeNoSnapshots() {
        simulated
                .root()
                .ok(simulated
                        .root()
                        .post(
                                "/nodes/pve1/lxc",
                                "vmid",
                                "703",
                                "ostemplate",
                                Simulated.TEMPLATE,
                                "ostype",
                                "unmanaged",
                                "rootfs",
                                "local:1",
                                "pool",
                                "containr"));
        assertThat(agent.get(guest(703) + "/feature?feature=snapshot")
                        .data()
                        .get("hasFeature")
                        .asInt())
                .isZero();
        assertThat(agent.end(agent.post(guest(703) + "/snapshot", "snapname", "s1")))
                .isEqualTo("snapshot feature is not available");
        agent.ok(agent.put(guest(703) + "/resize", "disk", "rootfs", "size", "+256M"));
        assertThat(agent.get(guest(703) + "/config").data().get("rootfs").asString())
                .isEqualTo("local:703/vm-703-disk-0.raw,size=1280M");
    }

    @Test
    void aBackupIsRestoredOverItsGuestAndAsAnother() {
        String address = counting(704);
        agent.ok(agent.post(
                "/nodes/pve1/vzdump",
                "vmid",
                "704",
                "storage",
                "local",
                "mode",
                "snapshot",
                "compress",
                "zstd",
                "notes-template",
                "{{guestname}} of {{node}}"));
        JsonNode backup = agent.get("/nodes/pve1/storage/local/content?content=backup&vmid=704")
                .data()
                .get(0);
        assertThat(backup.get("notes").asString()).isEqualTo("guest704 of pve1");
        assertThat(backup.get("format").asString()).isEqualTo("tar.zst");
        String volid = backup.get("volid").asString();
        agent.ok(agent.post(guest(704) + "/status/reboot", "timeout", "2"));
        assertThat(Simulated.fetch(address, "/starts")).isEqualTo("start\nstart\n");
        agent.ok(agent.post(guest(704) + "/status/stop"));
        assertThat(agent.end(agent.post(
                        "/nodes/pve1/lxc",
                        "vmid",
                        "704",
                        "ostemplate",
                        volid,
                        "restore",
                        "1",
                        "force",
                        "1",
                        "storage",
                        "local-lvm",
                        "pool",
                        "containr")))
                .isEqualTo("WARNINGS: 1");
        JsonNode config = agent.get(guest(704) + "/config").data();
        assertThat(config.has("lxc")).isFalse();
        assertThat(config.get("entrypoint").asString()).startsWith("/bin/sh -c ");
        agent.ok(agent.post(guest(704) + "/status/start"));
        assertThat(Simulated.fetch(address, "/starts")).isEqualTo("start\nstart\n");
        agent.ok(agent.post(guest(704) + "/status/stop"));
        assertThat(agent.end(agent.post(
                        "/nodes/pve1/lxc",
                        "vmid",
                        "705",
                        "ostemplate",
                        volid,
                        "restore",
                        "1",
                        "unique",
                        "1",
                        "storage",
                        "local-lvm",
                        "hostname",
                        "restored",
                        "pool",
                        "containr")))
                .isEqualTo("WARNINGS: 1");
        assertThat(agent.get(guest(705) + "/config").data().get("net0").asString())
                .isNotEqualTo(config.get("net0").asString());
    }

    @Test
    void aCloneHasItsOwnCopyOfEverything() {
        String address = counting(706);
        assertThat(agent.post(guest(706) + "/clone", "newid", "707", "pool", "containr")
                        .status())
                .isEqualTo(500);
        agent.ok(agent.post(guest(706) + "/status/stop"));
        agent.ok(
                agent.post(guest(706) + "/clone", "newid", "707", "hostname", "copy", "full", "1", "pool", "containr"));
        JsonNode config = agent.get(guest(707) + "/config").data();
        assertThat(config.get("hostname").asString()).isEqualTo("copy");
        assertThat(config.get("mp0").asString()).startsWith("local-lvm:vm-707-disk-");
        agent.ok(agent.post(guest(707) + "/status/start"));
        assertThat(Simulated.fetch(address, "/starts")).isEqualTo("start\nstart\n");
        agent.ok(agent.post(guest(707) + "/status/stop"));
        agent.ok(agent.delete(guest(707) + "?purge=1"));
        agent.ok(agent.post(guest(706) + "/status/start"));
        assertThat(Simulated.fetch(address, "/starts")).isEqualTo("start\nstart\n");
    }

    @Test
    void aDetachedVolumeIsUnusedUntilItIsDeleted() {
        counting(708);
        agent.ok(agent.post(guest(708) + "/status/stop"));
        agent.put(guest(708) + "/config", "delete", "mp0").data();
        assertThat(agent.get(guest(708) + "/config").data().get("unused0").asString())
                .isEqualTo("local-lvm:vm-708-disk-1");
        agent.put(guest(708) + "/config", "delete", "unused0").data();
        assertThat(simulated
                        .root()
                        .get("/nodes/pve1/storage/local-lvm/content?vmid=708")
                        .data())
                .hasSize(1);
    }
}
