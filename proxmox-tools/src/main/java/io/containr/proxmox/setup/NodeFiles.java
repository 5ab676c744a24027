package io.containr.proxmox.setup;

/** What a node needs to read from a registry of one's own: the API has no parameter for it. */
final class NodeFiles {

    private NodeFiles() {}

    static String of(String registry) {
        return """
                see that the node reaches it: skopeo list-tags docker://%1$s/REPOSITORY
                signed by an authority of your own: put its certificate into /etc/containers/certs.d/%1$s/ca.crt
                with a login, as root: skopeo login --authfile /root/.config/containers/auth.json %1$s
                without TLS: /etc/containers/registries.conf.d/containr.conf with
                  [[registry]]
                  location = "%1$s"
                  insecure = true""".formatted(registry);
    }
}
