/** The machine itself: how busy it is and what it has left. What a machine does not have, or does not tell, is absent. */

export interface SystemStatistics {
  /**
   * Looks at everything at once; the parts that take long, or cannot be read, are absent. Counters only grow, until the
   * machine starts anew. May reject; whoever asks sets the deadline.
   */
  read(): Promise<SystemReading>;
  /** What keeps it cool, for machines that know. Cheap: it is asked often. May reject. */
  readThermal?(): Promise<ThermalReading>;
}

export interface SystemReading {
  /** Processes that want to run, on average over 1, 5 and 15 minutes. */
  readonly load?: { readonly one: number; readonly five: number; readonly fifteen: number };
  readonly uptimeSeconds?: number;
  readonly memory?: MemoryReading;
  readonly cpu?: CpuReading;
  /** In any order. `cpuTime` is in the unit of `cpu.total`. */
  readonly processes?: readonly ProcessReading[];
  readonly fileSystems?: readonly FileSystemReading[];
  readonly power?: PowerReading;
  readonly fileHandles?: { readonly used: number; readonly total: number };
}

/** In kB. */
export interface MemoryReading {
  readonly total: number;
  readonly used: number;
  readonly swapTotal: number;
  readonly swapUsed: number;
}

/** Time of all processors since the start, in any unit, or a percentage where the machine has nothing better. */
export type CpuReading = { readonly busy: number; readonly total: number } | { readonly percent: number };

export interface ProcessReading {
  readonly pid: number;
  readonly command: string;
  /** Tells a process from a later one with the same pid: when it started, in any unit. */
  readonly started: number;
  /** Time it has used so far; 0 where the machine does not tell. */
  readonly cpuTime: number;
  /** Resident, in kB. */
  readonly memory: number;
}

/** In kB. */
export interface FileSystemReading {
  readonly type: "rootfs" | "tmpfs";
  readonly total: number;
  readonly used: number;
}

export interface PowerReading {
  readonly supply: "unknown" | "ac" | "battery" | "poe" | "poe+";
  /** In mW. */
  readonly consumption?: number;
  /** In percent. */
  readonly batteryLevel?: number;
}

export interface ThermalReading {
  readonly fanRpm?: number;
  readonly fanDutyCyclePercent?: number;
  /** The step of its cooling that the machine is in; 0 is the coolest. */
  readonly thermalState?: number;
  readonly targetRpm?: number;
  readonly leds?: readonly { readonly position: number; readonly value: number }[];
}
