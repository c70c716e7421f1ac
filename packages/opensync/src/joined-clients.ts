/** Clients that somebody brings into a simulated home while it runs, with a passphrase that was typed, and how they fare. */

import { messageOf, UserError } from "@opensync-ts/base/errors";
import { type Mac, mac as macOf } from "@opensync-ts/base/units";
import type { SimulatedHome, SimulationView } from "@opensync-ts/cloud/api/host";
import { SimulationRefusal } from "@opensync-ts/cloud/api/simulation-refusal";
import type { Fabric } from "@opensync-ts/target-sim/network/fabric";
import type { Place } from "@opensync-ts/world/geometry";
import { type Akm, isSae } from "@opensync-ts/world/security";
import type { World } from "@opensync-ts/world/world";
import { joinedClients, neighborsTried } from "./limits.ts";

export type JoinedView = NonNullable<SimulationView["clients"][number]["joined"]>;
export type JoinOrder = Omit<Parameters<SimulatedHome["join"]>[0], "to">;

/** What those who come are; it knows 2.4, 5 and 6 GHz. */
const deviceClass = "modern-phone";

interface Joined {
  readonly ssid: string;
  /** What it tried to come in by last. */
  akm: Akm | null;
  /** When its passphrase opened nothing last, wall clock, ms; null: it has not been refused. */
  refusedAt: number | null;
}

export class JoinedClients {
  readonly #world: World;
  readonly #fabric: Fabric;
  readonly #joined = new Map<Mac, Joined>();
  #count = 0;

  constructor(world: World, fabric: Fabric) {
    this.#world = world;
    this.#fabric = fabric;
    world.events.on("authenticating", ({ mac, akm }) => {
      const joined = this.#joined.get(mac);
      if (joined) joined.akm = akm;
    });
    world.events.on("associated", ({ mac }) => {
      const joined = this.#joined.get(mac);
      if (joined) joined.refusedAt = null;
    });
    world.events.on("failed", ({ mac, reason }) => {
      const joined = this.#joined.get(mac);
      // With SAE an access point knows its first passphrase only; a client asks without it then.
      if (joined && reason === "wrong_key" && (!isSae(joined.akm ?? "psk") || !this.#takesPsk(joined.ssid)))
        joined.refusedAt = world.clock.wallTime();
    });
  }

  /** Throws a `SimulationRefusal` where there are too many, or the name is taken. */
  join({ name, ssid, passphrase }: JoinOrder, place: Place): Mac {
    if (this.#joined.size >= joinedClients) {
      throw new SimulationRefusal("body", `is one too many: ${joinedClients} have come already; send one away`);
    }
    if (this.#world.clients().some(({ device }) => device.name === name)) {
      throw new SimulationRefusal("body.name", "is that of another client; give another one");
    }
    const mac = this.#freeMac();
    this.#joined.set(mac, { ssid, akm: null, refusedAt: null });
    try {
      this.#world.addClient({ name, mac, place, networks: [{ ssid, psk: passphrase }], device: deviceClass });
    } catch (error) {
      this.#joined.delete(mac);
      if (!(error instanceof UserError)) throw error;
      throw new SimulationRefusal("body", `is refused: ${messageOf(error)}`);
    }
    return mac;
  }

  /** False where no such client has come. */
  leave(mac: Mac): boolean {
    if (!this.#joined.delete(mac)) return false;
    this.#world.removeClient(mac);
    return true;
  }

  /** Null: it was there from the beginning. */
  view(mac: Mac): JoinedView | null {
    const joined = this.#joined.get(mac);
    if (!joined) return null;
    const { ssid, refusedAt } = joined;
    const isIn = this.#world.client(mac)?.association != null;
    const refused = isIn ? null : refusedAt !== null ? "passphrase" : this.#isOnAir(ssid) ? null : "no-network";
    const at = refused === "passphrase" && refusedAt !== null ? new Date(refusedAt).toISOString() : null;
    return { ssid, refused, refusedAt: at, reaches: isIn ? this.#reach(mac) : null };
  }

  /** Null: it has no address yet. */
  #reach(mac: Mac): JoinedView["reaches"] {
    const hosts = this.#fabric.hosts();
    if (hosts.find((host) => host.mac === mac)?.address == null) return null;
    const others = hosts.filter((host) => host.mac !== mac && host.address !== null);
    return {
      internet: this.#fabric.reaches(mac, "internet"),
      untried: Math.max(0, others.length - neighborsTried),
      others: others.slice(0, neighborsTried).map(({ name, mac: other, address }) => ({
        ...{ name, mac: other, reached: address !== null && this.#fabric.reaches(mac, address) },
      })),
    };
  }

  #bssesOf(ssid: string) {
    return this.#world.snapshot().bsses.flatMap(({ bssid, ssid: name }) => {
      const bss = name === ssid ? this.#world.bss(bssid) : null;
      return bss ? [bss] : [];
    });
  }

  #isOnAir(ssid: string): boolean {
    return this.#bssesOf(ssid).length > 0;
  }

  #takesPsk(ssid: string): boolean {
    return this.#bssesOf(ssid).some(({ security }) => security.akms.some((akm) => !isSae(akm)));
  }

  /** Locally administered; none comes twice, so that who comes is not taken for who has left. */
  #freeMac(): Mac {
    for (;;) {
      this.#count = (this.#count + 1) % 0x1_00_00_00;
      const tail = this.#count.toString(16).padStart(6, "0").match(/../g)?.join(":") ?? "";
      const mac = macOf(`02:00:01:${tail}`);
      if (!this.#world.client(mac)) return mac;
    }
  }
}
