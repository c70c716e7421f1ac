/** The text of log lines that wait to be published: at most 100 KiB. When it is full, all of it goes, and says so. */

import { qmLimits } from "./limits.ts";

interface Text {
  readonly parts: string[];
  lines: number;
  /** With a line break for each part. */
  bytes: number;
}

const nothing = (): Text => ({ parts: [], lines: 0, bytes: 0 });

export class LogBuffer {
  #waiting = nothing();
  #inFlight: Text | undefined;
  #dropped = 0;
  #enabled = false;

  /** Bytes that wait, those on their way to the broker included. */
  get bytes(): number {
    return this.#waiting.bytes + (this.#inFlight?.bytes ?? 0);
  }

  /** Lines lost so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Switched off, what waits and what comes is only counted. */
  enable(enabled: boolean): void {
    this.#enabled = enabled;
    if (!enabled) this.#discard();
  }

  /** One or several lines, with or without a line break (or a NUL) at the end. */
  append(text: string): void {
    const part = withoutEnd(text);
    if (part === "") return;
    const lines = linesIn(part);
    if (!this.#enabled) {
      this.#dropped += lines;
    } else if (bytesOf(part) > qmLimits.logBytes) {
      this.#dropped += lines;
      this.#add("--- DROPPED TOO BIG ---");
    } else {
      this.#add(part);
    }
  }

  /** What waits, to be published; `undefined` while there is nothing, or something on its way already. */
  take(): string | undefined {
    if (this.#inFlight || this.#waiting.lines === 0) return undefined;
    this.#inFlight = this.#waiting;
    this.#waiting = nothing();
    return this.#inFlight.parts.join("\n");
  }

  /** What was taken has arrived; or has not, and waits again if there is room for it. */
  settle(arrived: boolean): void {
    const taken = this.#inFlight;
    this.#inFlight = undefined;
    if (!taken || arrived) return;
    if (!this.#enabled || taken.bytes + this.#waiting.bytes > qmLimits.logBytes) {
      this.#dropped += taken.lines;
      return;
    }
    const { parts, lines, bytes } = this.#waiting;
    this.#waiting = {
      parts: [...taken.parts, ...parts],
      lines: taken.lines + lines,
      bytes: taken.bytes + bytes,
    };
  }

  #add(part: string): void {
    if (this.#fits(part)) {
      this.#push(part);
      return;
    }
    // What is on its way takes room, too: a line may not fit even then.
    const lost = this.#discard();
    if (lost > 0) this.#push(`--- DROPPED ${lost} LINES ---`);
    if (this.#fits(part)) this.#push(part);
    else this.#dropped += linesIn(part);
  }

  #discard(): number {
    const lost = this.#waiting.lines;
    this.#dropped += lost;
    this.#waiting = nothing();
    return lost;
  }

  #fits(part: string): boolean {
    return this.bytes + bytesOf(part) <= qmLimits.logBytes;
  }

  #push(part: string): void {
    if (!this.#fits(part)) return;
    this.#waiting.parts.push(part);
    this.#waiting.lines += linesIn(part);
    this.#waiting.bytes += bytesOf(part);
  }
}

/** Not by a regular expression: 2 MiB of line breaks before a letter would keep it busy for hours. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === "\n" || text[end - 1] === "\0")) end--;
  return text.slice(0, end);
}

function bytesOf(part: string): number {
  return Buffer.byteLength(part) + 1;
}

function linesIn(part: string): number {
  return part.split("\n").length;
}
