import { momentText } from "../../ui/time.ts";
import { type Given, givenWords, kindWords, ruleWords } from "./policy-words.ts";
import type { Explanation } from "./why-there.ts";

interface RulesProps {
  readonly explanation: Explanation;
  /** Undefined: the home says nothing of it. */
  readonly given: Given | undefined;
  readonly now: number;
}

/** What holds for it, where that comes from, and how to be rid of it. */
export function Rules({ explanation, given, now }: RulesProps) {
  const others = given === undefined ? [] : givenWords(given);
  const { policies, mac, profile, class: kind } = explanation;
  return (
    <section className="card">
      <h2>What holds for it</h2>
      {policies.length === 0 && <p className="soft">No rule of the home is about it.</p>}
      <ul className="rules">
        {policies.map((policy) => {
          const { what, where, undo } = ruleWords(policy, mac);
          return (
            <li key={policy.id + policy.action.kind}>
              <strong>{what}</strong>
              {policy.until !== null && ` until ${momentText(policy.until, now)}`}
              <br />
              <span className="soft">
                <bdi>{where}</bdi>. To undo: {undo}.
              </span>
            </li>
          );
        })}
        {others.map(({ what, where, undo }) => (
          <li key={what}>
            <strong>
              <bdi>{what}</bdi>
            </strong>
            <br />
            <span className="soft">
              {where}. To undo: {undo}.
            </span>
          </li>
        ))}
      </ul>
      <p className="soft">{kindWords(profile, kind)}</p>
    </section>
  );
}
