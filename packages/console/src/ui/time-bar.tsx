/** One slider for the whole console: what is shown is what was, then. Events stand on it. */

import { Button, Label, Slider, SliderThumb, SliderTrack } from "react-aria-components";
import { useAsk } from "../api/ask.ts";
import { placed, spanMs, step } from "./time-line.ts";
import { useAt } from "./use-at.ts";
import { useNow } from "./use-now.ts";

const marks = 200;

export function TimeBar({ location }: { readonly location: string }) {
  const { atMs, show } = useAt();
  const now = useNow(10_000);
  const from = now - spanMs;
  const { data } = useAsk("GET /locations/:location/events", { params: { location }, query: { limit: marks } });
  const move = (value: number | readonly number[]) => {
    const moment = Array.isArray(value) ? (value[0] as number) : (value as number);
    show(moment >= now - step ? undefined : moment);
  };
  return (
    <footer className={`time ${atMs === undefined ? "" : "past"}`}>
      <Slider
        className="slider"
        aria-label="Time that is shown"
        minValue={from}
        maxValue={now}
        step={step}
        value={atMs ?? now}
        onChange={move}
      >
        <Label className="moment">
          {atMs === undefined ? "Now" : new Date(atMs).toLocaleString([], { dateStyle: "medium", timeStyle: "medium" })}
        </Label>
        <SliderTrack className="track">
          {placed(data?.items ?? [], from, now).map(({ event, share }) => (
            <button
              key={event.id}
              type="button"
              className="mark"
              tabIndex={-1}
              style={{ insetInlineStart: `${share * 100}%` }}
              title={`${new Date(event.at).toLocaleTimeString()} ${event.text}`}
              onClick={() => show(Date.parse(event.at))}
            >
              <span className="unseen">{event.text}</span>
            </button>
          ))}
          <SliderThumb className="thumb" />
        </SliderTrack>
      </Slider>
      <Button className="button" isDisabled={atMs === undefined} onPress={() => show(undefined)}>
        Back to now
      </Button>
    </footer>
  );
}
