/** The home as a picture: what hangs on what. All that it tells stands in the tables below it, too. */

import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { unnamedText } from "./description.ts";
import { Painter, paletteOf, type Scene } from "./draw.ts";
import type { Graph } from "./graph.ts";
import { Layout } from "./layout.ts";
import { readPins, writePins } from "./pins.ts";
import type { Point } from "./places.ts";
import { fitting, panned, type Size, toWorld, type View, zoomed } from "./view.ts";

export interface TopologyProps {
  readonly location: string;
  readonly graph: Graph;
  /** Ids of things that were looked for; null: nothing was. */
  readonly found: ReadonlySet<string> | null;
  /** What is pointed at elsewhere. */
  readonly selected: string | null;
  /** `client MAC` or `node ID` was chosen. */
  onOpen(id: string): void;
  /** Clients of the node are to be shown one by one again. */
  onFold(node: string): void;
  onSelect(id: string | null): void;
  readonly description: string;
}

const dragFrom = 4;
/** While things move, names without room are counted now and then only. */
const framesBetween = 60;
const panKeys: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: 60, y: 0 },
  ArrowRight: { x: -60, y: 0 },
  ArrowUp: { x: 0, y: 60 },
  ArrowDown: { x: 0, y: -60 },
};

interface Drag {
  readonly begin: Point;
  last: Point;
  readonly id: string | null;
  moved: boolean;
}

export function Topology(props: TopologyProps) {
  const { location, graph, found, selected, onOpen, onFold, onSelect, description } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [layout] = useState(() => new Layout());
  const [painter] = useState(() => new Painter());
  const [pins, setPins] = useState(() => readPins(localStorage, location));
  const [isFitted, setFitted] = useState(true);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const view = useRef<View>({ scale: 1, x: 0, y: 0 });
  const hovered = useRef<string | null>(null);
  const dragged = useRef<Drag | null>(null);
  const pointers = useRef(new Map<number, Point>());
  const frame = useRef(0);
  const painted = useRef(0);
  const [unnamed, setUnnamed] = useState(0);
  const draw = useRef<() => void>(() => undefined);

  const request = useCallback(() => {
    if (frame.current === 0)
      frame.current = requestAnimationFrame(() => {
        frame.current = 0;
        draw.current();
      });
  }, []);

  // Looked up when the theme changes, not in each frame.
  const look = useRef<Pick<Scene, "palette" | "font"> | null>(null);
  useEffect(() => {
    const forget = () => {
      look.current = null;
      request();
    };
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const themes = new MutationObserver(forget);
    scheme.addEventListener("change", forget);
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => {
      scheme.removeEventListener("change", forget);
      themes.disconnect();
    };
  }, [request]);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const pinned = useMemo(() => new Set(pins.keys()), [pins]);
  draw.current = () => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context || size.width === 0) return;
    const isMoving = layout.step();
    if (isFitted && !dragged.current?.moved) view.current = fitting(layout.things.values(), size);
    const ratio = Math.min(3, devicePixelRatio || 1);
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (element.width !== width || element.height !== height) Object.assign(element, { width, height });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    look.current ??= { palette: paletteOf(element), font: getComputedStyle(element).fontFamily };
    const scene = { graph, size, found, selected, pinned, things: layout.things, view: view.current };
    const without = painter.paint(context, { ...scene, ...look.current, hovered: hovered.current });
    painted.current++;
    if (!dragged.current && (!isMoving || painted.current % framesBetween === 0)) setUnnamed(without);
    if (isMoving) request();
  };

  useEffect(() => {
    if (size.width === 0) return;
    layout.show(graph, size.width > size.height, pins);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) layout.settle();
    request();
  }, [graph, size, pins, layout, request]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them changes what is drawn
  useEffect(request, [found, selected, isFitted, request]);
  useEffect(
    () => () => {
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    },
    [],
  );

  const lookAt = (next: View) => {
    view.current = next;
    setFitted(false);
    request();
  };
  const zoom = (factor: number, centre: Point = { x: size.width / 2, y: size.height / 2 }) =>
    lookAt(zoomed(view.current, factor, centre));

  // React listens to wheels passively: the page would scroll along.
  const zoomRef = useRef(zoom);
  zoomRef.current = zoom;
  useEffect(() => {
    const element = canvas.current;
    const onWheel = (event: WheelEvent) => {
      // Plain wheels scroll the page; a pinch of a touchpad comes as a wheel with Ctrl.
      if (!event.ctrlKey && !event.metaKey && document.activeElement !== element) return;
      event.preventDefault();
      const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
      zoomRef.current(Math.exp(-event.deltaY * 0.0022), { x: event.clientX - left, y: event.clientY - top });
    };
    element?.addEventListener("wheel", onWheel, { passive: false });
    return () => element?.removeEventListener("wheel", onWheel);
  }, []);

  const pointOf = (event: PointerEvent): Point => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const thingAt = (point: Point) => layout.at(toWorld(view.current, point), 4 / view.current.scale);

  const onPointerDown = (event: PointerEvent) => {
    const point = pointOf(event);
    pointers.current.set(event.pointerId, point);
    event.currentTarget.setPointerCapture(event.pointerId);
    dragged.current = { begin: point, last: point, id: thingAt(point)?.id ?? null, moved: false };
  };

  const onPointerMove = (event: PointerEvent) => {
    const point = pointOf(event);
    const drag = dragged.current;
    if (!drag || !pointers.current.has(event.pointerId)) {
      const next = thingAt(point)?.id ?? null;
      if (next !== hovered.current) {
        hovered.current = next;
        (event.currentTarget as HTMLElement).style.cursor = next ? "pointer" : "grab";
        request();
      }
      return;
    }
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    const before = pointers.current.get(event.pointerId) ?? point;
    pointers.current.set(event.pointerId, point);
    if (other) {
      drag.moved = true;
      const spread = (from: Point) => Math.max(1, Math.hypot(from.x - other.x, from.y - other.y));
      zoom(spread(point) / spread(before), { x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 });
      return;
    }
    if (!drag.moved && Math.hypot(point.x - drag.begin.x, point.y - drag.begin.y) < dragFrom) return;
    drag.moved = true;
    if (drag.id?.startsWith("node ")) layout.move(drag.id, toWorld(view.current, point));
    else lookAt(panned(view.current, { x: point.x - drag.last.x, y: point.y - drag.last.y }));
    drag.last = point;
    request();
  };

  const onPointerUp = (event: PointerEvent) => {
    pointers.current.delete(event.pointerId);
    const drag = dragged.current;
    if (!drag || pointers.current.size > 0) return;
    dragged.current = null;
    if (drag.moved && drag.id?.startsWith("node ")) {
      pin(new Map(pins).set(drag.id, toWorld(view.current, drag.last)));
      setFitted(false);
    } else if (!drag.moved) choose(drag.id);
  };

  const pin = (next: ReadonlyMap<string, Point>) => {
    setPins(next);
    writePins(localStorage, location, next);
  };

  const choose = (id: string | null) => {
    if (id === null || id === "internet") onSelect(null);
    else if (id.startsWith("fold ")) onFold(id.slice(5));
    else onOpen(id);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const pan = panKeys[event.key];
    if (pan) lookAt(panned(view.current, pan));
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") setFitted(true);
    else if (event.key === "Enter" && selected) onOpen(selected);
    else if (event.key === "Escape") onSelect(null);
    else return;
    event.preventDefault();
  };

  return (
    <div className="topology">
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={description}
        aria-describedby="topology-keys"
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onPointerLeave={() => {
          hovered.current = null;
          request();
        }}
        onKeyDown={onKeyDown}
      />
      <p id="topology-keys" className="unseen">
        Arrow keys move the picture, plus and minus zoom, 0 shows all of it. The tables below say the same in words.
      </p>
      <div className="tools">
        {unnamed > 0 && <p className="hint">{unnamedText(unnamed)}</p>}
        <Button className="button" aria-label="Zoom in" onPress={() => zoom(1.25)}>
          +
        </Button>
        <Button className="button" aria-label="Zoom out" onPress={() => zoom(0.8)}>
          −
        </Button>
        <Button className="button" onPress={() => setFitted(true)} isDisabled={isFitted}>
          Show all
        </Button>
        {pins.size > 0 && (
          <Button className="button" onPress={() => pin(new Map())}>
            Unpin {pins.size}
          </Button>
        )}
      </div>
    </div>
  );
}
