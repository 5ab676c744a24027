package io.containr.agent.proxmox;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The use of guests by the REST API: one call for the whole cluster. */
final class ProxmoxUsageClient implements ProxmoxUsage {

    private final ProxmoxTransport http;

    ProxmoxUsageClient(ProxmoxTransport http) {
        this.http = http;
    }

    @Override
    public List<GuestUsage> usage() {
        return http.list("/cluster/resources?type=vm")
                .filter(each -> each.path("type").asString("").equals("lxc"))
                .filter(ProxmoxUsageClient::isMeasured)
                .map(ProxmoxUsageClient::usage)
                .toList();
    }

    /** One that has just started shows zeros until it was measured; nothing that runs uses no memory. */
    private static boolean isMeasured(JsonNode guest) {
        return guest.path("status").asString("").equals("running")
                && guest.path("uptime").asLong(0) > 0
                && guest.path("mem").asLong(0) > 0;
    }

    private static GuestUsage usage(JsonNode guest) {
        return new GuestUsage(
                guest.path("vmid").asInt(),
                guest.path("node").asString(),
                Duration.ofSeconds(guest.path("uptime").asLong()),
                guest.path("cpu").asDouble(0) * guest.path("maxcpu").asDouble(1),
                guest.path("mem").asLong(),
                counter(guest, "netin"),
                counter(guest, "netout"),
                counter(guest, "diskread"),
                counter(guest, "diskwrite"));
    }

    private static @Nullable Long counter(JsonNode guest, String name) {
        JsonNode value = guest.path(name);
        return value.isMissingNode() || value.isNull() ? null : value.asLong();
    }
}
