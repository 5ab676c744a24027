package io.containr.contracts.project;

/**
 * What one instance may use; the hypervisor holds it to that.
 *
 * @param cpuMillis thousandths of a CPU
 * @param memoryMiB MiB of memory
 * @param diskMiB MiB of root disk
 */
public record Resources(int cpuMillis, int memoryMiB, int diskMiB) {

    /** Half a CPU, 512 MiB of memory, 2 GiB of disk. */
    public static final Resources DEFAULT = new Resources(500, 512, 2048);

    public Resources {
        if (cpuMillis < 1 || memoryMiB < 16 || diskMiB < 16) {
            throw new IllegalArgumentException(
                    "too small: " + cpuMillis + "m, " + memoryMiB + " MiB, " + diskMiB + " MiB");
        }
    }
}
