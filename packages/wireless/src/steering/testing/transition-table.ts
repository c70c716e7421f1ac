/** A state machine under test: each state is brought about, each event happens to it, and where it ends is compared with the table. */

import assert from "node:assert/strict";
import { it } from "node:test";

export interface TableEvent<State extends string, Subject> {
  happens(subject: Subject): void;
  readonly to: Readonly<Record<State, State | Impossible>>;
}

/** An event that cannot happen in a state, and why not. */
export interface Impossible {
  readonly impossible: string;
  /** What shows that it cannot. */
  readonly shows: () => void;
}

export interface TransitionTable<State extends string, Subject> {
  /** How each state comes about. */
  readonly states: Readonly<Record<State, () => Subject>>;
  readonly events: Readonly<Record<string, TableEvent<State, Subject>>>;
  stateOf(subject: Subject): State;
  /** Transitions told so far, `FROM>TO`; undefined: the machine tells of none. */
  told?(subject: Subject): readonly string[];
}

export function testTransitions<State extends string, Subject>(table: TransitionTable<State, Subject>): void {
  const { states, events, stateOf, told } = table;
  const tested = new Set<string>();
  const names = Object.keys(states) as State[];
  for (const [event, { happens, to }] of Object.entries(events)) {
    for (const from of names) {
      const expected = to[from];
      const cell = `${from}, ${event}`;
      if (typeof expected === "object") {
        it(`${cell}: cannot happen: ${expected.impossible}`, () => {
          expected.shows();
          tested.add(cell);
        });
        continue;
      }
      it(`${cell}: ${expected}`, () => {
        const subject = states[from]();
        assert.equal(stateOf(subject), from, "as it begins");
        const before = told?.(subject).length ?? 0;
        happens(subject);
        assert.equal(stateOf(subject), expected);
        const since = told?.(subject).slice(before) ?? [];
        if (told && from !== expected) assert.ok(since.at(-1)?.endsWith(`>${expected}`), `told: ${since.join()}`);
        tested.add(cell);
      });
    }
  }

  it("has each state under each event, and each state is reached by one", () => {
    assert.equal(tested.size, names.length * Object.keys(events).length);
    const reached = new Set(
      Object.values(events).flatMap(({ to }) => names.flatMap((from) => (to[from] === from ? [] : [to[from]]))),
    );
    for (const state of names) assert.ok(reached.has(state) || state === names[0], `nothing leads to ${state}`);
  });
}
