import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { doctorLimits } from "./limits.ts";
import { failed, firstFault, ok, Recorder, type Step, skipped, verdict, warning } from "./report.ts";
import { reportJson, stepText, summaryText } from "./report-text.ts";

function recorded(fill: (recorder: Recorder) => void): readonly Step[] {
  const recorder = new Recorder(new VirtualClock());
  fill(recorder);
  return recorder.steps;
}

describe("a report", () => {
  it("is as bad as its worst step; the first of that kind is the fault", () => {
    const steps = recorded((recorder) => {
      recorder.add("a", "one", "", ok("well"));
      recorder.add("a", "two", "", warning("soon", "renew"));
      recorder.add("a", "three", "", failed("gone", "bring it back"));
      recorder.add("a", "four", "", skipped("three failed"));
      recorder.add("a", "five", "", failed("gone, too", "see three"));
    });
    assert.equal(verdict(steps), "failed");
    assert.equal(firstFault(steps)?.name, "three");
    assert.equal(summaryText({ title: "", steps }), "fault: a, three: gone; to do: bring it back\n");
    assert.equal(summaryText({ title: "", steps: steps.slice(0, 2) }), "warning: a, two: soon; to do: renew\n");
    assert.equal(summaryText({ title: "", steps: steps.slice(0, 1) }), "all well: 1 step\n");
    assert.equal((JSON.parse(reportJson({ title: "x", steps })) as { verdict: string }).verdict, "failed");
  });

  it("says how long a step took", async () => {
    const clock = new VirtualClock();
    const recorder = new Recorder(clock);
    const since = clock.now();
    await clock.advance(120);
    recorder.add("a", "one", "", ok("well"), since);
    assert.equal(recorder.steps[0]?.ms, 120);
  });

  it("does not let a stranger steer the terminal, nor fill it", () => {
    const [step] = recorded((recorder) =>
      recorder.add("a", "one", "", failed(`\x1b[2J${"x".repeat(5000)}`, "look\nout")),
    );
    assert.ok(step);
    assert.equal(step.found.length, doctorLimits.sentence);
    assert.match(stepText(step), /\\x1b\[2J/);
    assert.match(stepText(step), /look\\x0aout/);
  });

  it("has a bound", () => {
    const steps = recorded((recorder) => {
      for (let index = 0; index < 10_000; index++) recorder.add("a", String(index), "", ok("well"));
    });
    assert.equal(steps.length, doctorLimits.steps);
  });
});
