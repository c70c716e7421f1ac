/** The device itself: load, memory, temperature. SM writes the whole of it; OWM only thermal records with chain masks. */

import { isFieldSet } from "@bufbuild/protobuf";
import {
  type Device,
  type Device_PerProcessUtil,
  type Device_PowerInfo,
  type Device_Thermal,
  Device_ThermalSchema,
  DeviceSchema,
} from "./gen/opensync_stats_pb.ts";
import type { Fields } from "./message.ts";
import { type Band, bands, type FileSystem, fileSystems, type PowerSupply, powerSupplies } from "./names.ts";
import { counter, fromUint64, int32, real, uint32, uint64 } from "./numbers.ts";

/** What is absent was not looked at. */
export interface DeviceReport {
  /** Wall clock, ms since 1970; 0 when the node did not say. */
  readonly timestampMs: number;
  /** Processes that want to run, on average over 1, 5 and 15 minutes. */
  readonly load?: { readonly one: number; readonly five: number; readonly fifteen: number };
  readonly uptimeSeconds?: number;
  readonly memory?: Memory;
  readonly fileSystems: readonly FileSystemUse[];
  readonly cpuPercent?: number;
  /** `use` in percent of the CPU. */
  readonly processesByCpu: readonly ProcessUse[];
  /** `use` in kB. */
  readonly processesByMemory: readonly ProcessUse[];
  readonly power?: Power;
  readonly usedFileHandles?: number;
  readonly totalFileHandles?: number;
  readonly temperatures: readonly { readonly band: Band; readonly celsius: number }[];
  readonly thermal: readonly ThermalRecord[];
}

/** In kB. */
export interface Memory {
  readonly total: number;
  readonly used: number;
  readonly swapTotal: number;
  readonly swapUsed: number;
}

/** In kB. */
export interface FileSystemUse {
  readonly type: FileSystem;
  readonly total: number;
  readonly used: number;
}

export interface ProcessUse {
  readonly pid: number;
  readonly command: string;
  readonly use: number;
}

export interface Power {
  readonly supply: PowerSupply;
  /** As the device's driver gives it; 0 for unknown. */
  readonly consumption: number;
  /** As the device's driver gives it; 0 for unknown. */
  readonly batteryLevel: number;
}

/** One look at what keeps the device cool. What is absent the device does not have. */
export interface ThermalRecord {
  readonly timestampMs: number;
  readonly fanRpm?: number;
  readonly fanDutyCyclePercent?: number;
  readonly thermalState?: number;
  readonly targetRpm?: number;
  /** Transmit chains in use, a bitmap for each radio; 0 while the radio is off. The first three radios are told. */
  readonly txChainmasks: readonly { readonly band: Band; readonly mask: number }[];
  readonly leds: readonly { readonly position: number; readonly value: number }[];
}

const toldChainmasks = 3;

export function deviceMessage(report: DeviceReport): Fields<Device> {
  const { load, memory, uptimeSeconds, cpuPercent, power, usedFileHandles, totalFileHandles } = report;
  return {
    load: load && { one: real(load.one), five: real(load.five), fifteen: real(load.fifteen) },
    radioTemp: report.temperatures.map(({ band, celsius }) => ({ band: bands.value(band), value: int32(celsius) })),
    timestampMs: uint64(report.timestampMs),
    uptime: uptimeSeconds === undefined ? undefined : uint32(uptimeSeconds),
    thermalStats: report.thermal.map(thermalMessage),
    memUtil: memory && {
      memTotal: uint32(memory.total),
      memUsed: uint32(memory.used),
      swapTotal: uint32(memory.swapTotal),
      swapUsed: uint32(memory.swapUsed),
    },
    fsUtil: report.fileSystems.map(({ type, total, used }) => ({
      fsType: fileSystems.value(type),
      fsTotal: uint32(total),
      fsUsed: uint32(used),
    })),
    cpuUtil: cpuPercent === undefined ? undefined : { cpuUtil: uint32(cpuPercent) },
    psCpuUtil: report.processesByCpu.map(processMessage),
    psMemUtil: report.processesByMemory.map(processMessage),
    powerInfo: power && powerMessage(power),
    usedFileHandles: usedFileHandles === undefined ? undefined : uint32(usedFileHandles),
    totalFileHandles: totalFileHandles === undefined ? undefined : uint32(totalFileHandles),
  };
}

export function deviceOf(message: Device): DeviceReport {
  const { load, memUtil, cpuUtil, powerInfo } = message;
  const has = (field: "uptime" | "usedFileHandles" | "totalFileHandles") =>
    isFieldSet(message, DeviceSchema.field[field]);
  return {
    timestampMs: fromUint64(message.timestampMs),
    ...(load && { load: { one: load.one, five: load.five, fifteen: load.fifteen } }),
    ...(has("uptime") && { uptimeSeconds: message.uptime }),
    ...(memUtil && {
      memory: {
        total: memUtil.memTotal,
        used: memUtil.memUsed,
        swapTotal: memUtil.swapTotal,
        swapUsed: memUtil.swapUsed,
      },
    }),
    fileSystems: message.fsUtil.map(({ fsType, fsTotal, fsUsed }) => ({
      type: fileSystems.name(fsType),
      total: fsTotal,
      used: fsUsed,
    })),
    ...(cpuUtil && { cpuPercent: cpuUtil.cpuUtil }),
    processesByCpu: message.psCpuUtil.map(processOf),
    processesByMemory: message.psMemUtil.map(processOf),
    ...(powerInfo && { power: powerOf(powerInfo) }),
    ...(has("usedFileHandles") && { usedFileHandles: message.usedFileHandles }),
    ...(has("totalFileHandles") && { totalFileHandles: message.totalFileHandles }),
    temperatures: message.radioTemp.map(({ band, value }) => ({ band: bands.name(band), celsius: value })),
    thermal: message.thermalStats.map(thermalOf),
  };
}

function thermalMessage(record: ThermalRecord): Fields<Device_Thermal> {
  const known = (value: number | undefined) => (value === undefined ? undefined : uint32(value));
  return {
    txchainmask: record.txChainmasks
      .slice(0, toldChainmasks)
      .map(({ band, mask }) => ({ band: bands.value(band), value: uint32(mask) })),
    fanRpm: known(record.fanRpm),
    timestampMs: uint64(record.timestampMs),
    fanDutyCycle: known(record.fanDutyCyclePercent),
    thermalState: known(record.thermalState),
    targetRpm: known(record.targetRpm),
    ledState: record.leds.map(({ position, value }) => ({ position: uint32(position), value: uint32(value) })),
  };
}

function thermalOf(message: Device_Thermal): ThermalRecord {
  const has = (field: "fanRpm" | "fanDutyCycle" | "thermalState" | "targetRpm") =>
    isFieldSet(message, Device_ThermalSchema.field[field]);
  return {
    timestampMs: fromUint64(message.timestampMs),
    ...(has("fanRpm") && { fanRpm: message.fanRpm }),
    ...(has("fanDutyCycle") && { fanDutyCyclePercent: message.fanDutyCycle }),
    ...(has("thermalState") && { thermalState: message.thermalState }),
    ...(has("targetRpm") && { targetRpm: message.targetRpm }),
    txChainmasks: message.txchainmask.map(({ band, value }) => ({ band: bands.name(band), mask: value })),
    leds: message.ledState.map(({ position, value }) => ({ position, value })),
  };
}

function processMessage({ pid, command, use }: ProcessUse): Fields<Device_PerProcessUtil> {
  return { pid: uint32(pid), cmd: command, util: uint32(use) };
}

function processOf({ pid, cmd, util }: Device_PerProcessUtil): ProcessUse {
  return { pid, command: cmd, use: util };
}

function powerMessage({ supply, consumption, batteryLevel }: Power): Fields<Device_PowerInfo> {
  return {
    psType: supply === "unknown" ? undefined : powerSupplies.value(supply),
    pConsumption: counter(consumption),
    battLevel: counter(batteryLevel),
  };
}

function powerOf({ psType, pConsumption, battLevel }: Device_PowerInfo): Power {
  return { supply: powerSupplies.name(psType), consumption: pConsumption, batteryLevel: battLevel };
}
