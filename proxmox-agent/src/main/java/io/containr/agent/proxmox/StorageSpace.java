package io.containr.agent.proxmox;

/**
 * How full a storage is that a node reaches.
 *
 * @param node who says so; of a storage that several nodes share, each does
 * @param totalBytes 0: not known
 */
public record StorageSpace(String node, String storage, long usedBytes, long totalBytes) {

    /** Whole per cent in use, 0 where that is not known. */
    public int percent() {
        return totalBytes == 0 ? 0 : (int) Math.round(100.0 * usedBytes / totalBytes);
    }
}
