import { bandWords } from "@opensync-ts/cloud/words/band-words";
import { kindText, knownKinds } from "@opensync-ts/cloud/words/kind-words";
import { dayNames, dayWords } from "@opensync-ts/cloud/words/rule-words";
import { useState } from "react";
import { Button } from "react-aria-components";
import { clock } from "../../clock.ts";
import { useNow } from "../../ui/use-now.ts";
import { Check, Choice, EditButton, MomentBox, TextBox } from "./controls.tsx";
import type { Policy } from "./doc.ts";
import { addPolicy, nextPolicyId, toggled } from "./edits.ts";
import { NewRule } from "./new-rule.tsx";
import { actionOf, actions, scopeOf, whomOf, whomOptions } from "./rule-choices.ts";
import { policySentence } from "./sentences.ts";
import { useEditing } from "./use-edit.ts";
import { mostWindows, timeProblem, withNext, without } from "./windows.ts";

type Schedule = Policy["schedule"];

const schedules = [
  ["always", "always"],
  ["weekly", "on days of the week"],
  ["until", "until a moment"],
] as const;
const bands = (["2.4G", "5G", "6G"] as const).map((band) => [band, bandWords(band)] as const);

export function RulesSection() {
  const { doc, replace, names } = useEditing();
  const policies = doc.policies ?? [];
  const now = useNow(60_000);
  const [open, setOpen] = useState<string>();
  const [isNew, setNew] = useState(false);
  return (
    <>
      <p>
        Rules say who may do what, and when. Where two rules say different things of one device, a rule for that device
        alone comes first, then one for its group, such as guests, then one for its network, then one for everybody.
      </p>
      {doc.policies === undefined && (
        <p className="empty">There is no rule. What nodes have of their own is left as it is.</p>
      )}
      {policies.map((policy, index) => (
        <section
          className="card"
          key={policy.id}
          aria-label={`Rule: ${policy.label ?? policySentence(policy, names, now)}`}
        >
          <div className="row spread">
            <Check
              isOn={policy.enabled}
              onChange={(enabled) => replace({ ...doc, policies: policies.with(index, { ...policy, enabled }) })}
            >
              <span className={policy.enabled ? "" : "soft"}>
                {policy.label !== undefined && (
                  <strong>
                    <bdi>{policy.label}</bdi>:{" "}
                  </strong>
                )}
                <bdi>{policySentence(policy, names, now)}</bdi>
              </span>
            </Check>
            <span className="row">
              <Button
                className="button"
                aria-expanded={open === policy.id}
                onPress={() => setOpen(open === policy.id ? undefined : policy.id)}
              >
                {open === policy.id ? "Close" : "Edit"}
              </Button>
              <EditButton
                kind="danger"
                label={`Remove the rule: ${policy.label ?? policySentence(policy, names, now)}`}
                onPress={() => replace({ ...doc, policies: policies.filter((other) => other !== policy) })}
              >
                Remove
              </EditButton>
            </span>
          </div>
          {open === policy.id && <RuleEditor policy={policy} index={index} />}
          <RuleProblem index={index} />
        </section>
      ))}
      {isNew ? (
        <NewRule
          onChosen={(rule) => {
            const id = nextPolicyId(doc.policies);
            replace(addPolicy(doc, { id, ...rule }));
            setNew(false);
            setOpen(id);
          }}
          onClose={() => setNew(false)}
        />
      ) : (
        <EditButton onPress={() => setNew(true)}>Add a rule</EditButton>
      )}
    </>
  );
}

function RuleProblem({ index }: { readonly index: number }) {
  const { problem } = useEditing();
  const wrong = problem(`policies[${index}]`, true);
  return wrong ? <p className="wrong">{wrong}</p> : null;
}

function RuleEditor({ policy, index }: { readonly policy: Policy; readonly index: number }) {
  const { set } = useEditing();
  const at = ["policies", index] as const;
  return (
    <div className="fields">
      <WhomField policy={policy} index={index} />
      <Choice
        label="What"
        value={policy.action.kind}
        options={actions}
        onChange={(kind) => set([...at, "action"], actionOf(kind))}
      />
      {policy.action.kind === "band" && (
        <>
          <Choice
            label="Band"
            value={policy.action.prefer}
            options={bands}
            onChange={(prefer) => set([...at, "action", "prefer"], prefer)}
          />
          <Check isOn={policy.action.only} onChange={(only) => set([...at, "action", "only"], only)}>
            No other band at all
          </Check>
        </>
      )}
      {policy.action.kind === "profile" && (
        <Choice
          label="Kind of device"
          value={policy.action.profile}
          options={kindsWith(policy.action.profile)}
          onChange={(profile) => set([...at, "action", "profile"], profile)}
        />
      )}
      <Choice
        label="When"
        value={policy.schedule.kind}
        options={schedules}
        onChange={(kind) => set([...at, "schedule"], scheduleOf(kind))}
      />
      {policy.schedule.kind === "until" && (
        <MomentBox label="Until" at={[...at, "schedule", "instant"]} value={policy.schedule.instant} />
      )}
      {policy.schedule.kind === "weekly" && <WeeklyFields schedule={policy.schedule} index={index} />}
      <TextBox label="Name of the rule" at={[...at, "label"]} value={policy.label} isOptional />
    </div>
  );
}

function WhomField({ policy: { scope }, index }: { readonly policy: Policy; readonly index: number }) {
  const { doc, names, set } = useEditing();
  const devices = new Map(names);
  if (scope.kind === "device" && !devices.has(scope.mac)) devices.set(scope.mac, scope.mac);
  const choose = (whom: string) => set(["policies", index, "scope"], scopeOf(whom));
  return <Choice label="Who" value={whomOf(scope)} options={whomOptions(doc, devices)} onChange={choose} />;
}

function WeeklyFields({
  schedule,
  index,
}: {
  readonly schedule: Extract<Schedule, { kind: "weekly" }>;
  readonly index: number;
}) {
  const { set } = useEditing();
  const at = ["policies", index, "schedule"] as const;
  return (
    <>
      {schedule.windows.map((window, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: windows have no name
        <fieldset className="row" key={position}>
          <legend>{position === 0 ? "Days on which it begins" : "And on these days"}</legend>
          {dayNames.map((day) => (
            <Check
              key={day}
              isOn={window.days.includes(day)}
              onChange={() => set([...at, "windows", position, "days"], toggled(window.days, day, dayNames))}
            >
              {dayWords[day]}
            </Check>
          ))}
          <TextBox
            label="From"
            at={[...at, "windows", position, "from"]}
            value={window.from}
            placeholder="21:00"
            check={timeProblem}
          />
          <TextBox
            label={window.to <= window.from ? "To (the next day)" : "To"}
            at={[...at, "windows", position, "to"]}
            value={window.to}
            placeholder="07:00"
            check={timeProblem}
          />
          {schedule.windows.length > 1 && (
            <EditButton label={`Remove hours ${position + 1}`} onPress={() => set(at, without(schedule, position))}>
              Remove
            </EditButton>
          )}
        </fieldset>
      ))}
      {schedule.windows.length < mostWindows && (
        <EditButton onPress={() => set(at, withNext(schedule))}>Add other hours</EditButton>
      )}
      <TextBox label="Time zone" at={[...at, "timeZone"]} value={schedule.timeZone} />
    </>
  );
}

/** With one that only this cloud knows, where the rule says so. */
function kindsWith(kind: string): readonly (readonly [string, string])[] {
  const all = knownKinds.includes(kind) ? knownKinds : [kind, ...knownKinds];
  return all.map((each) => [each, kindText(each)] as const);
}

function scheduleOf(kind: Schedule["kind"]): Schedule {
  switch (kind) {
    case "always":
      return { kind };
    case "until":
      return { kind, instant: new Date(clock.wallTime() + 3_600_000).toISOString() };
    case "weekly": {
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      return { kind, timeZone, windows: [{ days: ["mon", "tue", "wed", "thu", "sun"], from: "21:00", to: "07:00" }] };
    }
  }
}
