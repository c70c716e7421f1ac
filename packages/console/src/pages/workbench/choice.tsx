import { type ReactNode, useId } from "react";

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  onChange(value: string): void;
  /** Options. */
  readonly children: ReactNode;
}

/** One of many, as the system's own list: it is searched by typing. */
export function Choice({ label, value, onChange, children }: ChoiceProps) {
  const id = useId();
  return (
    <div className="choice">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} onChange={({ target }) => onChange(target.value)}>
        {children}
      </select>
    </div>
  );
}
