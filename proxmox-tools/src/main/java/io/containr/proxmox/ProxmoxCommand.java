package io.containr.proxmox;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What concerns the cluster. */
@Command(
        name = "proxmox",
        mixinStandardHelpOptions = true,
        description = "Make a Proxmox VE cluster ready, and look after it.",
        subcommands = {
            SetupCommand.class,
            DoctorCommand.class,
            DrainCommand.class,
            UndrainCommand.class,
            CommandLine.HelpCommand.class
        })
public final class ProxmoxCommand {}
