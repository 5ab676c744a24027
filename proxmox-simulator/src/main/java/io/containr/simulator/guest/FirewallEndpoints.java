package io.containr.simulator.guest;

import io.containr.simulator.api.ApiException;
import io.containr.simulator.api.Call;
import io.containr.simulator.api.Router;
import io.containr.simulator.guest.Guest.Firewall;
import io.containr.simulator.schema.ApiSchema;
import io.containr.simulator.schema.MethodSchema;
import io.containr.simulator.schema.PropertySchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A guest's firewall: options and rules. Rules are addressed by position; new ones go to the top. */
final class FirewallEndpoints {

    private static final String BASE = "/nodes/{node}/lxc/{vmid}/firewall";
    private static final Set<String> NOT_STORED = Set.of("node", "vmid", "digest", "delete", "pos", "moveto");

    private final Guests guests;
    private final GuestFirewalls firewalls;
    private final MethodSchema optionSchema;
    private final MethodSchema ruleSchema;

    FirewallEndpoints(Guests guests, GuestFirewalls firewalls, ApiSchema schema) {
        this.guests = guests;
        this.firewalls = firewalls;
        this.optionSchema = schema.method("PUT " + BASE + "/options");
        this.ruleSchema = schema.method("POST " + BASE + "/rules");
    }

    void addTo(Router router) {
        router.add("GET " + BASE + "/options", this::options)
                .add("PUT " + BASE + "/options", this::setOptions)
                .add("GET " + BASE + "/rules", this::rules)
                .add("POST " + BASE + "/rules", this::addRule)
                .add("GET " + BASE + "/rules/{pos}", this::rule)
                .add("PUT " + BASE + "/rules/{pos}", this::changeRule)
                .add("DELETE " + BASE + "/rules/{pos}", this::deleteRule);
    }

    private Firewall firewall(Call call) {
        return guests.require(call.node(), call.vmid()).firewall();
    }

    private static String digest(Object what) {
        boolean empty = what instanceof Map<?, ?> map && map.isEmpty();
        return ConfigView.sha1(empty ? "" : what.toString());
    }

    private Object options(Call call) {
        Map<String, String> options = firewall(call).options();
        Map<String, Object> shown = typed(optionSchema, options);
        shown.put("digest", digest(options));
        return shown;
    }

    private @Nullable Object setOptions(Call call) {
        Map<String, String> given = stored(call);
        change(call, firewall -> {
            requireDigest(call, digest(firewall.options()));
            Map<String, String> options = new TreeMap<>(firewall.options());
            options.putAll(given);
            List.of(call.text("delete", "").split("[,;\\s]+")).forEach(options::remove);
            return firewall.withOptions(options);
        });
        return null;
    }

    private Object rules(Call call) {
        List<Map<String, String>> rules = firewall(call).rules();
        List<Map<String, Object>> shown = new ArrayList<>();
        for (int position = 0; position < rules.size(); position++) {
            shown.add(shown(rules, position));
        }
        return shown;
    }

    private Object rule(Call call) {
        List<Map<String, String>> rules = firewall(call).rules();
        return shown(rules, position(call, rules));
    }

    private Map<String, Object> shown(List<Map<String, String>> rules, int position) {
        Map<String, Object> shown = typed(ruleSchema, rules.get(position));
        shown.put("pos", position);
        shown.putIfAbsent("enable", 0);
        shown.put("digest", digest(rules));
        return shown;
    }

    private static Map<String, Object> typed(MethodSchema schema, Map<String, String> values) {
        Map<String, Object> typed = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            PropertySchema property = schema.property(key);
            typed.put(key, property != null && property.integral() ? Long.valueOf(integral(value)) : value);
        });
        return typed;
    }

    private static String integral(String value) {
        return value.matches("-?\\d+") ? value : Call.isTrue(value) ? "1" : "0";
    }

    private @Nullable Object addRule(Call call) {
        change(call, firewall -> {
            requireDigest(call, digest(firewall.rules()));
            List<Map<String, String>> rules = new ArrayList<>(firewall.rules());
            rules.add((int) Math.min(call.number("pos", 0), rules.size()), stored(call));
            return firewall.withRules(rules);
        });
        return null;
    }

    private @Nullable Object changeRule(Call call) {
        change(call, firewall -> {
            requireDigest(call, digest(firewall.rules()));
            List<Map<String, String>> rules = new ArrayList<>(firewall.rules());
            int position = position(call, rules);
            Map<String, String> rule = new TreeMap<>(rules.remove(position));
            rule.putAll(stored(call));
            List.of(call.text("delete", "").split("[,;\\s]+")).forEach(rule::remove);
            rules.add((int) Math.min(call.number("moveto", position), rules.size()), rule);
            return firewall.withRules(rules);
        });
        return null;
    }

    private @Nullable Object deleteRule(Call call) {
        change(call, firewall -> {
            requireDigest(call, digest(firewall.rules()));
            List<Map<String, String>> rules = new ArrayList<>(firewall.rules());
            rules.remove(position(call, rules));
            return firewall.withRules(rules);
        });
        return null;
    }

    private void change(Call call, UnaryOperator<Firewall> change) {
        guests.require(call.node(), call.vmid());
        firewalls.changed(guests.update(call.vmid(), guest -> guest.withFirewall(change.apply(guest.firewall()))));
    }

    private static int position(Call call, List<?> rules) {
        int position = (int) call.number("pos", 0);
        if (position >= rules.size()) {
            throw ApiException.failed("no rule at position " + position);
        }
        return position;
    }

    private static void requireDigest(Call call, String digest) {
        String expected = call.optional("digest");
        if (expected != null && !expected.equals(digest)) {
            throw ApiException.failed("detected modified configuration - file changed by other user? Try again.");
        }
    }

    private static Map<String, String> stored(Call call) {
        Map<String, String> stored = new TreeMap<>(call.parameters());
        stored.keySet().removeAll(NOT_STORED);
        return stored;
    }
}
