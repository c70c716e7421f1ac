/** Radar, and a jammed channel, at one radio of a node. */

import { useState } from "react";
import { Button } from "react-aria-components";
import { useChange } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { bandText } from "../../ui/words.ts";
import type { SimulatedNode } from "./plan.ts";

interface RadioFormProps {
  readonly location: string;
  readonly node: SimulatedNode;
  readonly isDisabled: boolean;
}

export function RadioForm({ location, node: { node, radios }, isDisabled }: RadioFormProps) {
  const radar = useChange("POST /locations/:location/simulation/nodes/:node/radios/:radio/radar");
  const jam = useChange("PUT /locations/:location/simulation/nodes/:node/radios/:radio/jam");
  const [name, setName] = useState<string>();
  const [typed, setTyped] = useState<number>();
  const [airtime, setAirtime] = useState(90);
  const radio = radios.find((each) => each.radio === name) ?? radios[0];
  if (!radio) return null;
  const { channels, closedChannels, radarChannels } = radio;
  const channel = typed !== undefined && channels.includes(typed) ? typed : (radio.channel ?? channels[0] ?? 0);
  const hears = radarChannels.includes(channel) && !closedChannels.includes(channel);
  const params = { location, node, radio: radio.radio };
  const isBusy = radar.isPending || jam.isPending;
  return (
    <div className="action">
      <h3>
        The air around <bdi>{node}</bdi>
      </h3>
      <div className="choices">
        <label>
          Radio
          <select className="input" value={radio.radio} onChange={(event) => setName(event.target.value)}>
            {radios.map((each) => (
              <option key={each.radio} value={each.radio}>
                {each.radio}, {bandText(each.band)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Channel
          <select className="input" value={channel} onChange={(event) => setTyped(Number(event.target.value))}>
            {channels.map((each) => (
              <option key={each} value={each}>
                {each}
                {each === radio.channel ? " (its own)" : ""}
                {closedChannels.includes(each) ? " (closed)" : radarChannels.includes(each) ? " (radar)" : ""}
              </option>
            ))}
          </select>
        </label>
        <label>
          Busy
          <select className="input" value={airtime} onChange={(event) => setAirtime(Number(event.target.value))}>
            {[50, 70, 90, 100].map((percent) => (
              <option key={percent} value={percent}>
                {percent} %
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className="choices">
        <Button
          className="button"
          isDisabled={isDisabled || isBusy}
          onPress={() => {
            radar.reset();
            jam.mutate({ params, body: { channel, airtimePercent: airtime } });
          }}
        >
          Jam channel {channel}
        </Button>
        <Button
          className="button"
          isDisabled={isDisabled || isBusy || !hears}
          onPress={() => {
            jam.reset();
            radar.mutate({ params, body: { channel } });
          }}
        >
          Radar on channel {channel}
        </Button>
      </div>
      <p className="hint">{radarHint(radio, channel)}</p>
      <Failure error={radar.error ?? jam.error} />
    </div>
  );
}

function radarHint({ radarChannels, closedChannels }: Hearing, channel: number): string {
  if (closedChannels.includes(channel))
    return `Channel ${channel} is closed already, for half an hour since its radar.`;
  if (radarChannels.includes(channel)) return "Radar closes a channel for half an hour. It cannot be undone.";
  if (radarChannels.length === 0) return "This radio listens for no radar: its channels need none.";
  return `Radar is listened for on the channels ${radarChannels[0]} to ${radarChannels.at(-1)} that say so; choose one.`;
}

type Hearing = Pick<SimulatedNode["radios"][number], "radarChannels" | "closedChannels">;
