/** Whether the node is well, as far as the cloud can tell, and what to run where the node is. */

import { useState } from "react";
import { Button } from "react-aria-components";
import { useAsk } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { nodeCommands } from "./node-commands.ts";

const names = { certificate: "Certificate", clock: "Clock", schema: "Schema", rows: "Rows" } as const;
const words = { good: "in order", warn: "look here", bad: "wrong", unknown: "not known" } as const;

export function ChecksPart({ location, node }: { readonly location: string; readonly node: string }) {
  const params = { location, node };
  const { data, error, isPending } = useAsk(
    "GET /locations/:location/nodes/:node/checks",
    { params },
    { everyMs: 5_000 },
  );
  const nodes = useAsk("GET /locations/:location/nodes", { params: { location } });
  const role = nodes.data?.items.find(({ id }) => id === node)?.role ?? "gateway";
  return (
    <section aria-label="Checks">
      <h2>As the cloud sees it</h2>
      <Failure error={error} />
      {isPending && <p className="empty">Looking …</p>}
      <dl className="checks">
        {data?.items.map(({ id, status, text, details }) => (
          <div key={id}>
            <dt>
              {names[id]} <span className={status === "unknown" ? "soft" : status}>{words[status]}</span>
            </dt>
            <dd>
              <bdi>{text}</bdi>
              {details.length > 0 && (
                <details>
                  <summary>One by one</summary>
                  <ul>
                    {details.map((detail) => (
                      <li key={detail}>
                        <bdi>{detail}</bdi>
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <h2>As the node sees it</h2>
      <p className="soft">
        The cloud cannot look from there. Run these on the machine of the node, where the project is installed.
      </p>
      <ul className="commands">
        {nodeCommands(node, role).map(({ what, command }) => (
          <li key={command}>
            <p>{what}</p>
            <div className="row">
              <code dir="ltr">{command}</code>
              <Copy text={command} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Copy({ text }: { readonly text: string }) {
  const [said, setSaid] = useState("");
  // The clipboard is there on secure pages only, and may be refused.
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("copied");
    } catch {
      setSaid("cannot be copied here: mark it and copy it by hand");
    }
  };
  return (
    <>
      <Button className="button small" aria-label={`Copy ${text}`} onPress={() => void copy()}>
        Copy
      </Button>
      <span className="soft" role="status">
        {said}
      </span>
    </>
  );
}
