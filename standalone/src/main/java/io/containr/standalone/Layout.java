package io.containr.standalone;

import io.containr.local.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The ports and the guests' network of one installation. Chosen once and kept, since Kafka's log, running guests and
 * users' bookmarks know them.
 */
final class Layout {

    private static final Map<String, Integer> DEFAULT_PORTS = ports();

    private final Properties values;

    private Layout(Properties values) {
        this.values = values;
    }

    private static Map<String, Integer> ports() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("gateway", 8080);
        ports.put("gateway-management", 8109);
        ports.put("auth-service", 8101);
        ports.put("project-service", 8102);
        ports.put("build-service", 8103);
        ports.put("deploy-service", 8104);
        ports.put("database-service", 8105);
        ports.put("audit-service", 8106);
        ports.put("proxmox-agent", 8107);
        ports.put("guest-intake", 8108);
        ports.put("keycloak", 8110);
        ports.put("registry", 8111);
        ports.put("kafka", 8112);
        ports.put("postgres", 8113);
        ports.put("simulator", 8114);
        ports.put("kafka-controller", 8115);
        ports.put("demo-git", 8117);
        return ports;
    }

    /** The installation's layout, made at its first start. */
    static Layout of(Home home, boolean freePorts) {
        Path file = home.directory("layout.properties");
        Properties values = new Properties();
        try {
            if (Files.exists(file)) {
                try (var reader = Files.newBufferedReader(file)) {
                    values.load(reader);
                }
            }
            boolean changed = false;
            for (Map.Entry<String, Integer> port : DEFAULT_PORTS.entrySet()) {
                String key = "port." + port.getKey();
                if (!values.containsKey(key)) {
                    values.setProperty(key, Integer.toString(freePorts ? Ports.free() : port.getValue()));
                    changed = true;
                }
            }
            if (!values.containsKey("guests.cidr")) {
                int second = freePorts ? 100 + new SecureRandom().nextInt(100) : 86;
                int third = freePorts ? 16 * new SecureRandom().nextInt(16) : 0;
                values.setProperty("guests.cidr", "10.%d.%d.0/20".formatted(second, third));
                values.setProperty("guests.gateway", "10.%d.%d.1".formatted(second, third));
                values.setProperty("guests.network", "containr-%d-%d".formatted(second, third));
                changed = true;
            }
            if (changed) {
                try (Writer writer = Files.newBufferedWriter(file)) {
                    values.store(writer, "Ports and network of this installation; change them only while it is down.");
                }
            }
            return new Layout(values);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read or write " + file, e);
        }
    }

    int port(String name) {
        return Integer.parseInt(value("port." + name));
    }

    /** Every port, by the name of what listens there. */
    Map<String, Integer> allPorts() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        DEFAULT_PORTS.keySet().forEach(name -> ports.put(name, port(name)));
        return ports;
    }

    /** {@code http://127.0.0.1:port}. */
    String uri(String name) {
        return "http://127.0.0.1:" + port(name);
    }

    /** The guests' subnet, as CIDR. */
    String guestCidr() {
        return value("guests.cidr");
    }

    /** This machine's address in the guests' subnet. */
    String guestGateway() {
        return value("guests.gateway");
    }

    /** Name of the bridge network behind the simulated nodes. */
    String guestNetwork() {
        return value("guests.network");
    }

    private String value(String key) {
        String value = values.getProperty(key);
        if (value == null) {
            throw new IllegalStateException("layout.properties lacks " + key);
        }
        return value;
    }
}
