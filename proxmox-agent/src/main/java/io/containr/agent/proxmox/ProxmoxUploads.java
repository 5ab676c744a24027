package io.containr.agent.proxmox;

import java.nio.file.Path;

/** What the agent sends to storages of Proxmox VE, by the same rules as {@link Proxmox}. */
public interface ProxmoxUploads {

    /** Puts a template into a storage, in place of one of that name; the task takes over what was sent. */
    Upid upload(String node, String storage, Path file, String fileName);
}
