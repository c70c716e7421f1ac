/**
 * How long packets of the clients of a simulated device take: their own air time, the wait for a medium that others use,
 * and what has to be sent again on a poor link.
 */

import type { Clock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import type { Mac } from "@opensync-ts/base/units";
import type { LatencyMeter, LatencyReading, LatencySource } from "@opensync-ts/target/latency";
import type { TrafficSpec } from "@opensync-ts/world/traffic";
import type { World } from "@opensync-ts/world/world";
import { frameSize, lossAt } from "./station-counters.ts";

export interface SimLatencyOptions {
  readonly world: World;
  readonly clock: Clock;
  readonly site: string;
}

/** Frames sent in one go. */
const aggregate = 16;
/** ms; what the way through the device takes. */
const processing = 0.5;
/** A medium in use for more than this part of the time counts as this much: the wait is long, not endless. */
const busiest = 0.97;

export function createSimLatency({ world, clock, site }: SimLatencyOptions): LatencySource {
  return {
    start({ perDscp }): LatencyMeter {
      let stopped = false;
      /** What each client of the world had moved at the last poll, bytes. */
      let moved = new Map<Mac, number>();
      const poll = (): LatencyReading[] => {
        const { clients, bsses } = world.snapshot();
        const utilisation = new Map(bsses.map((bss) => [bss.bssid, bss.utilisation]));
        const readings: LatencyReading[] = [];
        const next = new Map<Mac, number>();
        for (const { mac, link, delivered } of clients) {
          const bytes = delivered.down + delivered.up;
          next.set(mac, bytes);
          const packets = Math.ceil((bytes - (moved.get(mac) ?? bytes)) / frameSize);
          if (link?.site !== site || packets <= 0 || link.rate <= 0) continue;
          const random = new SeededRandom(`${site}/${mac}/${clock.now()}`);
          const traffic = perDscp ? world.client(mac)?.device.traffic : undefined;
          readings.push({
            ifName: link.bss,
            mac,
            ...(traffic && { dscp: dscpOf(traffic) }),
            ...delays({ rate: link.rate, snr: link.snr, busy: utilisation.get(link.bssid) ?? 0 }, random),
            packets,
          });
        }
        moved = next;
        return readings;
      };
      poll();
      return {
        poll: async () => (stopped ? [] : poll()),
        stop() {
          stopped = true;
          moved.clear();
        },
      };
    },
  };
}

/** In ms. `rate` in Mbit/s, `snr` in dB, `busy` the part of the time that the channel is in use. */
function delays(
  { rate, snr, busy }: { readonly rate: number; readonly snr: number; readonly busy: number },
  random: SeededRandom,
): Pick<LatencyReading, "least" | "most" | "average" | "last"> {
  const frame = (frameSize * 8) / (rate * 1000);
  const burst = frame * aggregate;
  const used = Math.min(busiest, busy);
  // Who finds a server busy for this part of the time waits so long on average.
  const wait = (burst * used) / (1 - used) + 2 * used;
  const least = processing + frame;
  const average = least + burst / 2 + wait * (1 + 2 * lossAt(snr));
  const most = average * (2 + 3 * random.next());
  return { least, average, most, last: least + (most - least) * 0.5 * random.next() };
}

/** What the device itself would mark packets with, by what its traffic looks like: voice, video, anything. */
function dscpOf({ down, up, burst }: TrafficSpec): number {
  if (up > 0 && up * 2 >= down) return 46;
  return down >= 10 && burst <= 10 ? 34 : 0;
}
