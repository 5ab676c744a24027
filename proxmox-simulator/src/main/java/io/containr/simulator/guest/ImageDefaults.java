package io.containr.simulator.guest;

import io.containr.simulator.engine.ImageFacts;
import io.containr.simulator.guest.Guest.RawKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** What Proxmox takes over from an OCI image into the configuration of a new guest, whatever the caller had asked for. */
final class ImageDefaults {

    private ImageDefaults() {}

    static void putCommand(ImageFacts image, Map<String, String> config) {
        String entrypoint = CommandLine.join(image.command());
        if (!entrypoint.isEmpty() && !entrypoint.equals("/sbin/init")) {
            config.put("entrypoint", entrypoint);
        }
        if (!image.environment().isEmpty()) {
            config.put("env", String.join("\0", image.environment()));
        }
        config.put("cmode", "console");
        config.replaceAll((key, value) -> NetworkDevice.named(key)
                ? NetworkDevice.parse(value).hostManaged().toString()
                : value);
    }

    /** @param file reads a file of the image, empty where it is missing */
    static List<RawKey> rawKeys(ImageFacts image, Function<String, Optional<String>> file) {
        List<RawKey> raw = new ArrayList<>();
        if (!image.user().isEmpty()) {
            String[] user = image.user().split(":", 2);
            Optional<String[]> entry = numeric(user[0])
                    ? lookUp(file, "/etc/passwd", 2, user[0])
                    : lookUp(file, "/etc/passwd", 0, user[0]);
            String uid =
                    numeric(user[0]) ? user[0] : entry.map(fields -> fields[2]).orElse("0");
            String gid = user.length == 2
                    ? group(user[1], file)
                    : entry.map(fields -> fields[3]).orElse("0");
            raw.add(new RawKey("lxc.init.uid", uid));
            raw.add(new RawKey("lxc.init.gid", gid));
        }
        if (!image.workingDirectory().isEmpty()) {
            raw.add(new RawKey("lxc.init.cwd", image.workingDirectory()));
        }
        raw.add(new RawKey("lxc.signal.halt", Objects.requireNonNullElse(image.stopSignal(), "SIGTERM")));
        return raw;
    }

    private static boolean numeric(String text) {
        return text.matches("\\d+");
    }

    private static String group(String name, Function<String, Optional<String>> file) {
        return numeric(name)
                ? name
                : lookUp(file, "/etc/group", 0, name).map(fields -> fields[2]).orElse("0");
    }

    private static Optional<String[]> lookUp(
            Function<String, Optional<String>> file, String path, int field, String value) {
        return file.apply(path).stream()
                .flatMap(String::lines)
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length >= 4 && fields[field].equals(value))
                .findFirst();
    }
}
