import { useState } from "react";
import { Button } from "react-aria-components";
import { useMay } from "../../api/use-may.ts";
import { ChecksPart } from "./checks-part.tsx";
import { TablesPart } from "./tables-part.tsx";
import { MessagesPart, ReportsPart } from "./tails-part.tsx";

const parts = [
  ["Tables", TablesPart],
  ["Messages", MessagesPart],
  ["Reports", ReportsPart],
  ["Checks", ChecksPart],
] as const;

/** What of a node is looked at. Only what is shown is asked for. */
export function NodeParts({ location, node }: { readonly location: string; readonly node: string }) {
  const [chosen, setChosen] = useState<(typeof parts)[number][0]>("Tables");
  const may = useMay("operator");
  const [, Part] = parts.find(([name]) => name === chosen) ?? parts[0];
  return (
    <>
      <div className="parts">
        {parts.map(([name]) => (
          <Button
            key={name}
            className={name === chosen ? "part chosen" : "part"}
            aria-pressed={name === chosen}
            isDisabled={name !== "Tables" && !may.allowed}
            onPress={() => setChosen(name)}
          >
            {name}
          </Button>
        ))}
        {!may.allowed && may.reason !== undefined && <span className="soft">More than tables: {may.reason}</span>}
      </div>
      <Part location={location} node={node} />
    </>
  );
}
