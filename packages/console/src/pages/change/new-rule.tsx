/** A rule that is not there yet: it is made once it is chosen whom it speaks of and what it says. */

import { useState } from "react";
import { Button } from "react-aria-components";
import { Choice } from "./controls.tsx";
import type { Policy } from "./doc.ts";
import { actionOf, actions, scopeOf, whomOptions } from "./rule-choices.ts";
import { useEditing } from "./use-edit.ts";

const unchosen = ["", "Choose …"] as const;

interface NewRuleProps {
  onChosen(rule: Pick<Policy, "scope" | "action">): void;
  onClose(): void;
}

export function NewRule({ onChosen, onClose }: NewRuleProps) {
  const { doc, names } = useEditing();
  const [whom, setWhom] = useState("");
  const [what, setWhat] = useState<Policy["action"]["kind"] | "">("");
  const choose = (nextWhom: string, nextWhat: typeof what) => {
    setWhom(nextWhom);
    setWhat(nextWhat);
    const scope = scopeOf(nextWhom);
    if (scope && nextWhat !== "") onChosen({ scope, action: actionOf(nextWhat) });
  };
  return (
    <section className="card" aria-label="A new rule">
      <div className="fields">
        <Choice
          label="Who"
          value={whom}
          options={[unchosen, ...whomOptions(doc, names)]}
          onChange={(next) => choose(next, what)}
        />
        <Choice label="What" value={what} options={[unchosen, ...actions]} onChange={(next) => choose(whom, next)} />
      </div>
      <p className="hint">When it holds, and what it is called, is asked next.</p>
      <Button className="button" onPress={onClose}>
        No new rule
      </Button>
    </section>
  );
}
