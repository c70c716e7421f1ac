/** The home to scale: walls, nodes, clients where they are. A client is dragged where it shall go, or chosen and sent. */

import { type KeyboardEvent, memo, type PointerEvent, type ReactNode, useMemo, useRef, useState } from "react";
import { useWidth } from "../../ui/use-width.ts";
import { bandColour } from "../../ui/words.ts";
import {
  clientAt,
  discRadius,
  discsOf,
  gridLines,
  labelDrop,
  labelsOf,
  neighbourOf,
  nodeHalf,
  reachPx,
  type Scale,
  type SimulatedClient,
  type SimulatedNode,
  type Simulation,
  type Spot,
  scaleOf,
  toMetres,
  toScreen,
} from "./plan.ts";
import { linkText, planText, powerText, unnamedText, walkText } from "./words.ts";

interface PlanProps {
  readonly home: Simulation;
  readonly chosen: string | null;
  /** Why nobody can be sent anywhere; undefined: everybody can. */
  readonly locked: string | undefined;
  onChoose(mac: string): void;
  onSend(mac: string, to: Spot): void;
}

/** A press that moves less is no drag, px. */
const leastDrag = 6;
/** No figure of the grid stands so close to a corner, px. */
const cornerPx = 14;

interface Drag {
  readonly mac: string;
  readonly from: Spot;
  readonly at: Spot;
  readonly isFar: boolean;
}

export function Plan({ home, chosen, locked, onChoose, onSend }: PlanProps) {
  const [frame, room] = useWidth();
  const svg = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const [pointed, setPointed] = useState<string | null>(null);
  const [stepped, setStop] = useState<string>();
  const isHere = (mac: string | null | undefined) => home.clients.some((client) => client.mac === mac);
  const stop = [stepped, chosen].find(isHere) ?? home.clients[0]?.mac;
  const scale = useMemo(() => scaleOf(home.bounds, room), [home.bounds, room]);
  const discs = useMemo(() => discsOf(home, scale), [home, scale]);
  const labels = useMemo(() => {
    const named = new Set([chosen, pointed].filter((mac) => mac !== null));
    return labelsOf(home, scale, discs, named);
  }, [home, scale, discs, chosen, pointed]);
  const unnamed = home.nodes.length + home.clients.length - labels.length;
  const pointOf = ({ clientX, clientY }: PointerEvent): Spot => {
    const box = svg.current?.getBoundingClientRect();
    return { x: clientX - (box?.left ?? 0), y: clientY - (box?.top ?? 0) };
  };
  const begin = (event: PointerEvent) => {
    const from = pointOf(event);
    // Where clients stand close, the one that is drawn last would take what is meant for others.
    const mac = clientAt(discs, from);
    if (event.button !== 0 || mac === undefined) return;
    svg.current?.setPointerCapture(event.pointerId);
    setDrag({ mac, from, at: from, isFar: false });
  };
  const step = (from: string, by: 1 | -1) => {
    const next = neighbourOf(home, from, by);
    setStop(next);
    const dots = svg.current?.querySelectorAll<SVGElement>(".client") ?? [];
    [...dots].find(({ dataset }) => dataset.mac === next)?.focus();
  };
  const move = (event: PointerEvent) => {
    const at = pointOf(event);
    if (!drag) return setPointed(clientAt(discs, at) ?? null);
    const isFar = drag.isFar || Math.hypot(at.x - drag.from.x, at.y - drag.from.y) >= leastDrag;
    setDrag({ ...drag, at, isFar });
  };
  const end = (event: PointerEvent) => {
    const spot = toMetres(home.bounds, scale, pointOf(event));
    if (drag) {
      onChoose(drag.mac);
      if (drag.isFar && locked === undefined) onSend(drag.mac, spot);
      setDrag(null);
    } else if (chosen !== null && event.button === 0 && locked === undefined) onSend(chosen, spot);
  };
  return (
    <div className="plan" ref={frame}>
      {room > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a picture with buttons in it, which no other element is
        <svg
          ref={svg}
          width={scale.width}
          height={scale.height}
          role="group"
          aria-label={planText(home)}
          onPointerDown={begin}
          onPointerMove={move}
          onPointerLeave={() => setPointed(null)}
          onBlur={() => setPointed(null)}
          onPointerUp={end}
          onPointerCancel={() => setDrag(null)}
        >
          <Ground bounds={home.bounds} walls={home.walls} scale={scale} />
          {home.clients.map((client) => (
            <Way key={client.mac} {...{ client, home, scale, discs }} />
          ))}
          {home.nodes.map((node) => (
            <Node key={node.node} {...{ node, home, scale }} />
          ))}
          {home.clients.map((client) => (
            <Client
              key={client.mac}
              {...{ client, home, scale, discs }}
              isChosen={client.mac === chosen}
              isStop={client.mac === stop}
              onFocus={() => setPointed(client.mac)}
              onChoose={() => onChoose(client.mac)}
              onStep={(by) => step(client.mac, by)}
            />
          ))}
          {drag?.isFar && locked === undefined && <circle className="ghost" cx={drag.at.x} cy={drag.at.y} r={8} />}
          <Unspoken className="names">
            {labels.map(({ id, text, x, y }) => (
              <text key={id} x={x} y={y + labelDrop} className={id.startsWith("node") ? "node-name" : ""}>
                {text}
              </text>
            ))}
          </Unspoken>
        </svg>
      )}
      {unnamed > 0 && <p className="hint">{unnamedText(unnamed)}</p>}
    </div>
  );
}

interface Drawn {
  readonly home: Simulation;
  readonly scale: Scale;
}

interface Discs {
  readonly discs: ReadonlyMap<string, Spot>;
}

type GroundProps = Pick<Simulation, "bounds" | "walls"> & Pick<Drawn, "scale">;

const Ground = memo(function Ground({ bounds, walls, scale }: GroundProps) {
  const xs = gridLines(bounds.left, bounds.right, scale);
  const ys = gridLines(bounds.top, bounds.bottom, scale);
  return (
    <Unspoken>
      {xs.map((x) => {
        const at = toScreen(bounds, scale, { x, y: bounds.top }).x;
        return (
          <g key={x}>
            <line className="grid" x1={at} x2={at} y1={0} y2={scale.height} />
            {at > cornerPx && (
              <text className="metre" x={at + 2} y={scale.height - 3}>
                {x}
              </text>
            )}
          </g>
        );
      })}
      {ys.map((y) => {
        const at = toScreen(bounds, scale, { x: bounds.left, y }).y;
        return (
          <g key={y}>
            <line className="grid" x1={0} x2={scale.width} y1={at} y2={at} />
            {at > cornerPx && at < scale.height - cornerPx && (
              <text className="metre" x={2} y={at - 2}>
                {y}
              </text>
            )}
          </g>
        );
      })}
      {walls.map(({ from, to, material }) => {
        const [a, b] = [toScreen(bounds, scale, from), toScreen(bounds, scale, to)];
        return (
          <line
            key={`${from.x} ${from.y} ${to.x} ${to.y}`}
            className={`wall ${material}`}
            {...{ x1: a.x, y1: a.y, x2: b.x, y2: b.y }}
          >
            <title>{material}</title>
          </line>
        );
      })}
    </Unspoken>
  );
});

/** From where it really is, to the node that it is on, and to where it walks. */
function Way({ client, home, scale, discs }: Drawn & Discs & { readonly client: SimulatedClient }) {
  const place = toScreen(home.bounds, scale, client.place);
  const at = discs.get(client.mac) ?? place;
  const node = home.nodes.find(({ node }) => node === client.link?.node);
  const [to, goal] = [node?.place, client.walkingTo].map((place) => place && toScreen(home.bounds, scale, place));
  return (
    <Unspoken>
      {(at.x !== place.x || at.y !== place.y) && (
        <line className="apart" {...{ x1: place.x, y1: place.y, x2: at.x, y2: at.y }} />
      )}
      {to && (
        <line
          className="link"
          style={{ stroke: `var(${bandColour(client.link?.band)})` }}
          {...{ x1: at.x, y1: at.y, x2: to.x, y2: to.y }}
        />
      )}
      {goal && (
        <>
          <line className="walk" {...{ x1: at.x, y1: at.y, x2: goal.x, y2: goal.y }} />
          <path className="goal" d={`M${goal.x - 5} ${goal.y - 5}l10 10m0 -10l-10 10`} />
        </>
      )}
    </Unspoken>
  );
}

function Node({ node, home, scale }: Drawn & { readonly node: SimulatedNode }) {
  const { x, y } = toScreen(home.bounds, scale, node.place);
  const isUp = node.power === "up";
  const isCut = !isUp || (node.uplink !== null && node.uplink.state !== "ok");
  return (
    <Unspoken className={isUp ? "node" : "node down"}>
      <title>{`${node.node} ${powerText(node.power)}`}</title>
      <rect x={x - nodeHalf} y={y - nodeHalf} width={nodeHalf * 2} height={nodeHalf * 2} rx={4} />
      <path className="waves" d={`M${x - 5} ${y + 2}a7 7 0 0 1 10 0M${x - 2.5} ${y + 5}a3.5 3.5 0 0 1 5 0`} />
      {isCut && <path className="cut" d={`M${x + 5} ${y - 13}l8 8m0 -8l-8 8`} />}
    </Unspoken>
  );
}

/** The plan's own description says it. */
function Unspoken({ className, children }: { readonly className?: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing of it takes the focus
    <g className={className} aria-hidden="true">
      {children}
    </g>
  );
}

interface ClientProps extends Drawn, Discs {
  readonly client: SimulatedClient;
  readonly isChosen: boolean;
  /** Tab stops here, once for all clients. */
  readonly isStop: boolean;
  onFocus(): void;
  onChoose(): void;
  onStep(step: 1 | -1): void;
}

const steps: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function Client({ client, home, scale, discs, isChosen, isStop, onFocus, onChoose, onStep }: ClientProps) {
  const { x, y } = discs.get(client.mac) ?? toScreen(home.bounds, scale, client.place);
  const { link, name } = client;
  const words = `${name}: ${linkText(client)}, ${walkText(client, home.walkingSpeed)}`;
  const press = (event: KeyboardEvent) => {
    const step = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
    if (step === undefined && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (step === undefined) onChoose();
    else onStep(step);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a picture has no buttons of its own
    <g
      className={`client ${link ? "on" : "away"} ${isChosen ? "chosen" : ""}`}
      role="button"
      tabIndex={isStop ? 0 : -1}
      data-mac={client.mac}
      aria-label={words}
      aria-pressed={isChosen}
      onFocus={onFocus}
      onKeyDown={press}
    >
      <title>{words}</title>
      <circle className="reach" cx={x} cy={y} r={reachPx} />
      <circle
        className="dot"
        cx={x}
        cy={y}
        r={discRadius}
        style={link ? { fill: `var(${bandColour(link.band)})` } : {}}
      />
    </g>
  );
}
