/** The state of a device as lines. */

import type { DeviceReport } from "@opensync-ts/telemetry/device";
import { figure, moment } from "./report-cells.ts";
import { type Column, fit, printable, table } from "./table.ts";

export function deviceLines(report: DeviceReport, width: number): string[] {
  const { load, memory, power } = report;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["load", load && [load.one, load.five, load.fifteen].map((value) => Number(value.toFixed(2))).join(" ")],
    ["uptime", report.uptimeSeconds === undefined ? undefined : `${report.uptimeSeconds} s`],
    ["cpu", report.cpuPercent === undefined ? undefined : `${report.cpuPercent} %`],
    ["memory", memory && `${memory.used} of ${memory.total} kB`],
    ["swap", memory && `${memory.swapUsed} of ${memory.swapTotal} kB`],
    ...report.fileSystems.map(({ type, used, total }) => [type, `${used} of ${total} kB`] as const),
    ["files", report.usedFileHandles === undefined ? undefined : fileHandles(report)],
    ["power", power && `${power.supply}, consumption ${power.consumption}, battery ${power.batteryLevel}`],
    ...report.temperatures.map(({ band, celsius }) => [`radio ${band}`, `${celsius} °C`] as const),
  ];
  const known = facts.filter(([, value]) => value !== undefined);
  const longest = Math.max(0, ...known.map(([name]) => name.length));
  return [
    `device, ${moment(report.timestampMs)}`,
    ...known.map(([name, value]) => fit(printable(`${name.padEnd(longest)}  ${value}`), width)),
    ...processLines("CPU %", report.processesByCpu, width),
    ...processLines("MEMORY kB", report.processesByMemory, width),
    ...thermalLines(report.thermal, width),
  ];
}

function fileHandles({ usedFileHandles, totalFileHandles }: DeviceReport): string {
  return totalFileHandles === undefined ? `${usedFileHandles} open` : `${usedFileHandles} of ${totalFileHandles} open`;
}

function processLines(title: string, processes: DeviceReport["processesByCpu"], width: number): string[] {
  const columns: Column<(typeof processes)[number]>[] = [
    figure("PID", ({ pid }) => pid),
    figure(title, ({ use }) => use),
    { title: "COMMAND", cell: ({ command }) => command },
  ];
  return processes.length === 0 ? [] : table(columns, processes, width);
}

function thermalLines(records: DeviceReport["thermal"], width: number): string[] {
  const columns: Column<(typeof records)[number]>[] = [
    { title: "THERMAL", cell: ({ timestampMs }) => moment(timestampMs) },
    figure("FAN rpm", ({ fanRpm }) => fanRpm),
    figure("TARGET rpm", ({ targetRpm }) => targetRpm),
    figure("DUTY %", ({ fanDutyCyclePercent }) => fanDutyCyclePercent),
    figure("STATE", ({ thermalState }) => thermalState),
    {
      title: "TX CHAINS",
      cell: ({ txChainmasks }) => txChainmasks.map(({ band, mask }) => `${band} 0x${mask.toString(16)}`).join(", "),
    },
    { title: "LEDS", cell: ({ leds }) => leds.map(({ position, value }) => `${position}=${value}`).join(" ") },
  ];
  return records.length === 0 ? [] : table(columns, records, width);
}
