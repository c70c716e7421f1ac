/** The simulated home: who is where, what is broken on purpose, and what follows from it. */

import { useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Button } from "react-aria-components";
import { useAsk, useChange } from "../../api/ask.ts";
import { useMay } from "../../api/use-may.ts";
import { Failure } from "../../ui/failure.tsx";
import { namesOf } from "../../ui/happenings.ts";
import { useAt } from "../../ui/use-at.ts";
import { Alerts } from "../home/alert-list.tsx";
import { ClientTable } from "./client-table.tsx";
import { Newcomers } from "./newcomers.tsx";
import type { Goal } from "./place-choice.tsx";
import { Plan } from "./plan.tsx";
import { SendForm } from "./send-form.tsx";
import { Breakable, BrokenNow } from "./troubles.tsx";
import { Watch } from "./watch.tsx";
import "../client/client.css";
import "../home/home.css";
import "./simulation.css";

/** Who walks is seen walking. */
const liveMs = 1_000;

export function SimulationPage() {
  const { location = "" } = useParams({ strict: false });
  const { at, show } = useAt();
  const isNow = at === undefined;
  const may = useMay("operator");
  const asked = { params: { location } };
  const place = useAsk("GET /locations/:location", asked);
  const simulated = place.data?.simulated;
  const enabled = isNow && simulated === true;
  const simulation = useAsk("GET /locations/:location/simulation", asked, { everyMs: liveMs, enabled });
  const walk = useChange("PUT /locations/:location/simulation/clients/:mac/walk");
  const [chosen, setChosen] = useState<string | null>(null);
  const send = (mac: string, to: Goal) => walk.mutate({ params: { location, mac }, body: { to } });
  const { data: home } = simulation;
  const names = useMemo(() => namesOf(home?.clients ?? []), [home?.clients]);
  const error = simulation.error ?? place.error;
  if (!isNow) {
    return (
      <>
        <h1>Simulation</h1>
        <p className="empty">
          Who stood where then is not kept; the simulation is of now only.{" "}
          <Button className="button small" onPress={() => show(undefined)}>
            Back to now
          </Button>
        </p>
      </>
    );
  }
  if (simulated === false) {
    return (
      <>
        <h1>Simulation</h1>
        <p className="empty">
          This home is not simulated. <code>opensync up</code> runs one that is.
        </p>
      </>
    );
  }
  const part = { location, isDisabled: !may.allowed };
  return (
    <>
      <h1>Simulation</h1>
      {!may.allowed && <p className="hint">{may.reason}</p>}
      <Failure error={error} />
      {!home && !error && <p className="empty">Looking at the home …</p>}
      {home && (
        <div className="simulation">
          <div className="side">
            <section className="floor" aria-label="Plan">
              <Plan {...{ home, chosen }} locked={may.reason} onChoose={setChosen} onSend={send} />
              <Legend />
              <p className="hint">Drag a client, or choose one and press where it should walk to.</p>
              <SendForm {...{ home, chosen }} isDisabled={!may.allowed} onChoose={setChosen} onSend={send} />
              <Failure error={walk.error} />
            </section>
            <Watch {...{ location, names }} />
            <section className="last" aria-labelledby="walkers">
              <h2 id="walkers">Clients ({home.clients.length})</h2>
              <ClientTable {...{ home, chosen }} onChoose={setChosen} />
            </section>
          </div>
          <div className="side">
            <div>
              <Alerts location={location} at={undefined} />
              <BrokenNow {...part} home={home} />
            </div>
            <Newcomers {...part} home={home} />
            <Breakable {...part} home={home} />
          </div>
        </div>
      )}
    </>
  );
}

function Legend() {
  return (
    <ul className="legend" aria-label="Meaning of the plan">
      <li>
        <span className="key band-2" /> on 2.4 GHz
      </li>
      <li>
        <span className="key band-5" /> on 5 GHz
      </li>
      <li>
        <span className="key band-6" /> on 6 GHz
      </li>
      <li>
        <span className="key away" /> not connected
      </li>
      <li className="soft">Figures at the edges: metres</li>
    </ul>
  );
}
