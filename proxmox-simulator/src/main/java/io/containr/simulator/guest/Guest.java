package io.containr.simulator.guest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A guest as it is kept on disk; a value, changed by making another.
 *
 * @param config what it runs with; values as text
 * @param pending values that wait for the next start; an absent value (null) waits to be deleted
 * @param raw {@code lxc.*} keys, which no API call can set
 * @param image the engine's image that its root file system stands on
 * @param imageBytes size of that image when the guest was made
 * @param imageVolumes engine volumes for the paths that the image declares as volumes
 * @param taskLock whether the {@code lock} property belongs to a task of this process, and so ends with it
 */
record Guest(
        int vmid,
        String node,
        Map<String, String> config,
        Map<String, @Nullable String> pending,
        List<RawKey> raw,
        String image,
        long imageBytes,
        Map<String, String> imageVolumes,
        boolean taskLock,
        List<Snapshot> snapshots,
        Firewall firewall) {

    record RawKey(String key, String value) {}

    /**
     * @param image held for the root file system as it was
     * @param volumes engine volumes with the mount points' content as it was, by volume id
     */
    record Snapshot(
            String name,
            String description,
            long time,
            @Nullable String parent,
            Map<String, String> config,
            List<RawKey> raw,
            String image,
            Map<String, String> volumes) {}

    /**
     * What may pass; see {@link GuestFirewalls}.
     *
     * @param sets of addresses, by name
     */
    record Firewall(Map<String, String> options, List<Map<String, String>> rules, Map<String, List<String>> sets) {
        static final Firewall NONE = new Firewall(Map.of(), List.of(), Map.of());

        /** One that was kept before there were sets has none. */
        Firewall(
                Map<String, String> options,
                List<Map<String, String>> rules,
                @Nullable Map<String, List<String>> sets) {
            this.options = options;
            this.rules = rules;
            this.sets = sets == null ? Map.of() : sets;
        }

        Firewall withOptions(Map<String, String> changed) {
            return new Firewall(changed, rules, sets);
        }

        Firewall withRules(List<Map<String, String>> changed) {
            return new Firewall(options, changed, sets);
        }

        Firewall withSets(Map<String, List<String>> changed) {
            return new Firewall(options, rules, changed);
        }
    }

    /** A vmid taken, nothing else yet. */
    static Guest reserved(int vmid, String node) {
        return new Guest(
                vmid,
                node,
                new TreeMap<>(Map.of("lock", "create")),
                new TreeMap<>(),
                List.of(),
                "",
                0,
                Map.of(),
                true,
                List.of(),
                Firewall.NONE);
    }

    Optional<String> value(String key) {
        return Optional.ofNullable(config.get(key));
    }

    long number(String key, long otherwise) {
        return value(key).map(Long::parseLong).orElse(otherwise);
    }

    String hostname() {
        return config.getOrDefault("hostname", "CT" + vmid);
    }

    Optional<String> lock() {
        return value("lock");
    }

    Optional<String> rawValue(String key) {
        return raw.stream()
                .filter(raw -> raw.key().equals(key))
                .map(RawKey::value)
                .findFirst();
    }

    Optional<Snapshot> snapshot(String name) {
        return snapshots.stream()
                .filter(snapshot -> snapshot.name().equals(name))
                .findFirst();
    }

    Optional<NetworkDevice> network() {
        return value("net0").map(NetworkDevice::parse);
    }

    /** Mount points by key, the root file system excluded. */
    Map<String, MountPoint> mounts() {
        Map<String, MountPoint> mounts = new TreeMap<>();
        config.forEach((key, value) -> {
            if (MountPoint.named(key) && !key.equals("rootfs")) {
                mounts.put(key, MountPoint.parse(value));
            }
        });
        return mounts;
    }

    /** Ids of all volumes that belong to it, unused ones included. */
    List<String> volumes() {
        return config.entrySet().stream()
                .filter(entry ->
                        MountPoint.named(entry.getKey()) || entry.getKey().startsWith("unused"))
                .map(entry -> MountPoint.parse(entry.getValue()).volume())
                .toList();
    }

    Guest with(Consumer<Map<String, String>> change) {
        Map<String, String> changed = new TreeMap<>(config);
        change.accept(changed);
        return withConfig(changed);
    }

    Guest with(String key, String value) {
        return with(config -> config.put(key, value));
    }

    Guest without(String key) {
        return with(config -> config.remove(key));
    }

    Guest withConfig(Map<String, String> changed) {
        return new Guest(
                vmid, node, changed, pending, raw, image, imageBytes, imageVolumes, taskLock, snapshots, firewall);
    }

    Guest withPending(Map<String, @Nullable String> changed) {
        return new Guest(
                vmid, node, config, changed, raw, image, imageBytes, imageVolumes, taskLock, snapshots, firewall);
    }

    Guest withRaw(List<RawKey> changed) {
        return new Guest(
                vmid, node, config, pending, changed, image, imageBytes, imageVolumes, taskLock, snapshots, firewall);
    }

    Guest withImage(String changed, long bytes, Map<String, String> volumes) {
        return new Guest(vmid, node, config, pending, raw, changed, bytes, volumes, taskLock, snapshots, firewall);
    }

    Guest withImage(String changed) {
        return withImage(changed, imageBytes, imageVolumes);
    }

    Guest withSnapshots(List<Snapshot> changed) {
        return new Guest(
                vmid, node, config, pending, raw, image, imageBytes, imageVolumes, taskLock, changed, firewall);
    }

    Guest withFirewall(Firewall changed) {
        return new Guest(
                vmid, node, config, pending, raw, image, imageBytes, imageVolumes, taskLock, snapshots, changed);
    }

    /** Locked by a task. */
    Guest locked(String lock) {
        Guest locked = with("lock", lock);
        return new Guest(
                vmid, node, locked.config, pending, raw, image, imageBytes, imageVolumes, true, snapshots, firewall);
    }

    Guest unlocked() {
        Guest unlocked = without("lock");
        return new Guest(
                vmid, node, unlocked.config, pending, raw, image, imageBytes, imageVolumes, false, snapshots, firewall);
    }

    /** Takes an option away; a mount point leaves its volume behind as unused. */
    static Optional<String> drop(Map<String, String> config, String key) {
        Optional<String> removed = Optional.ofNullable(config.remove(key));
        if (removed.isPresent() && MountPoint.named(key)) {
            int number = 0;
            while (config.containsKey("unused" + number)) {
                number++;
            }
            config.put("unused" + number, MountPoint.parse(removed.get()).volume());
        }
        return removed;
    }

    /** What waited for a start, taken over. */
    Guest settled() {
        Map<String, String> changed = new TreeMap<>(config);
        pending.forEach((key, value) -> {
            if (value == null) {
                drop(changed, key);
            } else {
                changed.put(key, value);
            }
        });
        return withConfig(changed).withPending(new TreeMap<>());
    }
}
