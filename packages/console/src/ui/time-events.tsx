/** Events of the time line: as marks on it, and as lists to choose from. */

import { useRef, useState } from "react";
import {
  Button,
  Dialog,
  DialogTrigger,
  GridList,
  GridListItem,
  Popover,
  Tooltip,
  TooltipTrigger,
} from "react-aria-components";
import { HistoryLink } from "./page-link.tsx";
import { momentText } from "./time.ts";
import { type Mark, markText } from "./time-line.ts";

interface Told {
  readonly id: string;
  readonly at: string;
  readonly text: string;
  readonly detail: string | null;
  readonly isVersion: boolean;
}

interface MarkProps {
  readonly mark: Mark<Told>;
  /** ms since 1970. */
  readonly now: number;
  onShow(at: number): void;
}

/** One event is shown at once; of several that stand together one is chosen first. */
export function TimeMark({ mark, now, onShow }: MarkProps) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const more = mark.events.length - 1;
  const label = `${momentText(mark.at, now, "seconds")}: ${mark.events[0]?.text ?? ""}${more > 0 ? `, and ${more} more; choose` : ""}`;
  return (
    <>
      <TooltipTrigger delay={150} closeDelay={0}>
        <Button
          ref={button}
          className={`mark ${more > 0 ? "many" : ""}`}
          aria-label={label}
          excludeFromTabOrder
          style={{ insetInlineStart: `${mark.share * 100}%` }}
          onPress={() => (more > 0 ? setOpen(true) : onShow(mark.at))}
        />
        <Tooltip className="tooltip" placement="top">
          <bdi>{markText(mark, (at) => momentText(at, now, "seconds"))}</bdi>
        </Tooltip>
      </TooltipTrigger>
      <Popover className="popover" placement="top" triggerRef={button} isOpen={isOpen} onOpenChange={setOpen}>
        <Dialog aria-label={`${mark.events.length} events`}>
          <EventList
            events={mark.events}
            now={now}
            at={undefined}
            onGo={() => setOpen(false)}
            onShow={(at) => {
              setOpen(false);
              onShow(at);
            }}
          />
        </Dialog>
      </Popover>
    </>
  );
}

interface ListProps {
  /** The newest first. */
  readonly events: readonly Told[];
  readonly now: number;
  /** What is shown, ms since 1970; undefined: now. */
  readonly at: number | undefined;
  onShow(at: number): void;
}

/** All events of the line, by keyboard too. */
export function EventsButton({ events, now, at, onShow }: ListProps) {
  return (
    <DialogTrigger>
      <Button className="button" isDisabled={events.length === 0}>
        Events
      </Button>
      <Popover className="popover" placement="top end">
        <Dialog aria-label="Events">
          {({ close }) => (
            <EventList
              events={events}
              now={now}
              at={at}
              onGo={close}
              onShow={(moment) => {
                close();
                onShow(moment);
              }}
            />
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** A list whose lines may have links of their own. */
function EventList({ events, now, at, onShow, onGo }: ListProps & { readonly onGo: () => void }) {
  const shown = at === undefined ? undefined : events.find((event) => Date.parse(event.at) <= at)?.id;
  return (
    <GridList
      className="hits time-events"
      aria-label="Events, the newest first"
      items={events}
      selectionMode="single"
      keyboardNavigationBehavior="tab"
      selectedKeys={shown === undefined ? [] : [shown]}
      autoFocus
      disallowEmptySelection
      onSelectionChange={(keys) => {
        const chosen = keys === "all" ? undefined : events.find(({ id }) => keys.has(id));
        if (chosen) onShow(Date.parse(chosen.at));
      }}
    >
      {({ id, at: when, text, detail, isVersion }) => (
        <GridListItem id={id} textValue={text} className="item">
          <time dateTime={when}>{momentText(when, now, "seconds")}</time>
          <span>
            <bdi>{text}</bdi>
            {detail !== null && (
              <>
                {" "}
                <small className="soft">
                  <bdi>{detail}</bdi>
                </small>
              </>
            )}
            {isVersion && (
              <>
                {" "}
                <small>
                  <HistoryLink onGo={onGo}>What it changed</HistoryLink>
                </small>
              </>
            )}
          </span>
        </GridListItem>
      )}
    </GridList>
  );
}
