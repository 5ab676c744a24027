package io.containr.database.catalogue;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import java.math.BigDecimal;
import org.springframework.util.unit.DataSize;

/**
 * What a plan means.
 *
 * @param cpu in CPUs
 * @param disk of the volume that holds the data
 */
public record PlanSize(
        @NotNull @DecimalMin("0.05") @DecimalMax("128") BigDecimal cpu,
        @NotNull DataSize memory,
        @NotNull DataSize disk) {

    public int cpuMillis() {
        return cpu.movePointRight(3).intValue();
    }

    /** Whether it has as much of everything as the other one. */
    public boolean holds(PlanSize other) {
        return cpu.compareTo(other.cpu) >= 0 && memory.compareTo(other.memory) >= 0 && disk.compareTo(other.disk) >= 0;
    }

    public int memoryMiB() {
        return Math.toIntExact(memory.toMegabytes());
    }

    public int diskMiB() {
        return Math.toIntExact(disk.toMegabytes());
    }
}
