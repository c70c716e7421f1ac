/** Controls of the forms: each has its label, and what is wrong with it. */

import { type ReactNode, useId, useState } from "react";
import { Button, FieldError, Input, Label, Text, TextField } from "react-aria-components";
import { numberFrom } from "./checks.ts";
import { type Path, pathText } from "./lists.ts";
import { useEditing } from "./use-edit.ts";

interface FieldParts {
  readonly label: string;
  readonly at: Path;
  readonly hint?: string | undefined;
}

interface TextParts extends FieldParts {
  readonly value: string | undefined;
  /** Told while it is typed. */
  readonly check?: (text: string) => string | undefined;
  /** Left empty, it is taken out of the document. */
  readonly isOptional?: boolean;
  readonly placeholder?: string;
  readonly isSecret?: boolean;
}

export function TextBox({
  label,
  at,
  value = "",
  check,
  hint,
  isOptional = false,
  placeholder,
  isSecret = false,
}: TextParts) {
  const { set, problem, locked } = useEditing();
  const local = isOptional && value === "" ? undefined : check?.(value);
  const wrong = problem(pathText(at)) ?? local;
  return (
    <TextField
      className="field"
      value={value}
      onChange={(text) => set(at, isOptional && text === "" ? undefined : text)}
      isInvalid={wrong !== undefined}
      isDisabled={locked !== undefined}
      autoComplete="off"
    >
      <Label>{label}</Label>
      <Input
        className={isSecret ? "input mono" : "input"}
        dir="auto"
        spellCheck={false}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
      {hint !== undefined && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="wrong">{wrong}</FieldError>
    </TextField>
  );
}

interface NumberParts extends FieldParts {
  readonly value: number | undefined;
  readonly check?: (value: number | undefined) => string | undefined;
  readonly isOptional?: boolean;
  readonly placeholder?: string;
}

/** What is typed and is no number yet stays in the box. */
export function NumberBox({ label, at, value, check, hint, isOptional = false, placeholder }: NumberParts) {
  const { set, problem, locked } = useEditing();
  const [typed, setTyped] = useState<string>();
  const shown =
    typed !== undefined && numberFrom(typed) === value ? typed : value === undefined ? (typed ?? "") : String(value);
  const local = isOptional && shown === "" ? undefined : check?.(value);
  const wrong = problem(pathText(at)) ?? local;
  return (
    <TextField
      className="field short"
      value={shown}
      onChange={(text) => {
        setTyped(text);
        set(at, numberFrom(text));
      }}
      isInvalid={wrong !== undefined}
      isDisabled={locked !== undefined}
      inputMode="numeric"
      autoComplete="off"
    >
      <Label>{label}</Label>
      <Input className="input" {...(placeholder === undefined ? {} : { placeholder })} />
      {hint !== undefined && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="wrong">{wrong}</FieldError>
    </TextField>
  );
}

interface ChoiceParts<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly wrong?: string | undefined;
  readonly hint?: string | undefined;
  readonly isDisabled?: boolean;
  onChange(value: T): void;
}

export function Choice<T extends string>({
  label,
  value,
  options,
  wrong,
  hint,
  isDisabled = false,
  onChange,
}: ChoiceParts<T>) {
  const { locked } = useEditing();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        value={value}
        disabled={isDisabled || locked !== undefined}
        aria-invalid={wrong !== undefined}
        aria-describedby={`${id}-more`}
        onChange={(event) => {
          const found = options.find(([option]) => option === event.target.value);
          if (found) onChange(found[0]);
        }}
      >
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
      <span id={`${id}-more`}>
        {hint !== undefined && <span className="hint">{hint}</span>}
        {wrong !== undefined && <span className="wrong">{wrong}</span>}
      </span>
    </div>
  );
}

interface CheckParts {
  readonly isOn: boolean;
  readonly children: ReactNode;
  readonly isDisabled?: boolean;
  onChange(isOn: boolean): void;
}

export function Check({ isOn, children, isDisabled = false, onChange }: CheckParts) {
  const { locked } = useEditing();
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={isOn}
        disabled={isDisabled || locked !== undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{children}</span>
    </label>
  );
}

interface MomentParts extends FieldParts {
  readonly value: string | undefined;
  readonly check?: (value: string | undefined) => string | undefined;
}

/** A local date and time; undefined: none. */
export function MomentBox({ label, at, value, hint, check }: MomentParts) {
  const { set, problem, locked } = useEditing();
  const id = useId();
  const wrong = problem(pathText(at)) ?? check?.(value);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        type="datetime-local"
        value={value === undefined ? "" : localText(value)}
        disabled={locked !== undefined}
        aria-invalid={wrong !== undefined}
        aria-describedby={`${id}-more`}
        onChange={(event) => {
          const time = Date.parse(event.target.value);
          set(at, Number.isFinite(time) ? new Date(time).toISOString() : undefined);
        }}
      />
      <span id={`${id}-more`}>
        {hint !== undefined && <span className="hint">{hint}</span>}
        {wrong !== undefined && <span className="wrong">{wrong}</span>}
      </span>
    </div>
  );
}

function localText(iso: string): string {
  const time = new Date(iso);
  if (!Number.isFinite(time.getTime())) return "";
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** A button that changes the edit: not there to be pressed where nothing can be changed. */
export function EditButton({
  children,
  label,
  kind = "",
  isDisabled = false,
  onPress,
}: {
  readonly children: ReactNode;
  readonly label?: string;
  readonly kind?: "" | "primary" | "danger";
  readonly isDisabled?: boolean;
  onPress(): void;
}) {
  const { locked } = useEditing();
  return (
    <Button
      className={`button ${kind}`}
      isDisabled={isDisabled || locked !== undefined}
      onPress={onPress}
      {...(label === undefined ? {} : { "aria-label": label })}
    >
      {children}
    </Button>
  );
}
