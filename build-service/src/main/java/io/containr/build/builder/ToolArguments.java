package io.containr.build.builder;

import io.containr.build.program.ChildProgram;
import io.containr.build.program.ClientVariables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a builder's program. A variable is named there and its value travels by the environment, since every
 * user of the machine can read a command line; names that would mean something to the program itself are the exception.
 */
final class ToolArguments {

    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> values = new HashMap<>();

    ToolArguments(Path program, String verb, String directory) {
        arguments.addAll(List.of(program.toString(), verb, directory));
    }

    /** One word, so that no value can be taken for an option. */
    ToolArguments with(String option, @Nullable String value) {
        if (value != null) {
            arguments.add(option + "=" + value);
        }
        return this;
    }

    ToolArguments flag(String option) {
        arguments.add(option);
        return this;
    }

    ToolArguments variables(Map<String, String> variables) {
        new TreeMap<>(variables).forEach((name, value) -> {
            if (ClientVariables.contains(name)) {
                arguments.add("--env=" + name + "=" + value);
            } else {
                arguments.add("--env=" + name);
                values.put(name, value);
            }
        });
        return this;
    }

    List<String> list() {
        return List.copyOf(arguments);
    }

    /** @param home what the program may leave files in */
    Map<String, String> environment(Path home) {
        Map<String, String> environment = new HashMap<>(values);
        environment.putAll(Map.of(
                "HOME",
                home.toString(),
                "TMPDIR",
                home.toString(),
                "PATH",
                ChildProgram.PATH,
                "LANG",
                "C.UTF-8",
                "NO_COLOR",
                "1"));
        return environment;
    }
}
