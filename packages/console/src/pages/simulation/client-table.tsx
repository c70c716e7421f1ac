import { Button } from "react-aria-components";
import { ClientLink } from "../../ui/page-link.tsx";
import { Scroll } from "../../ui/scroll.tsx";
import { bandText, dbText, mbpsText } from "../../ui/words.ts";
import type { Simulation } from "./plan.ts";
import { spotText, walkText } from "./words.ts";

interface ClientTableProps {
  readonly home: Simulation;
  readonly chosen: string | null;
  onChoose(mac: string): void;
}

/** What the plan shows, as a table. */
export function ClientTable({ home: { clients, walkingSpeed }, chosen, onChoose }: ClientTableProps) {
  return (
    <Scroll label="Clients and where they are">
      <table className="table walkers">
        <thead>
          <tr>
            <th scope="col">Client</th>
            <th scope="col">At</th>
            <th scope="col">On</th>
            <th scope="col">SNR</th>
            <th scope="col">Link rate</th>
            <th scope="col">Choose</th>
          </tr>
        </thead>
        <tbody>
          {clients.map((client) => {
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
  );
}
