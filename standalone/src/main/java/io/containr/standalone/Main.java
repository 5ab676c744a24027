package io.containr.standalone;

import io.containr.proxmox.ConformanceCommand;
import io.containr.proxmox.ProxmoxCommand;
import io.containr.standalone.demo.Browser;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code containr}: what the script of that name hands over to. */
@Command(
        name = "containr",
        description = "Containr on one machine.",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            DemoCommand.class,
            ServeCommand.class,
            ConformanceCommand.class,
            ProxmoxCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        Browser.allowHostHeader();
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.setExecutionExceptionHandler((failure, parsed, result) -> {
            parsed.getErr().println("containr: " + failure.getMessage());
            if (!(failure instanceof CommandFailedException)) {
                failure.printStackTrace(parsed.getErr());
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(commandLine.execute(args));
    }
}
