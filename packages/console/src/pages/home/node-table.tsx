import { useMemo } from "react";
import { Button } from "react-aria-components";
import { toneMarks } from "../../ui/marks.ts";
import { RadioFaultLink } from "../../ui/page-link.tsx";
import { faultLinkText } from "../node/fault-words.ts";
import { foldText, mediumText } from "./description.ts";
import { bandText, healthOf } from "./health.ts";
import type { Picture, PicturedLink } from "./picture.ts";
import { ThingLink } from "./thing-link.tsx";

export interface NodeTableProps {
  readonly location: string;
  readonly picture: Picture;
  readonly folded: ReadonlySet<string>;
  onFold(node: string): void;
  /** `node ID` that is pointed at. */
  onPoint(id: string | null): void;
}

export function NodeTable({ location, picture, folded, onFold, onPoint }: NodeTableProps) {
  const health = useMemo(() => healthOf(picture), [picture]);
  return (
    <div className="scroll">
      <table className="table nodes">
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">How it is</th>
            <th scope="col">Clients</th>
          </tr>
        </thead>
        <tbody>
          {picture.nodes.map(({ id, role, model, faults }, index) => {
            const { tone = "unknown", text = "" } = health[index] ?? {};
            const link = picture.links.find(({ node }) => node === id);
            const count = picture.clients.filter(({ node }) => node === id).length;
            const point = () => onPoint(`node ${id}`);
            const leave = () => onPoint(null);
            return (
              <tr key={id} onPointerEnter={point} onPointerLeave={leave} onFocus={point} onBlur={leave}>
                <th scope="row" className="name" title={id}>
                  <ThingLink location={location} id={`node ${id}`}>
                    <bdi>{id}</bdi>
                  </ThingLink>
                  <small>{[role === id ? null : role, model].filter(Boolean).join(" · ")}</small>
                </th>
                <td className="health">
                  <span className={tone === "unknown" ? "soft" : tone}>
                    <span aria-hidden="true">{toneMarks[tone]} </span>
                    {text}
                  </span>
                  {faults.map((fault) => (
                    <small key={fault.ifName}>
                      <RadioFaultLink node={id} ifName={fault.ifName}>
                        {faultLinkText(fault)}
                      </RadioFaultLink>
                    </small>
                  ))}
                  {[linkText(link), ...radioTexts(picture, id)].filter(Boolean).map((line) => (
                    <small key={line}>{line}</small>
                  ))}
                </td>
                <td className="number">
                  {count > 0 ? (
                    <Button
                      className="button small"
                      aria-pressed={folded.has(id)}
                      aria-label={foldText(folded.has(id), count, id)}
                      onPress={() => onFold(id)}
                    >
                      {count} <span aria-hidden="true">{folded.has(id) ? "▸" : "▾"}</span>
                    </Button>
                  ) : (
                    "0"
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function linkText(link: PicturedLink | undefined): string {
  if (!link || link.parent === null) return "";
  const rate = link.downLinkMbps === null ? "" : `, link rate ${Math.round(link.downLinkMbps)} Mbit/s`;
  const snr = link.snrDb === null ? "" : `, ${Math.round(link.snrDb)} dB`;
  return `to ${link.parent} ${mediumText(link)}${rate}${snr}`;
}

const radar = {
  checking: "being checked for radar",
  barred: "radar was heard",
  unchecked: "not checked for radar yet",
  clear: null,
} as const;

function radioTexts({ radios }: Picture, node: string): readonly string[] {
  return radios
    .filter((radio) => radio.node === node)
    .map(({ band, channel, widthMhz, busyPercent, dfs }) => {
      if (channel === null && dfs === "checking") return `${bandText(band)}: not on the air, listening for radar first`;
      const width = widthMhz === null ? "" : `, ${widthMhz} MHz wide`;
      const busy = busyPercent === null ? "" : `, ${Math.round(busyPercent)} % busy`;
      const note = dfs === null ? null : radar[dfs];
      return `${bandText(band)}: ${channel === null ? "on no channel now" : `channel ${channel}`}${width}${busy}${note === null ? "" : ` (${note})`}`;
    });
}
