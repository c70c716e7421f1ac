/** One slider for the whole console: what is shown is what was, then. Events stand on it. */

import { type KeyboardEvent, useEffect, useMemo, useRef } from "react";
import { Button, Slider, SliderThumb, SliderTrack } from "react-aria-components";
import { useAsk } from "../api/ask.ts";
import { momentText, spokenText } from "./time.ts";
import { EventsButton, TimeMark } from "./time-events.tsx";
import { beginText, beside, distanceOn, lineBegin, marksOf, momentOf, pageMs, step } from "./time-line.ts";
import { useAt } from "./use-at.ts";
import { useHappenings } from "./use-happenings.ts";
import { useNow } from "./use-now.ts";
import { useWidth } from "./use-width.ts";

export function TimeBar({ location }: { readonly location: string }) {
  const { atMs, show } = useAt();
  const clock = useNow(step);
  // A moment in the address may be later than this clock says.
  const now = Math.max(Math.floor(clock / step) * step, atMs ?? 0);
  const { items } = useHappenings(location);
  const picture = useAsk("GET /locations/:location/picture", { params: { location }, query: {} });
  const known = picture.data && (picture.data.knownFrom === null ? null : Date.parse(picture.data.knownFrom));
  const from = lineBegin(now, known, atMs);
  const [track, width] = useWidth();
  const marks = useMemo(() => marksOf(items, from, now, distanceOn(width)), [items, from, now, width]);
  const inLine = useMemo(() => items.filter(({ at }) => Date.parse(at) >= from), [items, from]);
  const input = useRef<HTMLInputElement>(null);
  const moment = atMs === undefined ? `Now, ${spokenText(now)}` : spokenText(atMs);
  // The slider has no way to say anything but its number.
  useEffect(() => input.current?.setAttribute("aria-valuetext", moment));
  const { before, after } = beside(items, atMs ?? now);
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
          <span className="soft">{beginText(now, from, known, (at) => momentText(at, now))}</span>
          <output className="moment">{atMs === undefined ? "Now" : momentText(atMs, now, "seconds")}</output>
        </div>
        <SliderTrack ref={track} className="track">
          {marks.map((mark) => (
            <TimeMark key={mark.id} mark={mark} now={now} onShow={move} />
          ))}
          <SliderThumb className="thumb" inputRef={input} />
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
      <EventsButton events={inLine} now={now} at={atMs} onShow={move} />
      <Button className="button now" isDisabled={atMs === undefined} onPress={() => show(undefined)}>
        Back to now
      </Button>
    </footer>
  );
}
