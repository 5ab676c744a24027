package io.containr.database.catalogue;

import io.containr.database.DatabaseProperties;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** The engines and plans of this installation; one that contradicts itself keeps the service from starting. */
@Component
public class Catalogue {

    /** What is generated for each database, as it stands in an engine's variables. */
    public static final Set<String> PLACEHOLDERS = Set.of(
            "{user}",
            "{password}",
            "{admin-password}",
            "{database}",
            Engine.CERTIFICATE,
            Engine.KEY,
            Engine.AUTHORITY,
            Engine.WAL_LIMIT);

    private static final Pattern BRACES = Pattern.compile("\\{[^}]*}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** A name with a tag or a digest: what is run must not change by itself from one major version to the next. */
    private static final Pattern IMAGE =
            Pattern.compile("[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*(:(?!latest$)[A-Za-z0-9_.-]+|@sha256:[0-9a-f]{64})");

    private final Map<DatabaseType, Engine> engines;
    private final Map<Plan, PlanSize> plans;

    /** @throws IllegalStateException naming everything that is wrong */
    public Catalogue(DatabaseProperties properties) {
        this.engines = properties.engines();
        this.plans = properties.plans();
        List<String> problems = new ArrayList<>();
        for (Plan plan : Plan.values()) {
            if (!plans.containsKey(plan)) {
                problems.add("plans." + plan.word() + " is missing");
            } else if (size(plan).memoryMiB() < 64 || size(plan).diskMiB() < 64) {
                problems.add("plans." + plan.word() + " has less than 64 MB of memory or disk");
            }
        }
        for (DatabaseType type : DatabaseType.values()) {
            if (engines.containsKey(type)) {
                check("engines." + type.word(), engine(type), problems);
            } else {
                problems.add("engines." + type.word() + " is missing");
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalStateException(
                    "The catalogue of databases (containr.database) is wrong: " + String.join("; ", problems));
        }
    }

    private static void check(String where, Engine engine, List<String> problems) {
        Set<String> versions = new HashSet<>();
        for (Engine.Version version : engine.versions()) {
            if (!versions.add(version.version())) {
                problems.add(where + ".versions names " + version.version() + " twice");
            }
            if (!IMAGE.matcher(version.image()).matches()) {
                problems.add(
                        where + ".versions: " + version.image() + " is no image with a tag (not latest) or digest");
            }
        }
        if (!engine.command().isEmpty() && !engine.arguments().isEmpty()) {
            problems.add(where + " has a command and arguments; one of them is enough");
        }
        engine.variables().forEach((name, value) -> {
            if (!VARIABLE.matcher(name).matches()) {
                problems.add(where + ".variables: " + name + " is no name of a variable");
            }
            Matcher braces = BRACES.matcher(value);
            while (braces.find()) {
                if (!PLACEHOLDERS.contains(braces.group())) {
                    problems.add(where + ".variables." + name + ": nothing is generated for " + braces.group());
                }
            }
        });
        if (engine.variables().containsValue(Engine.KEY) != engine.hasCertificate()) {
            problems.add(where + ".variables has one of {certificate} and {key}; an engine needs both");
        }
        if (engine.variables().values().stream().noneMatch(value -> value.contains("{password}"))) {
            problems.add(where + ".variables hands the {password} to nobody");
        }
    }

    public Engine engine(DatabaseType type) {
        return Objects.requireNonNull(engines.get(type), "checked at start");
    }

    public PlanSize size(Plan plan) {
        return Objects.requireNonNull(plans.get(plan), "checked at start");
    }
}
