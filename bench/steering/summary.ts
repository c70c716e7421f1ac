/** What homes have shown, together: one line for each contender. */

import { percentile } from "../figures.ts";
import { contenders, type HomeResult } from "./run-home.ts";

export interface Summary {
  readonly contender: string;
  readonly homes: number;
  readonly clients: number;
  /** Of all clients of all homes: delivered of what they asked for, percent. */
  readonly meanShare: number;
  readonly lowShare: number;
  /** Mbit/s; `low` is the 5th percentile of clients that ask for half a Mbit/s or more on average. */
  readonly meanRate: number;
  readonly lowRate: number;
  readonly airtime: number;
  readonly steersPerClientHour: number;
  readonly failed: number;
  readonly pingPong: number;
  readonly leftAgain: number;
  readonly movesPerClientHour: number;
  readonly returns: number;
  /** Seconds without service in a client hour. */
  readonly interrupted: number;
}

const busyRate = 0.5;

export function summaries(results: readonly HomeResult[]): readonly Summary[] {
  return contenders.flatMap((contender) => {
    const homes = results.filter((result) => result.contender === contender);
    if (homes.length === 0) return [];
    const clients = homes.flatMap(({ clients: all, hours }) =>
      all.map((client) => ({
        share: client.asked > 0 ? client.delivered / client.asked : 1,
        rate: mbits(client.delivered, hours),
        asked: mbits(client.asked, hours),
        interrupted: client.interrupted / hours,
      })),
    );
    const clientHours = homes.reduce((sum, { clients: all, hours }) => sum + all.length * hours, 0);
    const total = (key: "steers" | "failed" | "pingPong" | "leftAgain" | "moves" | "returns") =>
      homes.reduce((sum, home) => sum + home[key], 0);
    const share = (part: number, whole: number) => (whole > 0 ? (100 * part) / whole : 0);
    return {
      ...{ contender, homes: homes.length, clients: clients.length },
      meanShare: 100 * mean(clients.map((client) => client.share)),
      lowShare:
        100 *
        percentile(
          clients.map((client) => client.share),
          5,
        ),
      meanRate: mean(clients.map(({ rate }) => rate)),
      lowRate: percentile(
        clients.filter(({ asked }) => asked >= busyRate).map(({ rate }) => rate),
        5,
      ),
      airtime: 100 * mean(homes.map(({ airtime }) => airtime)),
      steersPerClientHour: total("steers") / clientHours,
      failed: share(total("failed"), total("steers")),
      pingPong: share(total("pingPong"), total("steers")),
      leftAgain: share(total("leftAgain"), total("steers")),
      movesPerClientHour: total("moves") / clientHours,
      returns: share(total("returns"), total("moves")),
      interrupted: mean(clients.map(({ interrupted }) => interrupted)),
    };
  });
}

export function summaryTable(results: readonly HomeResult[], minutes: number): string {
  const all = summaries(results);
  const rows: readonly (readonly [string, (summary: Summary) => string])[] = [
    ["delivered of asked, mean, %", ({ meanShare }) => meanShare.toFixed(2)],
    ["delivered of asked, 5th percentile, %", ({ lowShare }) => lowShare.toFixed(2)],
    ["throughput of a client, mean, Mbit/s", ({ meanRate }) => meanRate.toFixed(3)],
    ["throughput of a busy client, 5th percentile, Mbit/s", ({ lowRate }) => lowRate.toFixed(3)],
    ["airtime in use, %", ({ airtime }) => airtime.toFixed(1)],
    ["steers per client hour", ({ steersPerClientHour }) => steersPerClientHour.toFixed(2)],
    ["failed steers, %", ({ failed }) => failed.toFixed(1)],
    ["ping-pong (steered between the same pair within 5 minutes), %", ({ pingPong }) => pingPong.toFixed(1)],
    ["gone back by itself within 5 minutes of a steer, %", ({ leftAgain }) => leftAgain.toFixed(1)],
    ["moves per client hour, all", ({ movesPerClientHour }) => movesPerClientHour.toFixed(2)],
    ["moves back within 5 minutes, all, %", ({ returns }) => returns.toFixed(1)],
    ["without service, s per client hour", ({ interrupted }) => interrupted.toFixed(1)],
  ];
  const seeds = [...new Set(results.map(({ seed }) => seed))];
  const lines = [
    `${all[0]?.homes ?? 0} homes (seeds ${seeds[0]} to ${seeds.at(-1)}), ${all[0]?.clients ?? 0} clients, ${minutes} minutes each`,
    "",
    `| measure | ${all.map(({ contender }) => contender).join(" | ")} |`,
    `|---|${all.map(() => "---:|").join("")}`,
    ...rows.map(([name, text]) => `| ${name} | ${all.map(text).join(" | ")} |`),
  ];
  return `${lines.join("\n")}\n`;
}

function mean(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
}

function mbits(bytes: number, hours: number): number {
  return (bytes * 8) / 1e6 / (hours * 3_600);
}
