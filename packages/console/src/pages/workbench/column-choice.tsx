/** Which columns are shown; those that are empty in every row are not, unless they are chosen. */

import { Button } from "react-aria-components";
import type { Column } from "./table-view.ts";

interface ColumnChoiceProps {
  readonly columns: readonly Column[];
  isShown(name: string): boolean;
  onChange(names: ReadonlySet<string>): void;
  /** Undefined: nothing has been chosen. */
  readonly onReset: (() => void) | undefined;
}

export function ColumnChoice({ columns, isShown, onChange, onReset }: ColumnChoiceProps) {
  const shown = columns.filter(({ name }) => isShown(name)).map(({ name }) => name);
  if (columns.length === 0) return null;
  const toggle = (name: string) =>
    onChange(new Set(shown.includes(name) ? shown.filter((each) => each !== name) : [...shown, name]));
  return (
    <details className="columns">
      <summary>
        Columns: {shown.length} of {columns.length} shown
        {!onReset && shown.length < columns.length && ", the others are empty"}
      </summary>
      <fieldset>
        <legend className="unseen">Columns to show</legend>
        {columns.map(({ name, takes }) => (
          <label key={name} title={takes}>
            <input type="checkbox" checked={isShown(name)} onChange={() => toggle(name)} /> {name}
          </label>
        ))}
      </fieldset>
      <div className="row">
        <Button className="button" onPress={() => onChange(new Set(columns.map(({ name }) => name)))}>
          Show all
        </Button>
        {onReset && (
          <Button className="button" onPress={onReset}>
            Only those with something in them
          </Button>
        )}
      </div>
    </details>
  );
}
