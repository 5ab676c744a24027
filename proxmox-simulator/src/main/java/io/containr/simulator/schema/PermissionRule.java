package io.containr.simulator.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Who may call a method, as Proxmox declares it. Paths may hold {@code {parameter}}s. */
public sealed interface PermissionRule {

    /** Anyone who is authenticated; the method itself checks more. */
    record Authenticated() implements PermissionRule {}

    /** Anyone at all. */
    record World() implements PermissionRule {}

    /** All privileges (or any of them) on a path; with {@code parameter}, only where that parameter is given. */
    record On(
            String path,
            List<String> privileges,
            boolean any,
            @Nullable String parameter) implements PermissionRule {}

    /** The caller is the user named by {@code userid}. */
    record Self() implements PermissionRule {}

    record All(List<PermissionRule> rules) implements PermissionRule {}

    record Any(List<PermissionRule> rules) implements PermissionRule {}

    static PermissionRule read(JsonNode declared) {
        if (declared.has("check")) {
            return rule(declared.get("check"));
        }
        return switch (declared.path("user").asString("")) {
            case "world" -> new World();
            case "all" -> new Authenticated();
            default -> new On("/", List.of("Sys.Modify"), false, null);
        };
    }

    private static PermissionRule rule(JsonNode check) {
        return switch (check.get(0).asString()) {
            case "and" ->
                new All(check.valueStream().skip(1).map(PermissionRule::rule).toList());
            case "or" ->
                new Any(check.valueStream().skip(1).map(PermissionRule::rule).toList());
            case "perm" -> permission(check);
            case "perm-modify" -> new On(check.get(1).asString(), List.of("Permissions.Modify"), false, null);
            case "userid-param" ->
                check.get(1).asString().equals("self")
                        ? new Self()
                        : new On("/access/realm/pve", List.of(check.get(1).asString()), false, null);
            case "userid-group" -> new On("/access/groups", texts(check.get(1)), false, null);
            default -> throw new IllegalArgumentException("unknown permission rule " + check);
        };
    }

    private static PermissionRule permission(JsonNode check) {
        boolean any = false;
        String parameter = null;
        for (int i = 3; i + 1 < check.size(); i += 2) {
            switch (check.get(i).asString()) {
                case "any" -> any = check.get(i + 1).asInt() == 1;
                case "require_param" -> parameter = check.get(i + 1).asString();
                default -> throw new IllegalArgumentException("unknown permission option " + check);
            }
        }
        return new On(check.get(1).asString(), texts(check.get(2)), any, parameter);
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }
}
