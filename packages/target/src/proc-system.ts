/** The machine that this process runs on, as Linux tells of it in `/proc` and `/sys`. */

import { open, opendir, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Timer } from "@opensync-ts/base/clock";
import { maxPowerSupplies, maxProcesses, maxProcFileBytes, processesAtATime, systemPartDeadline } from "./limits.ts";
import {
  pageSizeOf,
  parseCpu,
  parseFileHandles,
  parseLoad,
  parseMemory,
  parseProcess,
  parseUptime,
} from "./proc-text.ts";
import type { FileSystemReading, PowerReading, ProcessReading, SystemReading, SystemStatistics } from "./system.ts";

export interface ProcSystemOptions {
  readonly clock: Clock;
  /** Where `proc`, `sys` and `tmp` are; default `/`. */
  readonly root?: string;
  /** Default: the machine's. */
  readonly statfs?: (path: string) => Promise<FileSystemSize>;
}

/** Of `statfs(2)`; `bsize` in bytes. */
export interface FileSystemSize {
  readonly type: number;
  readonly bsize: number;
  readonly blocks: number;
  readonly bfree: number;
}

const tmpfsMagic = 0x01021994;
/** Where devices keep what need not last; the first of them that is in memory is reported. */
const tmpfsPlaces = ["tmp", "run", "dev/shm"];

export function createProcSystem(options: ProcSystemOptions): SystemStatistics {
  const { clock, root = "/", statfs: sizeOf = statfs } = options;
  const text = async (path: string) => (await readStart(join(root, path))).toString("utf8");
  const part = <T>(work: () => Promise<T | undefined>) => new Part(clock, work);
  const load = part(async () => parseLoad(await text("proc/loadavg")));
  const uptime = part(async () => parseUptime(await text("proc/uptime")));
  const memory = part(async () => parseMemory(await text("proc/meminfo")));
  const processor = part(() => readProcessor(root));
  const fileHandles = part(async () => parseFileHandles(await text("proc/sys/fs/file-nr")));
  const rootfs = part(async () => sized("rootfs", await sizeOf(root)));
  const tmpfs = part(() => readTmpfs(root, sizeOf));
  const power = part(() => readPower(join(root, "sys/class/power_supply")));
  return {
    async read(): Promise<SystemReading> {
      const [loadNow, uptimeSeconds, memoryNow, processorNow, handles, rootSize, tmpSize, powerNow] = await Promise.all(
        [
          load.read(),
          uptime.read(),
          memory.read(),
          processor.read(),
          fileHandles.read(),
          rootfs.read(),
          tmpfs.read(),
          power.read(),
        ],
      );
      const fileSystems = [rootSize, tmpSize].filter((each) => each !== undefined);
      return {
        ...(loadNow && { load: loadNow }),
        ...(uptimeSeconds !== undefined && { uptimeSeconds }),
        ...(memoryNow && { memory: memoryNow }),
        ...processorNow,
        ...(handles && { fileHandles: handles }),
        ...(fileSystems.length > 0 && { fileSystems }),
        ...(powerNow && { power: powerNow }),
      };
    },
  };
}

/**
 * One thing to look at. A file system of a server that is gone can hold a look for ever: whoever waits gets nothing
 * after the deadline, and no second look begins before the first has ended.
 */
class Part<T> {
  readonly #clock: Clock;
  readonly #work: () => Promise<T | undefined>;
  #running: Promise<T | undefined> | null = null;

  constructor(clock: Clock, work: () => Promise<T | undefined>) {
    this.#clock = clock;
    this.#work = work;
  }

  read(): Promise<T | undefined> {
    this.#running ??= this.#work()
      .catch(() => undefined)
      .finally(() => {
        this.#running = null;
      });
    const running = this.#running;
    let timer: Timer | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = this.#clock.setTimer(systemPartDeadline, () => resolve(undefined));
    });
    return Promise.race([running, late]).finally(() => timer?.cancel());
  }
}

/** Counters of processors and processes belong together: the same moment, as nearly as can be had. */
async function readProcessor(root: string): Promise<Pick<SystemReading, "cpu" | "processes"> | undefined> {
  const proc = join(root, "proc");
  const cpu = await readStart(join(proc, "stat")).then(
    (bytes) => parseCpu(bytes.toString("utf8")),
    () => undefined,
  );
  const processes = await readProcesses(proc).catch(() => undefined);
  return { ...(cpu && { cpu }), ...(processes && { processes }) };
}

async function readProcesses(proc: string): Promise<readonly ProcessReading[]> {
  const pageSize = await readStart(join(proc, "self/auxv")).then(
    (auxv) => pageSizeOf(auxv, /64|s390x/.test(process.arch) ? 8 : 4),
    () => 4096,
  );
  const pids = await entriesOf(proc, (name) => /^[1-9]\d{0,9}$/.test(name), maxProcesses);
  const readings: ProcessReading[] = [];
  for (let first = 0; first < pids.length; first += processesAtATime) {
    const some = pids.slice(first, first + processesAtATime).map(async (pid) => {
      try {
        return parseProcess((await readStart(join(proc, pid, "stat"))).toString("utf8"), pageSize);
      } catch {
        // It has ended since it was listed.
        return undefined;
      }
    });
    readings.push(...(await Promise.all(some)).filter((each) => each !== undefined));
  }
  return readings;
}

async function readTmpfs(
  root: string,
  sizeOf: (path: string) => Promise<FileSystemSize>,
): Promise<FileSystemReading | undefined> {
  for (const place of tmpfsPlaces) {
    const size = await sizeOf(join(root, place)).catch(() => undefined);
    if (size?.type === tmpfsMagic) return sized("tmpfs", size);
  }
  return undefined;
}

function sized(type: FileSystemReading["type"], size: FileSystemSize): FileSystemReading {
  const kilobytes = (blocks: number) => Math.round((blocks * size.bsize) / 1024);
  return { type, total: kilobytes(size.blocks), used: kilobytes(Math.max(0, size.blocks - size.bfree)) };
}

/** Mains that are on come before the battery; a machine without either tells nothing. */
async function readPower(directory: string): Promise<PowerReading | undefined> {
  const supplies = await Promise.all(
    (await entriesOf(directory, () => true, maxPowerSupplies)).map(async (name) => {
      const attribute = async (file: string) => {
        const bytes = await readStart(join(directory, name, file)).catch(() => undefined);
        return bytes?.toString("utf8").trim();
      };
      const number = async (file: string) => {
        const text = (await attribute(file)) ?? "";
        return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
      };
      return {
        type: await attribute("type"),
        scope: await attribute("scope"),
        online: await number("online"),
        capacity: await number("capacity"),
        microwatts: await number("power_now"),
      };
    }),
  );
  // Others are those of mice and keyboards.
  const own = supplies.filter(({ type, scope }) => type !== undefined && scope !== "Device");
  if (own.length === 0) return undefined;
  const battery = own.find(({ type }) => type === "Battery");
  const mains = own.find(({ type, online }) => type !== "Battery" && online === 1);
  const microwatts = (mains ?? battery)?.microwatts ?? battery?.microwatts;
  return {
    supply: mains ? "ac" : battery ? "battery" : "unknown",
    ...(microwatts !== undefined && { consumption: Math.round(microwatts / 1000) }),
    ...(battery?.capacity !== undefined && { batteryLevel: Math.min(100, battery.capacity) }),
  };
}

/** Names in a directory, at most `limit` of those that are `wanted`, in the order the system has them. */
async function entriesOf(directory: string, wanted: (name: string) => boolean, limit: number): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of await opendir(directory)) {
    if (!wanted(name)) continue;
    names.push(name);
    if (names.length >= limit) break;
  }
  return names;
}

/** The beginning of a file; those of `/proc` do not say how long they are. */
async function readStart(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const bytes = Buffer.allocUnsafe(maxProcFileBytes);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, null);
      length += bytesRead;
      if (bytesRead === 0 || length === bytes.length) return bytes.subarray(0, length);
    }
  } finally {
    await file.close();
  }
}
