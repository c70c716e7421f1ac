/** What a device row reports of one look at the machine. */

import type { SystemReading, ThermalReading } from "@opensync-ts/target/system";
import type { DeviceReport, ThermalRecord } from "@opensync-ts/telemetry/device";
import { type CpuLook, cpuPercent, processesByCpu, processesByMemory } from "./cpu-use.ts";

export interface DeviceReportInput {
  /** Wall clock, ms since 1970. */
  readonly timestamp: number;
  readonly reading: SystemReading;
  /** At the report before, or when the row came. */
  readonly before: CpuLook;
  readonly thermal: readonly { readonly timestamp: number; readonly reading: ThermalReading }[];
}

/** Temperatures and chain masks are OWM's part of the device. */
export function deviceReport({ timestamp, reading, before, thermal }: DeviceReportInput): DeviceReport {
  const { load, uptimeSeconds, memory, fileSystems = [], power, fileHandles } = reading;
  const cpu = cpuPercent(before.cpu, reading.cpu);
  return {
    timestampMs: timestamp,
    ...(load && { load }),
    ...(uptimeSeconds !== undefined && { uptimeSeconds }),
    ...(memory && { memory }),
    fileSystems,
    ...(cpu !== undefined && { cpuPercent: cpu }),
    processesByCpu: processesByCpu(before, reading),
    processesByMemory: processesByMemory(reading),
    ...(power && {
      power: { supply: power.supply, consumption: power.consumption ?? 0, batteryLevel: power.batteryLevel ?? 0 },
    }),
    ...(fileHandles && { usedFileHandles: fileHandles.used, totalFileHandles: fileHandles.total }),
    temperatures: [],
    thermal: thermal.map(({ timestamp: at, reading: each }) => thermalRecord(at, each)),
  };
}

function thermalRecord(timestampMs: number, reading: ThermalReading): ThermalRecord {
  const { leds = [], ...rest } = reading;
  return { timestampMs, ...rest, txChainmasks: [], leds };
}
