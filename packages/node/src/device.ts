/**
 * A device: a node that is switched on, reboots, loses its power, and comes up again.
 *
 * ```
 *          start            up              reboot, restart, cut
 *   OFF ----------> BOOTING -------> UP -------------------------> GOING_DOWN
 *    ^               |   ^                                             |
 *    |               +---+ failed: once more after `bootRetryMs`       | dark for `darkMs`
 *    |                   +---------------------------------------------+
 *    +---- stop, from anywhere
 * ```
 *
 * A device that does not come up the first time is an error of whoever starts it; later it tries again.
 */

import { Emitter } from "@opensync-ts/base/emitter";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import type { DeviceControl } from "@opensync-ts/target/control";
import type { Target } from "@opensync-ts/target/target";
import { nodeLimits } from "./limits.ts";
import { PowerSwitch } from "./power-switch.ts";
import { type NodeOptions, type RunningNode, startNode, type TargetPlace } from "./start-node.ts";

export interface DeviceOptions extends Omit<NodeOptions, "target" | "control" | "bootTime" | "restart"> {
  /** What it is made of, each time it is switched on. */
  readonly target: (place: TargetPlace) => Target;
  /** Between its end and its boot, ms; default 2,000. A restart of the managers alone takes none. */
  readonly darkMs?: number;
}

export type DeviceState = "OFF" | "BOOTING" | "UP" | "GOING_DOWN";

export type Outage = "reboot" | "power cut" | "restart of managers" | "factory reset";

export interface DeviceEvents {
  /** It serves, with another `node` than before. */
  up: RunningNode;
  down: { readonly outage: Outage; readonly reason: string };
  /** It has not come up; it tries again. */
  failed: Error;
}

interface Wish {
  readonly outage: Outage;
  readonly reason: string;
}

/** What is being booted, or was last: whether the power was cut meanwhile, and what cuts it off from its flash. */
interface Booting {
  cut: boolean;
  power: PowerSwitch | null;
}

const deviceStore = "device";
const resetKey = "factory_reset";

export class Device {
  readonly events = new Emitter<DeviceEvents>();
  readonly control: DeviceControl & { powerCut(): void };
  readonly #options: DeviceOptions;
  readonly #stopped = new AbortController();
  #state: DeviceState = "OFF";
  #node: RunningNode | undefined;
  #bootTime = 0;
  #boots = 0;
  #next = Promise.withResolvers<Wish>();
  #life: Promise<void> = Promise.resolve();
  #booting: Booting = { cut: false, power: null };

  private constructor(options: DeviceOptions) {
    this.#options = options;
    const wish = (outage: Outage) => (reason: string) => this.#wish({ outage, reason });
    this.control = {
      reboot: wish("reboot"),
      restartManagers: wish("restart of managers"),
      factoryReset: (reason) => {
        if (this.#state !== "UP" || !this.#node) return;
        // Should the power fail in the middle of it, the next boot completes it.
        this.#note(this.#node, "true");
        this.#wish({ outage: "factory reset", reason });
      },
      powerCut: () => this.#cut(),
    };
  }

  /** Resolves when it is up; rejects with what keeps it from that, as `startNode`. */
  static async start(options: DeviceOptions): Promise<Device> {
    const device = new Device(options);
    await device.#boot("reboot");
    device.#life = device.#live();
    return device;
  }

  get state(): DeviceState {
    return this.#state;
  }

  /** While it is up, and until it has gone down. */
  get node(): RunningNode | undefined {
    return this.#node;
  }

  /** Switches it off for good; in order, if it is up. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#life;
    await this.#node?.stop();
    this.#node = undefined;
    this.#state = "OFF";
  }

  /** The first wish counts: who goes down does not go down again. */
  #wish(wish: Wish): void {
    if (this.#state === "UP") this.#next.resolve(wish);
  }

  /** At once, whatever it is doing. */
  #cut(): void {
    const wasUp = this.#state === "UP";
    if (wasUp) {
      this.#state = "GOING_DOWN";
      this.events.emit("down", { outage: "power cut", reason: "" });
    }
    if (this.#state === "BOOTING") {
      this.#booting.cut = true;
      this.#booting.power?.cut();
    }
    this.#node?.cutPower();
    if (wasUp) this.#next.resolve({ outage: "power cut", reason: "" });
  }

  async #live(): Promise<void> {
    const ended = new Promise<null>((resolve) => {
      this.#stopped.signal.addEventListener("abort", () => resolve(null), { once: true });
    });
    for (;;) {
      const wish = await Promise.race([this.#next.promise, ended]);
      if (wish === null) return;
      await this.#goDown(wish);
      if (!(await this.#comeUp(wish.outage))) return;
    }
  }

  async #goDown({ outage, reason }: Wish): Promise<void> {
    const node = this.#node;
    if (!node) return;
    if (outage !== "power cut") {
      this.#state = "GOING_DOWN";
      this.events.emit("down", { outage, reason });
      // Who asked for it is told so first.
      await this.#options.clock.sleep(nodeLimits.lastWordsMs);
    }
    await node.stop();
    this.#node = undefined;
  }

  /** False when it was stopped meanwhile. */
  async #comeUp(ended: Outage): Promise<boolean> {
    const { clock, darkMs = 2_000 } = this.#options;
    const { signal } = this.#stopped;
    let outage = ended;
    let pause = outage === "restart of managers" ? 0 : darkMs;
    for (;;) {
      try {
        if (pause > 0) await clock.sleep(pause, signal);
      } catch {
        return false;
      }
      if (signal.aborted) return false;
      try {
        await this.#boot(outage);
        return true;
      } catch (error) {
        const { cut } = this.#booting;
        if (cut) outage = "power cut";
        else this.events.emit("failed", error instanceof Error ? error : new Error(messageOf(error)));
        pause = cut ? darkMs : nodeLimits.bootRetryMs;
      }
    }
  }

  async #boot(outage: Outage): Promise<void> {
    const { target, resume = false, ...options } = this.#options;
    this.#state = "BOOTING";
    this.#next = Promise.withResolvers<Wish>();
    const booting: Booting = { cut: false, power: null };
    this.#booting = booting;
    const restart = outage === "restart of managers";
    if (!restart) this.#bootTime = Math.floor(options.clock.wallTime() / 1000);
    const node = await startNode({
      ...options,
      // Only what was there before the device was: a boot is a boot.
      resume: resume && this.#boots === 0,
      control: this.control,
      bootTime: this.#bootTime,
      restart,
      target: (place) => {
        const device = target(place);
        try {
          this.#completeReset(device);
        } catch (error) {
          place.log.error(`factory reset: not everything is erased, the next boot tries again: ${messageOf(error)}`);
        }
        booting.power = new PowerSwitch(device.storage);
        return { ...device, storage: booting.power.storage };
      },
    });
    if (booting.cut) {
      node.cutPower();
      await node.stop();
      throw new Error("the power was cut while it booted");
    }
    this.#node = node;
    this.#boots++;
    this.#state = "UP";
    this.events.emit("up", node);
  }

  /** Throws where the flash refuses it. */
  #note({ target }: Pick<RunningNode, "target">, value: string | null): void {
    try {
      target.storage.open(deviceStore, { preserve: true }).write(new Map([[resetKey, value]]));
    } catch (error) {
      throw new UserError(`the flash cannot be written, so nothing can be erased: ${messageOf(error)}`);
    }
  }

  #completeReset(target: Target): void {
    if (target.storage.open(deviceStore, { preserve: true }).get(resetKey) !== "true") return;
    target.storage.eraseAll({ preserved: false });
    this.#note({ target }, null);
  }
}
