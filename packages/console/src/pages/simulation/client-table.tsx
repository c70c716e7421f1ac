import { useState } from "react";
import { Button, Input, Label, SearchField } from "react-aria-components";
import { ClientLink } from "../../ui/page-link.tsx";
import { Scroll } from "../../ui/scroll.tsx";
import { bandText, dbText, mbpsText } from "../../ui/words.ts";
import { clientRows, rowsShown } from "./client-rows.ts";
import type { Simulation } from "./plan.ts";
import { spotText, walkText } from "./words.ts";

interface ClientTableProps {
  readonly home: Simulation;
  readonly chosen: string | null;
  onChoose(mac: string): void;
}

/** What the plan shows, as a table. */
export function ClientTable({ home: { clients, walkingSpeed }, chosen, onChoose }: ClientTableProps) {
  const [typed, setTyped] = useState("");
  const [isWhole, setWhole] = useState(false);
  const { shown, rest } = clientRows(clients, { typed, chosen, isWhole });
  return (
    <>
      {clients.length > rowsShown && (
        <div className="list-tools">
          <SearchField className="search" value={typed} onChange={setTyped}>
            <Label>Find by name, address or node</Label>
            <Input className="input" dir="auto" spellCheck={false} />
          </SearchField>
        </div>
      )}
      {shown.length === 0 && <p className="empty">None found. Try a part of a name or an address.</p>}
      <Scroll label="Clients and where they are">
        <table className="table walkers">
          <thead>
            <tr>
              <th scope="col">Client</th>
              <th scope="col">At</th>
              <th scope="col">On</th>
              <th scope="col">Signal</th>
              <th scope="col">Link rate</th>
              <th scope="col">Choose</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((client) => {
              const { mac, name, place, link } = client;
              return (
                <tr key={mac} className={mac === chosen ? "chosen" : ""}>
                  <th scope="row" title={name}>
                    <ClientLink mac={mac}>
                      <bdi>{name}</bdi>
                    </ClientLink>
                  </th>
                  <td>
                    {spotText(place)}
                    {client.walkingTo && <div className="soft">{walkText(client, walkingSpeed)}</div>}
                  </td>
                  <td>
                    {link ? (
                      <>
                        <bdi>{link.node}</bdi>, {bandText(link.band)}
                      </>
                    ) : (
                      <span className="bad">not connected</span>
                    )}
                  </td>
                  <td>{dbText(link?.snrDb)}</td>
                  <td>{mbpsText(link?.rateMbps)}</td>
                  <td>
                    <Button
                      className="button small"
                      aria-label={`Choose ${name}`}
                      aria-pressed={mac === chosen}
                      onPress={() => onChoose(mac)}
                    >
                      {mac === chosen ? "Chosen" : "Choose"}
                    </Button>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
      {rest > 0 && (
        <Button className="button" onPress={() => setWhole(true)}>
          Show {rest} more
        </Button>
      )}
    </>
  );
}
