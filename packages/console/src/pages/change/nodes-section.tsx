import { useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import { useAsk, useChange } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { Check, Choice, EditButton, NumberBox } from "./controls.tsx";
import type { RadioOpinion } from "./doc.ts";
import { bandWords } from "./sentences.ts";
import { useEditing } from "./use-edit.ts";

/** These hold at once, as a version of their own: who is at home is no matter of taste. */
export function NodesSection() {
  const { location, locked, why, work, doc } = useEditing();
  const nodes = useAsk("GET /locations/:location/nodes", { params: { location } });
  const claims = useAsk("GET /locations/:location/claims", { params: { location } });
  const role = useChange("PUT /locations/:location/nodes/:node/role");
  const release = useChange("DELETE /locations/:location/claims/:serialNumber");
  const [leaving, setLeaving] = useState<string>();
  const query = why === "" ? {} : { why };
  const claimed = new Set(claims.data?.items.map(({ serialNumber }) => serialNumber));
  return (
    <>
      <p>What is changed here takes effect at once.</p>
      <Failure error={nodes.error ?? claims.error ?? role.error ?? release.error} />
      {nodes.data?.items.length === 0 && <p className="empty">No node yet: claim one below.</p>}
      <div className="scroll">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col">Role</th>
              <th scope="col">Serial number</th>
              <th scope="col">State</th>
              <th scope="col">
                <span className="unseen">Change</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {nodes.data?.items.map((node) => {
              const stated = doc.nodes.find(({ id }) => id === node.id);
              const serial = stated?.serialNumber ?? node.serialNumber ?? node.id;
              return (
                <tr key={node.id}>
                  <td>
                    <bdi>{node.id}</bdi>
                    {node.model && <div className="soft">{node.model}</div>}
                  </td>
                  <td>{node.role}</td>
                  <td>
                    <bdi>{serial}</bdi>
                  </td>
                  <td>{node.pending ?? <span className="good">works as it should</span>}</td>
                  <td>
                    <div className="row">
                      {node.role === "extender" && (
                        <Button
                          className="button"
                          isDisabled={locked !== undefined || role.isPending}
                          onPress={() =>
                            role.mutate({ params: { location, node: node.id }, query, body: { role: "gateway" } })
                          }
                        >
                          Make it the gateway
                        </Button>
                      )}
                      {claimed.has(serial) &&
                        (leaving === serial ? (
                          <>
                            <Button
                              className="button danger"
                              isDisabled={release.isPending}
                              onPress={() => {
                                release.mutate({ params: { location, serialNumber: serial }, query });
                                setLeaving(undefined);
                              }}
                            >
                              Yes, it leaves this home
                            </Button>
                            <Button className="button" onPress={() => setLeaving(undefined)}>
                              Keep it
                            </Button>
                          </>
                        ) : (
                          <Button
                            className="button danger"
                            isDisabled={locked !== undefined}
                            aria-label={`Release ${node.id}`}
                            onPress={() => setLeaving(serial)}
                          >
                            Release
                          </Button>
                        ))}
                    </div>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {work && <ClaimForm />}
    </>
  );
}

function ClaimForm() {
  const { location, locked, why } = useEditing();
  const me = useAsk("GET /session", {});
  const isOfCloud = me.data?.tenant === null && me.data.role !== "viewer";
  const callers = useAsk("GET /callers", {}, { enabled: isOfCloud });
  const claim = useChange("POST /locations/:location/claims");
  const [serial, setSerial] = useState("");
  const take = (serialNumber: string) =>
    claim.mutate(
      { params: { location }, query: why === "" ? {} : { why }, body: { serialNumber } },
      { onSuccess: () => setSerial("") },
    );
  const waiting = (callers.data?.items ?? []).filter(({ serialNumber, id }) => serialNumber ?? id);
  return (
    <section className="card" aria-label="Claim a node">
      <h2>Add a node</h2>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (serial.trim() !== "") take(serial.trim());
        }}
      >
        <TextField
          className="field"
          value={serial}
          onChange={setSerial}
          isDisabled={locked !== undefined}
          autoComplete="off"
        >
          <Label>Serial number (on its label)</Label>
          <Input className="input" />
        </TextField>
        <Button
          type="submit"
          className="button primary"
          isDisabled={locked !== undefined || serial.trim() === "" || claim.isPending}
        >
          Claim it
        </Button>
      </form>
      <Failure error={claim.error ?? callers.error} />
      {claim.data && (
        <p className="good" role="status">
          {claim.data.items.map(({ id, role }) => `${id} is at home now, as ${role}.`).join(" ")}
        </p>
      )}
      {waiting.length > 0 && (
        <>
          <h3>Nodes that have called and belong to no home</h3>
          <ul className="plain">
            {waiting.map((caller) => (
              <li key={caller.peer} className="row spread">
                <span>
                  <bdi>{caller.serialNumber ?? caller.id}</bdi>{" "}
                  <span className="soft">
                    {caller.model} {caller.peer}: {caller.reason}
                  </span>
                </span>
                <Button
                  className="button"
                  isDisabled={locked !== undefined || claim.isPending}
                  onPress={() => take(caller.serialNumber ?? caller.id ?? "")}
                >
                  Claim it
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const radioBands = (["2.4G", "5G", "5GL", "5GU", "6G"] as const).map((band) => [band, bandWords(band)] as const);
const widths = [
  ["", "as it is"],
  ["20", "20 MHz"],
  ["40", "40 MHz"],
  ["80", "80 MHz"],
  ["160", "160 MHz"],
  ["320", "320 MHz"],
] as const;

export function RadiosSection() {
  const { doc, set, problem } = useEditing();
  const nodes = [["", "every node"] as const, ...doc.nodes.map(({ id }) => [id, id] as const)];
  const add = (radio: RadioOpinion) => set(["radios"], [...doc.radios, radio]);
  return (
    <>
      <p>Nodes choose channel, width and power by themselves unless something is set here.</p>
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
                isOptional
                placeholder="as it is"
              />
              <Choice
                label="Width"
                value={radio.width === undefined ? "" : (String(radio.width) as "20")}
                options={widths}
                wrong={problem(`radios[${index}].width`)}
                onChange={(width) => set([...at, "width"], width === ("" as string) ? undefined : Number(width))}
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
