import { Input, Label, SearchField } from "react-aria-components";
import { useView } from "./use-view.ts";

interface FilterFieldProps {
  readonly label: string;
  readonly value: string;
  onChange(text: string): void;
}

/** What is typed stands in the address, too. */
export function FilterField({ label, value, onChange }: FilterFieldProps) {
  const { view, change } = useView();
  return (
    <SearchField
      className="search"
      value={value}
      onChange={(filter) => {
        onChange(filter);
        change({ ...view, filter }, false);
      }}
    >
      <Label>{label}</Label>
      <Input className="input" dir="auto" spellCheck={false} />
    </SearchField>
  );
}
