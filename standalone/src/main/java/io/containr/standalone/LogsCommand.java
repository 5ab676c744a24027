package io.containr.standalone;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the last lines of a program's log. */
@Command(name = "logs", description = "Show the platform's logs.", mixinStandardHelpOptions = true)
final class LogsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            defaultValue = Programs.PLATFORM,
            description = "platform or gateway (${DEFAULT-VALUE}); a service's name after up --processes.")
    private String program = Programs.PLATFORM;

    @Option(names = "--tail", defaultValue = "100", description = "How many lines (${DEFAULT-VALUE}).")
    private int tail = 100;

    @Override
    public Integer call() throws IOException {
        Path log = Home.find().log(program);
        if (!program.matches("[a-z-]+") || !Files.exists(log)) {
            throw new CommandFailedException("there is no log " + log);
        }
        List<String> lines = Files.readAllLines(log);
        PrintWriter out = spec.commandLine().getOut();
        lines.subList(Math.max(0, lines.size() - tail), lines.size()).forEach(out::println);
        out.flush();
        return 0;
    }
}
