package io.containr.standalone;

import io.containr.local.ChildProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows what runs; exits with 1 where something does not. */
@Command(name = "status", description = "Show what runs.", mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Home home = Home.find();
        home.create();
        Layout layout = Layout.of(home, false);
        Programs programs = new Programs(home);
        for (String program : new String[] {Programs.GATEWAY, Programs.PLATFORM}) {
            out.println(programs.find(program)
                    .map(process -> line(program, process))
                    .orElse("%-18s does not run".formatted(program)));
        }
        for (Service service : Service.ALL) {
            programs.find(service.name()).ifPresent(process -> out.println(line(service.name(), process)));
        }
        Map<String, String> states = new Health(layout).states();
        states.forEach((name, state) -> out.println("%-18s %s".formatted(name, state)));
        out.flush();
        return states.values().stream().allMatch("up"::equals) ? 0 : 1;
    }

    private static String line(String program, ChildProcess process) {
        return "%-18s process %d, %s".formatted(program, process.pid(), memory(process));
    }

    private static String memory(ChildProcess process) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024 + " MB resident")
                    .findFirst()
                    .orElse("no memory");
        } catch (IOException e) {
            return "gone";
        }
    }
}
