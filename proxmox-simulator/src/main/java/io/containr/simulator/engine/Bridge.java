package io.containr.simulator.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Network;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The engine's network that guests hang on.
 *
 * @param subnet such as {@code 10.213.7.0/24}
 * @param gateway this machine's address on it
 * @param device the bridge itself, as the machine names it
 */
public record Bridge(String name, String subnet, String gateway, String device) {

    private static final int ATTEMPTS = 40;
    private static final String DEVICE = "com.docker.network.bridge.name";

    /** The engine's network of that name, if there is one. */
    public static Optional<Bridge> find(DockerClient client, String name) {
        try {
            return Optional.of(
                    read(name, client.inspectNetworkCmd().withNetworkId(name).exec()));
        } catch (NotFoundException missing) {
            return Optional.empty();
        }
    }

    static Bridge ensure(DockerClient client, String instance, String name, @Nullable String subnet) {
        return find(client, name)
                .orElseGet(() ->
                        subnet == null ? anywhere(client, instance, name) : create(client, instance, name, subnet));
    }

    /** Tries subnets of 10.128.0.0/9 until the engine takes one. */
    private static Bridge anywhere(DockerClient client, String instance, String name) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int attempt = 1; ; attempt++) {
            String subnet = "10.%d.%d.0/24".formatted(random.nextInt(128, 255), random.nextInt(256));
            try {
                return create(client, instance, name, subnet);
            } catch (DockerException taken) {
                if (attempt == ATTEMPTS) {
                    throw taken;
                }
            }
        }
    }

    private static Bridge create(DockerClient client, String instance, String name, String subnet) {
        String gateway = subnet.replaceFirst("\\.\\d+/\\d+$", ".1");
        client.createNetworkCmd()
                .withName(name)
                .withDriver("bridge")
                .withCheckDuplicate(true)
                .withLabels(Labels.of(instance))
                .withOptions(Map.of(DEVICE, interfaceOf(gateway)))
                .withIpam(new Network.Ipam()
                        .withConfig(List.of(
                                new Network.Ipam.Config().withSubnet(subnet).withGateway(gateway))))
                .exec();
        return new Bridge(name, subnet, gateway, interfaceOf(gateway));
    }

    /**
     * The same name for the same subnet every time: an engine that ended leaves its bridge behind, and the next one takes
     * that over instead of making a second one with the same route, behind which no guest could be reached.
     */
    private static String interfaceOf(String gateway) {
        StringBuilder name = new StringBuilder("ct-");
        for (String part : gateway.split("\\.")) {
            name.append("%02x".formatted(Integer.parseInt(part)));
        }
        return name.toString();
    }

    /** Whoever makes a network without naming its bridge gets one that is named after the network's id. */
    private static String deviceOf(Network network) {
        String named =
                network.getOptions() == null ? null : network.getOptions().get(DEVICE);
        return named == null || named.isEmpty() ? "br-" + network.getId().substring(0, 12) : named;
    }

    private static Bridge read(String name, Network network) {
        Network.Ipam.Config config = network.getIpam().getConfig().getFirst();
        String gateway = config.getGateway();
        return new Bridge(
                name,
                config.getSubnet(),
                gateway == null ? config.getSubnet().replaceFirst("\\.\\d+/\\d+$", ".1") : gateway,
                deviceOf(network));
    }

    void remove(DockerClient client, String instance) {
        try {
            Map<String, String> labels =
                    client.inspectNetworkCmd().withNetworkId(name).exec().getLabels();
            if (labels != null && instance.equals(labels.get(Labels.INSTANCE))) {
                client.removeNetworkCmd(name).exec();
            }
        } catch (NotFoundException gone) {
            return;
        }
    }
}
