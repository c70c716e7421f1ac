/** Whom a rule can speak of and what it can say, as one chooses. Pure. */

import type { Doc, Policy } from "./doc.ts";

type Scope = Policy["scope"];
type Action = Policy["action"];

export const actions: readonly (readonly [Action["kind"], string])[] = [
  ["freeze", "has no Internet"],
  ["internet-only", "reaches the Internet only"],
  ["band", "uses one band"],
  ["profile", "is treated as another kind of device"],
  ["unsteered", "is never moved"],
];

/** One list for all: groups, networks, and devices by their names. */
export function whomOptions(
  { networks }: Pick<Doc, "networks">,
  devices: ReadonlyMap<string, string>,
): readonly (readonly [string, string])[] {
  return [
    ["everybody", "Everybody"],
    ["zone home", "Everybody with a key of the home"],
    ["zone guest", "Guests"],
    ["zone internet-only", "Who has an Internet-only key"],
    ...networks.map(({ ssid }) => [`network ${ssid}`, `Everybody on “${ssid}”`] as const),
    ...[...devices].map(([mac, name]) => [`device ${mac}`, name === mac ? mac : `${name} (${mac})`] as const),
  ];
}

export function whomOf(scope: Scope): string {
  switch (scope.kind) {
    case "zone":
      return `zone ${scope.zone}`;
    case "device":
      return `device ${scope.mac}`;
    case "network":
      return `network ${scope.ssid}`;
    case "everybody":
      return "everybody";
  }
}

/** Undefined: nobody is chosen yet. */
export function scopeOf(whom: string): Scope | undefined {
  const [kind, ...rest] = whom.split(" ");
  const name = rest.join(" ");
  switch (kind) {
    case "zone":
      return { kind, zone: name as Extract<Scope, { kind: "zone" }>["zone"] };
    case "device":
      return { kind, mac: name };
    case "network":
      return { kind, ssid: name };
    case "everybody":
      return { kind };
    default:
      return undefined;
  }
}

export function actionOf(kind: Action["kind"]): Action {
  switch (kind) {
    case "band":
      return { kind, prefer: "2.4G", only: false };
    case "profile":
      return { kind, profile: "modern-phone" };
    default:
      return { kind };
  }
}
