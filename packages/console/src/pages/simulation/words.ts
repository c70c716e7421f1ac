/** A simulated home in words. Pure. */

import { bandText, dbText } from "../../ui/words.ts";
import type { SimulatedClient, SimulatedNode, Simulation, Spot } from "./plan.ts";

/** `3.5 m, 4 m` */
export function spotText({ x, y }: Spot): string {
  const metres = (value: number) => `${Math.round(value * 10) / 10}`;
  return `${metres(x)}, ${metres(y)} m`;
}

/** Where it hangs: `gateway, 5 GHz channel 36, signal 41 dB`. */
export function linkText({ link, state }: Pick<SimulatedClient, "link" | "state">): string {
  if (!link) return state === "joining" ? "joining …" : "not connected";
  return `${link.node}, ${bandText(link.band)} channel ${link.channel}, signal ${dbText(link.snrDb)}`;
}

/** Seconds that the rest of the walk takes; null: it stands. */
export function secondsLeft({ place, walkingTo }: SimulatedClient, speed: number): number | null {
  if (!walkingTo) return null;
  return Math.ceil(Math.hypot(place.x - walkingTo.x, place.y - walkingTo.y) / speed);
}

export function walkText(client: SimulatedClient, speed: number): string {
  const left = secondsLeft(client, speed);
  return left === null || !client.walkingTo ? "stands" : `walks to ${spotText(client.walkingTo)}, ${left} s left`;
}

const powers: Readonly<Record<SimulatedNode["power"], string>> = {
  up: "is up",
  booting: "boots",
  "going-down": "goes down",
  off: "is off",
};

export function powerText(power: SimulatedNode["power"]): string {
  return powers[power];
}

type UplinkState = NonNullable<SimulatedNode["uplink"]>["state"];

/** What a press does. */
export function uplinkDeed(kind: "cable" | "wifi", state: UplinkState): string {
  switch (state) {
    case "ok":
      return kind === "wifi" ? "Put it on the air again" : "Plug in and mend";
    case "cable":
      return "Pull the cable";
    case "line":
      return kind === "wifi" ? "Take its uplink off the air" : "Kill the line";
    case "internet":
      return "Take the provider's Internet away";
  }
}

export function uplinkText(kind: "cable" | "wifi", state: UplinkState): string {
  switch (state) {
    case "ok":
      return kind === "wifi" ? "The wireless uplink is on the air." : "The cable is in, and leads to the Internet.";
    case "cable":
      return "The cable is pulled.";
    case "line":
      return kind === "wifi" ? "The wireless uplink is off the air." : "The cable is in, but the line is dead.";
    case "internet":
      return "The provider answers, but has no Internet.";
  }
}

/** The whole plan, for who does not see it. */
export function planText({ nodes, clients }: Simulation): string {
  const stands = nodes.map(({ node, place, power }) => `${node} at ${spotText(place)} ${powerText(power)}`).join("; ");
  const connected = clients.filter(({ link }) => link !== null).length;
  return `Plan of the home: ${stands}. ${connected} of ${clients.length} clients are connected; the table below has where each is.`;
}

/** Of names that have no room on the plan. */
export function unnamedText(count: number): string {
  const what = count === 1 ? "1 name has" : `${count} names have`;
  return `${what} no room here: point at a dot, or press it, and its name stands there.`;
}
