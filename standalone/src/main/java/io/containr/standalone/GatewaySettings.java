package io.containr.standalone;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the gateway is told here that differs from its own file. */
final class GatewaySettings {

    private GatewaySettings() {}

    static Map<String, String> of(Home home, Layout layout, String bindAddress) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spring.config.additional-location", "optional:file:" + home.settings() + "/");
        settings.put("server.address", bindAddress);
        settings.put("server.port", Integer.toString(layout.port("gateway")));
        settings.put("management.server.address", "127.0.0.1");
        settings.put("management.server.port", Integer.toString(layout.port("gateway-management")));
        settings.put("spring.kafka.bootstrap-servers", "127.0.0.1:" + layout.port("kafka"));
        settings.put("containr.gateway.directory", home.directory("gateway").toString());
        for (String name : new String[] {"auth", "project", "build", "deploy", "database", "audit"}) {
            settings.put("containr.services." + name + ".uri", layout.uri(name + "-service"));
        }
        settings.put("containr.services.agent.uri", layout.uri("proxmox-agent"));
        return settings;
    }
}
