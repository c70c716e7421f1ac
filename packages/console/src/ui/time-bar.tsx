/** One slider for the whole console: what is shown is what was, then. Events stand on it. */

import { type KeyboardEvent, useMemo } from "react";
import { Button, Slider, SliderThumb, SliderTrack, Tooltip, TooltipTrigger } from "react-aria-components";
import { useAsk } from "../api/ask.ts";
import { momentText } from "./time.ts";
import { beside, distanceOn, lineBegin, marksOf, markText, momentOf, pageMs, step } from "./time-line.ts";
import { useAt } from "./use-at.ts";
import { useNow } from "./use-now.ts";
import { useWidth } from "./use-width.ts";

/** Events that are looked at, the newest ones. */
const events = 500;

export function TimeBar({ location }: { readonly location: string }) {
  const { atMs, show } = useAt();
  const clock = useNow(step);
  // A moment in the address may be later than this clock says.
  const now = Math.max(Math.floor(clock / step) * step, atMs ?? 0);
  const { data } = useAsk("GET /locations/:location/events", { params: { location }, query: { limit: events } });
  const picture = useAsk("GET /locations/:location/picture", { params: { location }, query: {} });
  const known = picture.data?.knownFrom;
  const from = lineBegin(now, known ? Date.parse(known) : undefined, atMs);
  const items = data?.items;
  const [track, width] = useWidth();
  const marks = useMemo(() => marksOf(items ?? [], from, now, distanceOn(width)), [items, from, now, width]);
  const { before, after } = beside(items ?? [], atMs ?? now);
  const move = (moment: number) => show(momentOf(moment, from, now));
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === "PageUp" ? pageMs : event.key === "PageDown" ? -pageMs : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    move((atMs ?? now) + by);
  };
  return (
    <footer className={`time ${atMs === undefined ? "" : "past"}`} onKeyDownCapture={onKeyDown}>
      <Button
        className="button step"
        aria-label="To the event before"
        isDisabled={before === undefined}
        onPress={() => before !== undefined && show(before)}
      >
        ‹
      </Button>
      <Slider
        className="slider"
        aria-label="Time that is shown"
        minValue={from}
        maxValue={now}
        step={step}
        value={atMs ?? now}
        onChange={(value) => move(Array.isArray(value) ? (value[0] as number) : (value as number))}
      >
        <div className="line-ends">
          <span className="soft">{momentText(from, now)}</span>
          <output className="moment">{atMs === undefined ? "Now" : momentText(atMs, now, "seconds")}</output>
        </div>
        <SliderTrack ref={track} className="track">
          {marks.map((mark) => (
            <TooltipTrigger key={mark.id} delay={150} closeDelay={0}>
              <Button
                className={`mark ${mark.events.length > 1 ? "many" : ""}`}
                aria-label={`${momentText(mark.at, now, "seconds")}: ${mark.events[0]?.text ?? ""}${mark.events.length > 1 ? `, and ${mark.events.length - 1} more` : ""}`}
                excludeFromTabOrder
                style={{ insetInlineStart: `${mark.share * 100}%` }}
                onPress={() => move(mark.at)}
              />
              <Tooltip className="tooltip" placement="top">
                <bdi>{markText(mark, (at) => momentText(at, now, "seconds"))}</bdi>
              </Tooltip>
            </TooltipTrigger>
          ))}
          <SliderThumb className="thumb" />
        </SliderTrack>
      </Slider>
      <Button
        className="button step"
        aria-label="To the next event"
        isDisabled={after === undefined || atMs === undefined}
        onPress={() => after !== undefined && show(after)}
      >
        ›
      </Button>
      <Button className="button now" isDisabled={atMs === undefined} onPress={() => show(undefined)}>
        Back to now
      </Button>
    </footer>
  );
}
