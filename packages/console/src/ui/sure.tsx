import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { clock } from "../clock.ts";

/** Who presses twice has pressed again by then; nobody has read a question so soon. */
const twiceMs = 600;

interface SureProps {
  readonly label: string;
  /** For who hears it: of what, where `label` does not say it. */
  readonly name?: string;
  readonly sure: string;
  readonly stay: string;
  readonly kind?: "" | "danger";
  readonly isDisabled?: boolean;
  onSure(): void;
}

/** A button that asks once more. Two presses in one place are no yes, nor is Enter twice: what does nothing has the focus. */
export function Sure({ label, name, sure, stay, kind = "", isDisabled = false, onSure }: SureProps) {
  const [step, setStep] = useState<"begin" | "asked" | "readable" | "answered">("begin");
  useEffect(() => {
    if (step !== "asked") return;
    const timer = clock.setTimer(twiceMs, () => setStep("readable"));
    return () => timer.cancel();
  }, [step]);
  if (step === "begin" || step === "answered") {
    return (
      <Button
        className={`button ${kind}`}
        isDisabled={isDisabled}
        autoFocus={step === "answered"}
        {...(name === undefined ? {} : { "aria-label": name })}
        onPress={() => setStep("asked")}
      >
        {label}
      </Button>
    );
  }
  return (
    <>
      <Button className="button" autoFocus onPress={() => setStep("answered")}>
        {stay}
      </Button>
      <Button
        className="button danger"
        isDisabled={isDisabled || step === "asked"}
        onPress={() => {
          setStep("answered");
          onSure();
        }}
      >
        {sure}
      </Button>
    </>
  );
}
