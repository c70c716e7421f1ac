/** A small chart of one or several series over time, with the same in figures below it. */

import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import "./chart.css";
import { beginOf, headRoom, shortText, shown, spreadOf, spreadText, stacked, type Values } from "./chart-data.ts";
import { dayText, momentText } from "./time.ts";

export interface ChartSeries {
  readonly label: string;
  readonly values: Values;
  /** Name of a token of `tokens.css`. */
  readonly colour: string;
}

export interface ChartMark {
  /** ms since 1970. */
  readonly at: number;
  readonly text: string;
}

export interface ChartProps {
  readonly title: string;
  readonly unit: string;
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  /** Each stands on the ones before it. */
  readonly isStacked?: boolean;
  readonly marks?: readonly ChartMark[];
  /** Ends of the time that is shown, ms since 1970. */
  readonly from: number;
  readonly to: number;
  /** Values between which it reaches at least. */
  readonly least?: number;
  readonly most?: number;
  /** Said where there is no value. */
  readonly emptyText?: string;
}

const height = 150;

export function Chart(props: ChartProps) {
  const { title, unit, times, series, from, to, emptyText = "Nothing was measured in this time." } = props;
  const isEmpty = times.length === 0 || series.every(({ values }) => spreadOf(values) === undefined);
  const short = isEmpty ? undefined : shortText(times, from, to);
  return (
    <figure className="chart">
      <figcaption>
        <strong>{title}</strong> <span className="soft">{unit}</span>
        {short !== undefined && <span className="soft">; {short}</span>}
      </figcaption>
      {isEmpty ? <p className="empty">{emptyText}</p> : <Canvas {...props} />}
      {!isEmpty && (
        <ul className="chart-legend">
          {series.map(({ label, values, colour }) => {
            return (
              <li key={label}>
                <i className="key" style={{ background: `var(${colour})` }} />
                {label}
                <span className="soft"> {spreadText(values)}</span>
              </li>
            );
          })}
        </ul>
      )}
    </figure>
  );
}

function Canvas({ title, unit, times, series, isStacked = false, marks = [], from, to, least, most }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const theme = useThemeCount();
  const data = useMemo(() => {
    const values = series.map((each) => each.values);
    // What stands on top is drawn first, so that what is below covers it.
    const drawn = isStacked ? stacked(values).reverse() : values.map((each) => [...each]);
    return [[...times], ...drawn] as uPlot.AlignedData;
  }, [times, series, isStacked]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read from the document
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const style = getComputedStyle(element);
    const token = (name: string) => style.getPropertyValue(name).trim();
    const ordered = isStacked ? [...series].reverse() : series;
    const begin = beginOf(times, from, to);
    const axis = { stroke: token("--soft"), grid: { stroke: token("--line"), width: 1 }, ticks: { show: false } };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        // Half of the last time stands there.
        padding: [null, 34, null, null],
        cursor: { y: false, points: { show: false } },
        legend: { show: false },
        scales: {
          x: { time: true, range: [begin / 1000, to / 1000] },
          y: {
            range: (_, low, high) => {
              const bottom = Math.min(least ?? low, low);
              return [bottom, headRoom(bottom, high, Math.max(most ?? high, bottom + 1))];
            },
          },
        },
        axes: [
          { ...axis, space: 70, values: (_, at) => at.map((each) => tickText(each * 1000, to - begin)) },
          { ...axis, size: 46 },
        ],
        series: [
          {},
          ...ordered.map(({ label, colour }) => ({
            label,
            stroke: token(colour),
            width: 1.5,
            spanGaps: false,
            ...(isStacked ? { fill: token(colour) } : {}),
            // A value between two gaps is no line, and is seen all the same.
            points: { show: !isStacked && times.length < 40, size: 4 },
          })),
        ],
        hooks: {
          draw: [
            (chart) => {
              const { ctx, bbox } = chart;
              ctx.save();
              ctx.strokeStyle = token("--text");
              ctx.setLineDash([3, 3]);
              for (const { at } of marks) {
                const x = chart.valToPos(at / 1000, "x", true);
                if (x < bbox.left || x > bbox.left + bbox.width) continue;
                ctx.beginPath();
                ctx.moveTo(x, bbox.top);
                ctx.lineTo(x, bbox.top + bbox.height);
                ctx.stroke();
              }
              ctx.restore();
            },
          ],
        },
      },
      data,
      element,
    );
    const watcher = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      plot.destroy();
    };
  }, [data, series, marks, isStacked, from, to, least, most, theme]);
  const said = series.map(({ label, values }) => {
    const spread = spreadOf(values);
    return spread ? `${label} ${shown(spread.last)} ${unit} at the end` : `${label} unknown`;
  });
  return <div ref={place} className="plot" role="img" aria-label={`${title}: ${said.join(", ")}`} />;
}

/** Another number whenever colours are others. */
function useThemeCount(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const changed = () => setCount((before) => before + 1);
    const system = matchMedia("(prefers-color-scheme: dark)");
    const watcher = new MutationObserver(changed);
    watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    system.addEventListener("change", changed);
    return () => {
      watcher.disconnect();
      system.removeEventListener("change", changed);
    };
  }, []);
  return count;
}

/** `at`: ms since 1970. */
function tickText(at: number, spanMs: number): string {
  return spanMs > 2 * 86_400_000 ? dayText(at) : momentText(at, at);
}
