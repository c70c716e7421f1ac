/** Flash of a device in a storm: in memory, counts what is written, fills up, becomes read-only, and loses its power in the middle of a write. */

import { basename } from "node:path";
import type { Random } from "@opensync-ts/base/random";
import type { FileOps } from "@opensync-ts/target/file-ops";
import { PowerCut, SimulatedDisk, writing } from "@opensync-ts/target/testing/simulated-disk";

export type FlashState = "ok" | "full" | "read-only";

export class StormFlash {
  readonly ops: FileOps;
  /** Calls when the power fails in the middle of something. */
  onPowerCut: () => void = () => {};
  /** A store's file was written anew: its name, without the ending. */
  onWrite: (store: string) => void = () => {};
  readonly #disk = new SimulatedDisk();
  readonly #random: Random;
  #state: FlashState = "ok";
  #isCut = false;

  constructor(random: Random) {
    this.#random = random;
    const disk = this.#disk;
    const guard =
      <A extends unknown[], R>(call: (...args: A) => R) =>
      (...args: A): R =>
        this.#guarded(() => call(...args));
    this.ops = {
      list: guard((directory) => disk.list(directory)),
      read: guard((path) => disk.read(path)),
      stat: guard((path) => disk.stat(path)),
      create: guard((path) => disk.create(path)),
      open: guard((path) => disk.open(path)),
      write: guard((file, bytes, offset) => disk.write(file, bytes, offset)),
      sync: guard((file) => disk.sync(file)),
      close: guard((file) => disk.close(file)),
      rename: guard((from, to) => {
        disk.rename(from, to);
        const [, store] = /^(.+)\.json$/.exec(basename(to)) ?? [];
        if (store !== undefined) this.onWrite(store);
      }),
      link: guard((from, to) => disk.link(from, to)),
      remove: guard((path) => disk.remove(path)),
      makeDirectory: guard((path) => disk.makeDirectory(path)),
    };
  }

  get state(): FlashState {
    return this.#state;
  }

  /** The power is off: what still runs is a ghost. */
  get isDead(): boolean {
    return this.#isCut;
  }

  set(state: FlashState): void {
    this.#state = state;
    this.#disk.room = state === "full" ? this.#random.integer(2_000) : Number.POSITIVE_INFINITY;
    this.#disk.failing = state === "read-only" ? { code: "EROFS", calls: writing } : null;
  }

  /** The power fails before the n-th call from now on, if the device lives so long. */
  cutAfter(calls: number): void {
    this.#disk.cutBefore = this.#disk.calls + calls;
  }

  /** That call has not come yet. */
  get cutting(): boolean {
    return Number.isFinite(this.#disk.cutBefore) && !this.#isCut;
  }

  /** Whoever has lost its power loses what was not synced. */
  lost(): void {
    this.#isCut = true;
  }

  /** Power is back. */
  powerOn(): void {
    if (!this.#isCut) return;
    this.#isCut = false;
    this.#disk.powerOn(this.#random.integer(2 ** 30));
  }

  #guarded<R>(call: () => R): R {
    try {
      return call();
    } catch (error) {
      if (error instanceof PowerCut && !this.#isCut) {
        this.#isCut = true;
        this.onPowerCut();
      }
      throw error;
    }
  }
}
