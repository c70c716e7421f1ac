import { Button } from "react-aria-components";
import { useMay } from "../../api/use-may.ts";
import { ChecksPart } from "./checks-part.tsx";
import { TablesPart } from "./tables-part.tsx";
import { MessagesPart, ReportsPart } from "./tails-part.tsx";
import { useView } from "./use-view.ts";
import { firstView, parts } from "./view.ts";

const shown = {
  tables: ["Tables", TablesPart],
  messages: ["Messages", MessagesPart],
  reports: ["Reports", ReportsPart],
  checks: ["Checks", ChecksPart],
} as const;

/** What of a node is looked at. Only what is shown is asked for. */
export function NodeParts({ location, node }: { readonly location: string; readonly node: string }) {
  const { view, change } = useView();
  const may = useMay("operator");
  const chosen = may.allowed ? view.part : "tables";
  const [, Part] = shown[chosen];
  return (
    <>
      <div className="parts">
        {parts.map((part) => (
          <Button
            key={part}
            className={part === chosen ? "part chosen" : "part"}
            aria-pressed={part === chosen}
            isDisabled={part !== "tables" && !may.allowed}
            onPress={() => part !== chosen && change({ ...firstView, part })}
          >
            {shown[part][0]}
          </Button>
        ))}
        {!may.allowed && may.reason !== undefined && <span className="soft">More than tables: {may.reason}</span>}
      </div>
      <Part location={location} node={node} />
    </>
  );
}
