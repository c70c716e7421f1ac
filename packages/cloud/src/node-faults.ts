/** Radios of one node that are not as they were told: how that is shown, who wrote it, and when it is worth an event. */

import type { Row, Uuid } from "@opensync-ts/ovsdb/datum";
import { type HandWrite, HandWrites } from "./hand-writes.ts";
import type { RadioFault } from "./radio-shortfall.ts";
import { differencesText, endText, faultText, noteOf, type Writer } from "./radio-words.ts";
import type { TableReader } from "./rows.ts";

/** A radio that is not as it was told. */
export interface RadioFaultView {
  readonly ifName: string;
  readonly band: string | null;
  /** `channel 99 asked for, 6 is on` */
  readonly text: string;
  /** It had its time, or will never be so. */
  readonly isLate: boolean;
  /** Wall clock, ms. */
  readonly since: number;
  /** Who has written by hand what it was told; null: that is not known. */
  readonly writer: Writer | null;
  /** What puts back what stood there before; null: that is not known. */
  readonly undo: RadioUndo | null;
}

type Scalar = string | number | boolean | null;

/** An edit of a row of `Wifi_Radio_Config`. */
export interface RadioUndo {
  readonly row: Uuid;
  readonly set: Readonly<Record<string, Scalar>>;
  readonly guard: Readonly<Record<string, Scalar>>;
}

/** A radio is not as it was told, or (`isOver`) is so again. */
export interface RadioNews {
  readonly ifName: string;
  readonly band: string | null;
  readonly isOver: boolean;
  /** In words. */
  readonly text: string;
  /** Who wrote it by hand; null: that is not known. */
  readonly writer: string | null;
}

/** Part of a `Session`. */
interface Looked {
  readonly tables: TableReader | undefined;
  readonly radioFaults: readonly RadioFault[];
}

const table = "Wifi_Radio_Config";

export class NodeFaults {
  readonly #writes = new HandWrites();
  /** What was told last of each radio that is not as it was told, as far as is known. */
  readonly #told = new Map<string, RadioFault>();

  views(session: Looked | undefined): readonly RadioFaultView[] {
    return this.#present(session).map((fault) => {
      const { ifName, band, isLate, since } = fault;
      const writer = this.#writerOf(fault);
      return {
        ...{ ifName, band, isLate, since, text: differencesText(fault) },
        writer: writer ? { name: writer.name, at: writer.at } : null,
        undo: session ? this.#undoOf(fault, session) : null,
      };
    });
  }

  /** All of them in one line; null: there is none. */
  note(session: Looked | undefined): string | null {
    return noteOf(this.#present(session).map((fault) => faultText(fault, this.#writerOf(fault))));
  }

  /** Of each radio that it is not as it was told, again where it was told something else, and its end; also where the node was away in between. */
  news(session: Looked): readonly RadioNews[] {
    const faults = session.radioFaults ?? [];
    if (faults.length === 0 && this.#told.size === 0) return [];
    const present = new Set(faults.map(({ ifName }) => ifName));
    const over = [...this.#told.values()].filter(({ ifName }) => !present.has(ifName));
    const begun = faults.filter((fault) => fault.isLate && !this.#isTold(fault));
    for (const { ifName } of over) this.#told.delete(ifName);
    for (const fault of begun) this.#told.set(fault.ifName, fault);
    return [
      ...over.map((fault) => {
        const [config] = configOf(session, fault.ifName);
        const writer = this.#enderOf(fault);
        return newsOf(
          fault,
          true,
          endText(fault, ({ column, asked }) => config?.[column] === asked, writer),
          writer,
        );
      }),
      ...begun.map((fault) => {
        const writer = this.#writerOf(fault);
        return newsOf(fault, false, faultText(fault, writer), writer);
      }),
    ];
  }

  /** Somebody writes these columns of a row by hand. Returns what takes it back where that fails. */
  handWritten(writes: readonly HandWrite[], session: Looked | undefined): () => void {
    const faults = session?.radioFaults ?? [];
    const forget = writes
      .filter((write) => write.table === table)
      .map((write) => {
        const isAtFault = faults.some(
          ({ ifName, differences }) =>
            ifName === write.row &&
            differences.some(({ column, asked }) => column === write.column && asked === write.before),
        );
        return this.#writes.add(write, !isAtFault);
      });
    return () => {
      for (const each of forget) each();
    };
  }

  /** One that was told already had its time, also where its node has come back since. */
  #present(session: Looked | undefined): readonly RadioFault[] {
    return (session?.radioFaults ?? []).map((fault) => ({ ...fault, isLate: fault.isLate || this.#isTold(fault) }));
  }

  /** All that is left of it was told: the radio may have done some of it since. */
  #isTold({ ifName, differences }: RadioFault): boolean {
    const told = this.#told.get(ifName);
    return differences.every(({ column, asked }) =>
      told?.differences.some((each) => each.column === column && each.asked === asked),
    );
  }

  /** Null also where one of several columns was written by nobody who is known. */
  #undoOf({ ifName, differences }: RadioFault, session: Looked): RadioUndo | null {
    const [, row] = configOf(session, ifName);
    const found = differences.map(({ column, asked }) => this.#writes.of(table, ifName, column, asked));
    const writes = found.filter((write) => write !== undefined);
    if (row === undefined || writes.length < found.length) return null;
    // All that a radio is told is one value a column.
    const set = Object.fromEntries(writes.map(({ column, origin }) => [column, origin as Scalar]));
    const guard = Object.fromEntries(writes.map(({ column, after }) => [column, after as Scalar]));
    return { row, set, guard };
  }

  /** The last one who has written any of it. */
  #writerOf({ ifName, differences }: RadioFault): Writer | undefined {
    return newest(differences.map(({ column, asked }) => this.#writes.of(table, ifName, column, asked)));
  }

  /** The last one who has written something else instead. */
  #enderOf({ ifName, differences }: RadioFault): Writer | undefined {
    return newest(differences.map(({ column, asked }) => this.#writes.endOf(table, ifName, column, asked)));
  }
}

function newsOf({ ifName, band }: RadioFault, isOver: boolean, text: string, writer: Writer | undefined): RadioNews {
  return { ifName, band, isOver, text, writer: writer?.name ?? null };
}

function newest(writers: readonly (Writer | undefined)[]): Writer | undefined {
  return writers.filter((writer) => writer !== undefined).sort((a, b) => b.at - a.at)[0];
}

function configOf({ tables }: Looked, ifName: string): readonly [Row, Uuid] | readonly [] {
  const found = [...(tables?.(table) ?? [])].find(([, row]) => row.if_name === ifName);
  return found ? [found[1], found[0]] : [];
}
