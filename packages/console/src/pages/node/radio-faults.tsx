/** Radios that are not as they were told: where that is undone, or the button that does it. */

import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { Button } from "react-aria-components";
import { useChange } from "../../api/ask.ts";
import { useMay } from "../../api/use-may.ts";
import { Failure } from "../../ui/failure.tsx";
import { radioFaultId } from "../../ui/page-link.tsx";
import { bandText } from "../../ui/words.ts";
import { FaultLink } from "./fault-link.tsx";
import { type RadioFault, undoText } from "./fault-words.ts";

interface FaultsProps {
  readonly location: string;
  readonly node: string;
  readonly faults: readonly RadioFault[];
}

export function RadioFaults({ location, node, faults }: FaultsProps) {
  return faults.map((fault) => <OneFault key={fault.ifName} {...{ location, node, fault }} />);
}

function OneFault({ location, node, fault }: Omit<FaultsProps, "faults"> & { readonly fault: RadioFault }) {
  const { ifName, band, undo } = fault;
  const may = useMay("admin");
  const ref = useRef<HTMLDivElement>(null);
  const { hash } = useLocation();
  const isMeant = hash === radioFaultId(ifName);
  // It is there only once the node's answer is: later than the page.
  useEffect(() => {
    if (isMeant) ref.current?.scrollIntoView({ block: "center" });
  }, [isMeant]);
  const change = useChange("POST /locations/:location/nodes/:node/tables/:table/rows/:row");
  const putBack = ({ row, set, guard }: NonNullable<RadioFault["undo"]>) =>
    change.mutate({
      params: { location, node, table: "Wifi_Radio_Config", row },
      query: { why: "put back" },
      body: { set, guard, dryRun: false, confirm: false },
    });
  return (
    <div className="fault-ways" id={radioFaultId(ifName)} ref={ref}>
      <p>
        <FaultLink node={node} fault={fault}>
          {`The row of its ${bandText(band)} radio in the Workbench`}
        </FaultLink>
        , where it can be changed{undo === null ? " back" : ", or put back here"}.
      </p>
      {undo !== null && (
        <p className="row">
          <Button className="button" isDisabled={!may.allowed || change.isPending} onPress={() => putBack(undo)}>
            {change.isPending ? "Putting it back …" : `Put ${ifName} back: ${undoText(undo)}`}
          </Button>
          {may.reason !== undefined && <span className="soft">{may.reason}</span>}
        </p>
      )}
      <Failure error={change.error} />
    </div>
  );
}
