package io.containr.simulator.schema;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The named formats of Proxmox's schema, with the texts it refuses them by. Formats not listed here accept everything. */
final class Formats {

    private record Format(Pattern pattern, String complaint) {
        Format(String pattern, String complaint) {
            this(Pattern.compile(pattern), complaint);
        }
    }

    private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String IPV4 = OCTET + "(?:\\." + OCTET + "){3}";

    private static final Map<String, Format> KNOWN = Map.ofEntries(
            Map.entry("pve-vmid", new Format("[1-9][0-9]{2,8}", "value does not look like a valid VM ID")),
            Map.entry("pve-node", new Format(LABEL, "value does not look like a valid node name")),
            Map.entry(
                    "dns-name",
                    new Format("(?:" + LABEL + "\\.)*" + LABEL, "value does not look like a valid DNS name")),
            Map.entry(
                    "pve-storage-id",
                    new Format("[a-zA-Z][a-zA-Z0-9_.-]*[a-zA-Z0-9]", "storage ID contains illegal characters")),
            Map.entry("pve-configid", new Format("[a-zA-Z][a-zA-Z0-9_-]+", "invalid configuration ID")),
            Map.entry("pve-tag", new Format("[a-zA-Z0-9_][a-zA-Z0-9_+.-]*", "invalid characters in tag")),
            Map.entry(
                    "pve-poolid",
                    new Format("[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+){0,2}", "invalid characters in pool name")),
            Map.entry("disk-size", new Format("\\d+(?:\\.\\d+)?[KMGT]?", "invalid size")),
            Map.entry("ipv4", new Format(IPV4, "value does not look like a valid IPv4 address")),
            Map.entry(
                    "pve-ipv4-config",
                    new Format(
                            "dhcp|manual|" + IPV4 + "/(?:[89]|[12][0-9]|3[0-2])",
                            "value does not look like a valid ipv4 network configuration")),
            Map.entry(
                    "mac-addr",
                    new Format(
                            "[a-fA-F0-9][02468aceACE](?::[a-fA-F0-9]{2}){5}",
                            "value does not look like a valid unicast MAC address")),
            Map.entry(
                    "pve-userid",
                    new Format("[^\\s:/]+@[A-Za-z][A-Za-z0-9._-]+", "value does not look like a valid user name")),
            Map.entry(
                    "pve-iface",
                    new Format("[a-zA-Z][a-zA-Z0-9_]{1,20}(?:[:.]\\d+)?", "invalid network interface name")),
            Map.entry(
                    "pve-lxc-mp-string",
                    new Format("(?!.*/\\.\\.?(?:/|$)).*", "contains illegal character sequences")));

    private Formats() {}

    /** Why the value is refused, or null where it is fine. */
    static @Nullable String complaint(String format, String value) {
        if (format.endsWith("-list")) {
            String element = format.substring(0, format.length() - "-list".length());
            for (String part : value.split("[,;\\s\\x00]+")) {
                String complaint = part.isEmpty() ? null : complaint(element, part);
                if (complaint != null) {
                    return complaint;
                }
            }
            return null;
        }
        Format known = KNOWN.get(format);
        return known == null || known.pattern().matcher(value).matches() ? null : known.complaint() + "\n";
    }
}
