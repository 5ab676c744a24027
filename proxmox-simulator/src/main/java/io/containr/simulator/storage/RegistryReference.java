package io.containr.simulator.storage;

/** {@code host[:port]/name[:tag]}; a reference without a host means Docker Hub, as it does for skopeo. */
record RegistryReference(String host, String name, String tag) {

    static RegistryReference parse(String text) {
        int slash = text.indexOf('/');
        String first = slash < 0 ? "" : text.substring(0, slash);
        boolean hasHost = first.contains(".") || first.contains(":") || first.equals("localhost");
        String host = hasHost ? first : "docker.io";
        String rest = hasHost ? text.substring(slash + 1) : text;
        int colon = rest.lastIndexOf(':');
        return colon < 0
                ? new RegistryReference(host, rest, "")
                : new RegistryReference(host, rest.substring(0, colon), rest.substring(colon + 1));
    }

    String repository() {
        return host + "/" + name;
    }

    /** Loopback registries are spoken to without TLS, as the engine does. */
    boolean loopback() {
        String bare = host.replaceFirst(":\\d+$", "");
        return bare.equals("localhost") || bare.startsWith("127.");
    }

    /** The file Proxmox would store it in: last part of the name and the tag. */
    String fileName() {
        return name.substring(name.lastIndexOf('/') + 1) + "_" + tag;
    }
}
