import { useAsk } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { clock } from "../../clock.ts";
import { durationText } from "../../ui/time.ts";
import { openAlerts } from "./alerts.ts";

interface AlertsProps {
  readonly location: string;
  /** ms since 1970; undefined: now. */
  readonly at: number | undefined;
}

/** Those that are open, or were then. */
export function Alerts({ location, at }: AlertsProps) {
  const call = { params: { location }, query: at === undefined ? { open: true } : { limit: 100 } };
  const { data, error } = useAsk("GET /locations/:location/alerts", call, { keepLast: true });
  const open = openAlerts(data?.items ?? [], at);
  if (error) return <Failure error={error} />;
  if (open.length === 0) return null;
  return (
    <>
      <h2>{at === undefined ? "Alerts" : "Alerts then"}</h2>
      <ul className="alerts">
        {open.map(({ id, text, raisedAt }) => (
          <li key={id}>
            <bdi>{text}</bdi> <small>for {durationText((at ?? clock.wallTime()) - Date.parse(raisedAt))}</small>
          </li>
        ))}
      </ul>
    </>
  );
}
