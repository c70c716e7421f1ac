import { ipv4Problem, portProblem } from "./checks.ts";
import { Check, Choice, EditButton, NumberBox, TextBox } from "./controls.tsx";
import type { Forward, WanWay } from "./doc.ts";
import { addForward } from "./edits.ts";
import { wanWords } from "./sentences.ts";
import { useEditing } from "./use-edit.ts";

const kinds = [
  ["dhcp", "Automatic (DHCP)"],
  ["pppoe", "With user name and password (PPPoE)"],
  ["static", "Fixed address"],
] as const;

function wayOf(type: WanWay["type"], vlan: number | undefined): WanWay {
  const on = vlan === undefined ? {} : { vlan };
  switch (type) {
    case "dhcp":
      return { type, ...on };
    case "pppoe":
      return { type, ...on, username: "", password: "" };
    case "static":
      return { type, ...on, address: "", netmask: "255.255.255.0", gateway: "", dns: { primary: "" } };
  }
}

export function InternetSection() {
  const { doc, set, problem } = useEditing();
  const { wan } = doc;
  if (!wan) {
    return (
      <section className="card">
        <p>How the gateway reaches the Internet is left as it is: nothing is set here.</p>
        <EditButton onPress={() => set(["wan"], [{ type: "dhcp" }])}>Set it here</EditButton>
        <p className="hint">
          With wrong settings the home is without Internet, and the cloud cannot reach the gateway to put it right.
        </p>
      </section>
    );
  }
  return (
    <>
      <p>The gateway tries these in their order until one works.</p>
      {wan.map((way, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: ways have no name
        <section className="card" key={index} aria-label={`Way ${index + 1} to the Internet`}>
          <h2>
            {index + 1}. {wanWords(way)}
          </h2>
          <div className="fields">
            <Choice
              label="Kind"
              value={way.type}
              options={kinds}
              onChange={(type) => set(["wan", index], wayOf(type, way.vlan))}
            />
            <NumberBox label="VLAN" at={["wan", index, "vlan"]} value={way.vlan} isOptional placeholder="none" />
            {way.type === "pppoe" && (
              <>
                <TextBox label="User name" at={["wan", index, "username"]} value={way.username} />
                <TextBox
                  label="Password"
                  at={["wan", index, "password"]}
                  value={way.password ?? ""}
                  hint={way.password === null ? "Stays as it is unless you type another" : undefined}
                  isSecret
                />
              </>
            )}
            {way.type === "static" && (
              <>
                <TextBox label="Address" at={["wan", index, "address"]} value={way.address} check={ipv4Problem} />
                <TextBox label="Netmask" at={["wan", index, "netmask"]} value={way.netmask} check={ipv4Problem} />
                <TextBox
                  label="Provider's router"
                  at={["wan", index, "gateway"]}
                  value={way.gateway}
                  check={ipv4Problem}
                />
                <TextBox
                  label="Name server"
                  at={["wan", index, "dns", "primary"]}
                  value={way.dns.primary}
                  check={ipv4Problem}
                />
              </>
            )}
          </div>
          {problem(`wan[${index}]`) && <p className="wrong">{problem(`wan[${index}]`)}</p>}
          <div className="row">
            <EditButton
              isDisabled={index === 0}
              label={`Try way ${index + 1} earlier`}
              onPress={() => set(["wan"], moved(wan, index))}
            >
              Earlier
            </EditButton>
            <EditButton
              kind="danger"
              label={wan.length === 1 ? "Leave it to the gateway" : `Remove way ${index + 1}`}
              onPress={() => set(["wan"], wan.length === 1 ? undefined : wan.filter((_, other) => other !== index))}
            >
              {wan.length === 1 ? "Leave it to the gateway" : "Remove"}
            </EditButton>
          </div>
        </section>
      ))}
      {problem("wan") && <p className="wrong">{problem("wan")}</p>}
      <EditButton onPress={() => set(["wan"], [...wan, wayOf("pppoe", undefined)])}>Add another way</EditButton>
    </>
  );
}

function moved(wan: readonly WanWay[], index: number): readonly WanWay[] {
  const [way, before] = [wan[index], wan[index - 1]];
  return way && before ? wan.with(index - 1, way).with(index, before) : wan;
}

const protocols = [
  ["tcp", "TCP"],
  ["udp", "UDP"],
  ["both", "TCP and UDP"],
] as const satisfies readonly (readonly [Forward["protocol"], string])[];

export function ForwardsSection() {
  const { doc, set, replace, problem } = useEditing();
  const forwards = doc.forwards ?? [];
  return (
    <>
      <p>What the Internet may reach at home: a port of the gateway leads to a device.</p>
      {doc.forwards === undefined && (
        <p className="empty">There is none here; what the gateway has of its own is left as it is.</p>
      )}
      {doc.forwards?.length === 0 && <p className="empty">None: nothing at home is reached from the Internet.</p>}
      {forwards.map((forward, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the port is what is typed
        <section className="card" key={index} aria-label={`Port forward ${forward.label ?? forward.port}`}>
          <div className="fields">
            <TextBox label="Name" at={["forwards", index, "label"]} value={forward.label} isOptional />
            <Choice
              label="Protocol"
              value={forward.protocol}
              options={protocols}
              onChange={(protocol) => set(["forwards", index, "protocol"], protocol)}
            />
            <NumberBox label="Port" at={["forwards", index, "port"]} value={forward.port} check={portProblem} />
            <TextBox
              label="Leads to"
              at={["forwards", index, "to"]}
              value={forward.to}
              check={ipv4Problem}
              placeholder="192.168.40.20"
            />
            <NumberBox
              label="Port there"
              at={["forwards", index, "toPort"]}
              value={forward.toPort}
              check={portProblem}
              isOptional
              placeholder="the same"
            />
          </div>
          <div className="row">
            <Check isOn={forward.enabled} onChange={(isOn) => set(["forwards", index, "enabled"], isOn)}>
              On
            </Check>
            <Check isOn={forward.loopback} onChange={(isOn) => set(["forwards", index, "loopback"], isOn)}>
              Also from home by the public address
            </Check>
            <EditButton
              kind="danger"
              label={`Remove port forward ${forward.label ?? forward.port}`}
              onPress={() => replace({ ...doc, forwards: forwards.filter((_, other) => other !== index) })}
            >
              Remove
            </EditButton>
          </div>
          {problem(`forwards[${index}]`) && <p className="wrong">{problem(`forwards[${index}]`)}</p>}
        </section>
      ))}
      <EditButton onPress={() => replace(addForward(doc, ""))}>Add a port forward</EditButton>
    </>
  );
}
