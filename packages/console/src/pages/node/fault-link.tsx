import { TableLink } from "../../ui/page-link.tsx";
import type { RadioFault } from "./fault-words.ts";

interface LinkProps {
  readonly node: string;
  readonly fault: Pick<RadioFault, "ifName">;
  readonly children: string;
}

/** To the row in which a radio is told what it does not do. */
export function FaultLink({ node, fault, children }: LinkProps) {
  return (
    <TableLink node={node} table="Wifi_Radio_Config" filter={`if_name=${fault.ifName}`}>
      {children}
    </TableLink>
  );
}
