import { FieldError, Input, Label, Text, TextField } from "react-aria-components";
import { Choice } from "./choice.tsx";
import { hintFor } from "./edit-text.ts";
import type { Column } from "./table-view.ts";

interface EditFieldsProps {
  readonly columns: readonly Column[];
  /** Columns that are to change, with what is typed. */
  readonly typed: ReadonlyMap<string, string>;
  readonly problems: ReadonlyMap<string, string>;
  /** What a column's box begins with. */
  begin(column: Column): string;
  onChange(typed: ReadonlyMap<string, string>): void;
}

export function EditFields({ columns, typed, problems, begin, onChange }: EditFieldsProps) {
  const set = (name: string, text: string) => onChange(new Map([...typed, [name, text]]));
  const drop = (name: string) => onChange(new Map([...typed].filter(([each]) => each !== name)));
  const left = columns.filter(({ name }) => !typed.has(name));
  return (
    <div className="edits">
      {columns
        .filter(({ name }) => typed.has(name))
        .map((column) => (
          <div key={column.name} className="edit">
            <Field column={column} text={typed.get(column.name) ?? ""} problem={problems.get(column.name)} set={set} />
            <button
              type="button"
              className="button small"
              aria-label={`Leave ${column.name} as it is`}
              onClick={() => drop(column.name)}
            >
              Leave
            </button>
          </div>
        ))}
      <Choice
        label={typed.size === 0 ? "Column to change" : "Another column to change"}
        value=""
        onChange={(name) => {
          const column = left.find((each) => each.name === name);
          if (column) set(column.name, begin(column));
        }}
      >
        <option value="">Choose one</option>
        {left.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </Choice>
    </div>
  );
}

interface FieldProps {
  readonly column: Column;
  readonly text: string;
  readonly problem: string | undefined;
  set(name: string, text: string): void;
}

function Field({ column, text, problem, set }: FieldProps) {
  const { name, choices, shape, type } = column;
  const isChoice = (choices !== null || type === "boolean") && (shape === "scalar" || shape === "optional");
  if (isChoice) {
    const values = choices?.map(String) ?? ["true", "false"];
    return (
      <Choice label={name} value={text} onChange={(value) => set(name, value)}>
        {(shape === "optional" || !values.includes(text)) && <option value="">unset</option>}
        {values.map((value) => (
          <option key={value}>{value}</option>
        ))}
      </Choice>
    );
  }
  return (
    <TextField
      className="field"
      value={text}
      onChange={(value) => set(name, value)}
      isInvalid={problem !== undefined}
      autoComplete="off"
    >
      <Label>{name}</Label>
      <Input className="input mono" dir="auto" spellCheck={false} />
      <Text slot="description" className="hint">
        {hintFor(column)}
      </Text>
      <FieldError className="bad">{problem}</FieldError>
    </TextField>
  );
}
