package io.containr.agent.proxmox;

import java.time.Instant;

/**
 * A backup on a storage.
 *
 * @param volumeId such as {@code local:backup/vzdump-lxc-10001-….tar.zst}
 * @param notes as they were given when it was taken
 */
public record BackupArchive(String volumeId, long sizeBytes, Instant takenAt, String notes) {}
