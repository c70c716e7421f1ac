/** A live picture on a terminal: drawn in place, and the terminal left as it was found. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { redrawMs, refreshMs } from "./limits.ts";

export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const alternateScreen = "\u001b[?1049h";
const mainScreen = "\u001b[?1049l";
const home = "\u001b[H";
const clearLine = "\u001b[K";
const clearBelow = "\u001b[J";

export class Screen {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #render: (width: number, height: number) => readonly string[];
  #timer: Timer | undefined;
  #lastDrawn = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(terminal: Terminal, clock: Clock, render: (width: number, height: number) => readonly string[]) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#render = render;
    terminal.write(alternateScreen + hideCursor);
    this.#draw();
  }

  /** Something has changed: draws soon, however often it is called; not at all once closed. */
  invalidate(): void {
    this.#plan(Math.max(0, this.#lastDrawn + redrawMs - this.#clock.now()));
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#terminal.write(showCursor + mainScreen);
  }

  #plan(delayMs: number): void {
    this.#timer?.cancel();
    if (this.#closed) return;
    this.#timer = this.#clock.setTimer(delayMs, () => this.#draw());
  }

  #draw(): void {
    // A terminal that does not know its size says 0.
    const columns = this.#terminal.columns || 80;
    const rows = this.#terminal.rows || 24;
    const lines = this.#render(columns, rows);
    this.#terminal.write(home + lines.map((line) => line + clearLine).join("\r\n") + clearBelow);
    this.#lastDrawn = this.#clock.now();
    this.#plan(refreshMs);
  }
}
