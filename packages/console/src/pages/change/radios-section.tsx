import { bandWords } from "@opensync-ts/cloud/words/band-words";
import { useQueries } from "@tanstack/react-query";
import { question } from "../../api/ask.ts";
import { channelHint, channelWrong, widthWrong } from "./channel-words.ts";
import { Check, Choice, EditButton, NumberBox } from "./controls.tsx";
import type { RadioOpinion } from "./doc.ts";
import { useEditing } from "./use-edit.ts";

const radioBands = (["2.4G", "5G", "5GL", "5GU", "6G"] as const).map((band) => [band, bandWords(band)] as const);
const widths = [
  ["", "as it is"],
  ["20", "20 MHz"],
  ["40", "40 MHz"],
  ["80", "80 MHz"],
  ["160", "160 MHz"],
  ["320", "320 MHz"],
] as const;

/** With a channel, one of them has to be chosen. */
function widthsOf({ channel, width }: RadioOpinion): readonly (readonly [string, string])[] {
  if (channel === undefined) return widths;
  return width === undefined ? [["", "choose one"], ...widths.slice(1)] : widths.slice(1);
}

export function RadiosSection() {
  const { doc, set, problem, location } = useEditing();
  // Which channels there are is told by the nodes.
  const answers = useQueries({
    queries: doc.nodes.map(({ id: node }) =>
      question("GET /locations/:location/nodes/:node/radios", { params: { location, node } }),
    ),
  });
  const known = answers.flatMap(({ data }) => data ?? []);
  const nodes = [["", "every node"] as const, ...doc.nodes.map(({ id }) => [id, id] as const)];
  const add = (radio: RadioOpinion) => set(["radios"], [...doc.radios, radio]);
  return (
    <>
      <p>
        Nodes choose channel, width and power by themselves unless something is set here. What was set stays on a node
        when it is removed here, until the node chooses another or somebody sets one.
      </p>
      {doc.radios.length === 0 && <p className="empty">Nothing is set here.</p>}
      {doc.radios.map((radio, index) => {
        const at = ["radios", index] as const;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: radio settings have no name
          <section className="card" key={index} aria-label={`Radio setting ${index + 1}`}>
            <div className="fields">
              <Choice
                label="Of"
                value={radio.node ?? ""}
                options={nodes}
                wrong={problem(`radios[${index}].node`)}
                onChange={(node) => set([...at, "node"], node || undefined)}
              />
              <Choice
                label="Band"
                value={radio.band}
                options={radioBands}
                wrong={problem(`radios[${index}].band`)}
                onChange={(band) => set([...at, "band"], band)}
              />
              <NumberBox
                label="Channel"
                at={[...at, "channel"]}
                value={radio.channel}
                check={() => channelWrong(radio, known)}
                hint={channelHint(radio, known)}
                isOptional
                placeholder="as it is"
              />
              <Choice
                label="Width"
                value={radio.width === undefined ? "" : String(radio.width)}
                options={widthsOf(radio)}
                wrong={problem(`radios[${index}].width`) ?? widthWrong(radio)}
                onChange={(width) => set([...at, "width"], width === "" ? undefined : Number(width))}
              />
              <NumberBox
                label="Power (dBm)"
                at={[...at, "power"]}
                value={radio.power}
                isOptional
                placeholder="as it is"
              />
              <NumberBox label="Chains" at={[...at, "chains"]} value={radio.chains} isOptional placeholder="all" />
            </div>
            <div className="row">
              <Check
                isOn={radio.enabled !== false}
                onChange={(isOn) => set([...at, "enabled"], isOn ? undefined : false)}
              >
                On
              </Check>
              <EditButton
                kind="danger"
                label={`Remove radio setting ${index + 1}`}
                onPress={() =>
                  set(
                    ["radios"],
                    doc.radios.filter((_, other) => other !== index),
                  )
                }
              >
                Remove
              </EditButton>
            </div>
          </section>
        );
      })}
      <EditButton onPress={() => add({ band: "2.4G" })}>Set channel, width or power</EditButton>
    </>
  );
}
