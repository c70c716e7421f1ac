/**
 * The machine inside a simulated device: busier with more stations and more traffic, with memory that breathes. Nothing
 * runs; what has happened since the last look is worked out at the next, from the clock and the world alone.
 */

import type { Clock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import type { Mac } from "@opensync-ts/base/units";
import type { ProcessReading, SystemReading, SystemStatistics, ThermalReading } from "@opensync-ts/target/system";
import type { World } from "@opensync-ts/world/world";
import type { MachineModel } from "./models.ts";

export interface SimSystemOptions {
  readonly world: World;
  readonly clock: Clock;
  /** The device's name in the world; its noise follows from it. */
  readonly site: string;
  readonly machine: MachineModel;
  /** What keeps it cool; absent: nobody can tell. */
  readonly thermal?: () => ThermalReading;
}

interface Program {
  readonly command: string;
  readonly pid: number;
  /** Shares of the processor time of each kind of work. */
  readonly background: number;
  readonly stations: number;
  readonly traffic: number;
  /** kB; with noise, and for each station. */
  readonly memory: number;
  readonly memoryPerStation: number;
}

const programs: readonly Program[] = [
  program("init", 1, [1, 0, 0], 1_200),
  program("ksoftirqd/0", 14, [1, 0, 8], 0),
  program("ovsdb-server", 611, [4, 2, 0], 9_400, 6),
  program("dm", 702, [1, 0, 0], 3_100),
  program("cm", 731, [2, 0, 0], 4_800),
  program("nm", 733, [2, 1, 0], 4_200, 1),
  program("wano", 735, [1, 0, 0], 3_400),
  program("owm", 738, [5, 6, 0], 11_800, 24),
  program("pm", 741, [1, 0, 0], 2_900),
  program("qm", 744, [1, 1, 0], 3_600, 1),
  program("sm", 746, [2, 1, 0], 4_500, 2),
  program("hostapd", 803, [2, 4, 1], 6_300, 9),
  program("dnsmasq", 918, [1, 1, 1], 1_700, 1),
];

/** Of all processors: share of the time without anybody, share for each station, ms for each MB that goes through. */
const background = 0.04;
const perStation = 0.003;
const msPerMegabyte = 40;

/** Noise goes from one value to the next in this time, ms. */
const breath = 60_000;

export class SimSystem implements SystemStatistics {
  readonly readThermal?: () => Promise<ThermalReading>;
  readonly #options: SimSystemOptions;
  readonly #booted: number;
  #at: number;
  /** Milliseconds of processor time, all of it and by program. */
  #busy = 0;
  readonly #used = new Map<Program, number>(programs.map((each) => [each, 0]));
  #load = { one: 0, five: 0, fifteen: 0 };
  /** What each client of the world had moved at the last look, bytes. Nobody looks before somebody asks. */
  #moved: ReadonlyMap<Mac, number> = new Map();

  constructor(options: SimSystemOptions) {
    this.#options = options;
    this.#booted = options.clock.now();
    this.#at = this.#booted;
    const { thermal } = options;
    if (thermal) this.readThermal = async () => thermal();
  }

  async read(): Promise<SystemReading> {
    const { machine, clock } = this.#options;
    const { stations } = this.#catchUp();
    const uptime = clock.now() - this.#booted;
    const processes = programs.map((each) => this.#process(each, stations));
    const inPrograms = processes.reduce((all, { memory }) => all + memory, 0);
    const kernel = 0.16 * machine.memory + 40 * stations + 0.03 * machine.memory * this.#noise("memory");
    const tmpfs = Math.round(machine.memory / 2);
    return {
      load: { ...this.#load },
      uptimeSeconds: uptime / 1000,
      memory: { total: machine.memory, used: Math.round(inPrograms + kernel), swapTotal: 0, swapUsed: 0 },
      cpu: { busy: Math.floor(this.#busy), total: uptime * machine.processors },
      processes,
      fileSystems: [
        { type: "rootfs", total: 131_072, used: 98_304 },
        // Logs grow until they are turned over.
        { type: "tmpfs", total: tmpfs, used: 4_096 + (Math.floor(uptime / 4_000) % 16_384) },
      ],
      power: { supply: "ac", consumption: Math.round(7_000 + 5_000 * this.#strain() + 15 * stations) },
      fileHandles: { used: 900 + 12 * stations, total: 98_304 },
    };
  }

  /** How much of the processors was in use lately, 0 to 1. */
  #strain(): number {
    return Math.min(1, this.#load.one / this.#options.machine.processors);
  }

  #process(each: Program, stations: number): ProcessReading {
    const { command, pid, memory, memoryPerStation } = each;
    const noisy = memory * (1 + 0.05 * this.#noise(command)) + memoryPerStation * stations;
    return { pid, command, started: pid, cpuTime: Math.floor(this.#used.get(each) ?? 0), memory: Math.round(noisy) };
  }

  /** Books the time since the last look. */
  #catchUp(): { readonly stations: number } {
    const { clock, machine } = this.#options;
    const { stations, moved, bytes } = this.#look();
    const elapsed = clock.now() - this.#at;
    this.#at = clock.now();
    this.#moved = moved;
    if (elapsed <= 0) return { stations };
    const all = elapsed * machine.processors;
    const wanted = {
      background: all * background * (0.75 + 0.5 * this.#noise("work")),
      stations: all * perStation * stations,
      traffic: (bytes / 1_000_000) * msPerMegabyte,
    };
    const total = wanted.background + wanted.stations + wanted.traffic;
    // More than all the time is not to be had.
    const fits = Math.min(1, all / total);
    for (const kind of ["background", "stations", "traffic"] as const) {
      const shares = programs.reduce((sum, each) => sum + each[kind], 0);
      for (const each of programs) {
        const used = (wanted[kind] * fits * each[kind]) / shares;
        this.#used.set(each, (this.#used.get(each) ?? 0) + used);
      }
    }
    this.#busy += total * fits;
    const running = (total * fits) / elapsed;
    const towards = (load: number, minutes: number) => {
      const kept = Math.exp(-elapsed / (minutes * 60_000));
      return load * kept + running * (1 - kept);
    };
    const { one, five, fifteen } = this.#load;
    this.#load = { one: towards(one, 1), five: towards(five, 5), fifteen: towards(fifteen, 15) };
    return { stations };
  }

  /** Who is here, and what they have moved since the last look. */
  #look(): { readonly stations: number; readonly moved: ReadonlyMap<Mac, number>; readonly bytes: number } {
    const { world, site } = this.#options;
    const moved = new Map<Mac, number>();
    let stations = 0;
    let bytes = 0;
    for (const { mac, link, delivered } of world.snapshot().clients) {
      const all = delivered.down + delivered.up;
      moved.set(mac, all);
      if (link?.site !== site) continue;
      stations++;
      bytes += Math.max(0, all - (this.#moved.get(mac) ?? all));
    }
    return { stations, moved, bytes };
  }

  /** 0 to 1, steady in time, the same at the same time of the same device. */
  #noise(what: string): number {
    const { site } = this.#options;
    const time = (this.#at - this.#booted) / breath;
    const step = Math.floor(time);
    const at = (index: number) => new SeededRandom(`${site}/${what}/${index}`).next();
    return at(step) + (at(step + 1) - at(step)) * (time - step);
  }
}

function program(
  command: string,
  pid: number,
  [inBackground, stations, traffic]: readonly [number, number, number],
  memory: number,
  memoryPerStation = 0,
): Program {
  return { command, pid, background: inBackground, stations, traffic, memory, memoryPerStation };
}
