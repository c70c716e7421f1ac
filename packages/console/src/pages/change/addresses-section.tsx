import { useAsk } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { ipv4Problem, macProblem, rangeProblem } from "./checks.ts";
import { EditButton, TextBox } from "./controls.tsx";
import { reserve } from "./edits.ts";
import { useEditing } from "./use-edit.ts";

export function AddressesSection() {
  const { doc, set, problem } = useEditing();
  const { lan } = doc;
  if (!lan) {
    return (
      <section className="card">
        <p>The addresses of the home are left as the gateway has them: nothing is set here, and nothing is changed.</p>
        <EditButton
          onPress={() =>
            set(["lan"], {
              bridge: "br-home",
              address: "192.168.40.1",
              netmask: "255.255.255.0",
              dhcp: { start: "192.168.40.10", stop: "192.168.40.250", leaseTime: "12h" },
            })
          }
        >
          Set them here
        </EditButton>
      </section>
    );
  }
  const { dhcp } = lan;
  const range = dhcp && rangeProblem(lan, dhcp.start, dhcp.stop);
  return (
    <>
      <section className="card" aria-label="Addresses">
        <div className="fields">
          <TextBox label="Address of the gateway" at={["lan", "address"]} value={lan.address} check={ipv4Problem} />
          <TextBox label="Netmask" at={["lan", "netmask"]} value={lan.netmask} check={ipv4Problem} />
        </div>
        {dhcp ? (
          <div className="fields">
            <TextBox
              label="Devices get addresses from"
              at={["lan", "dhcp", "start"]}
              value={dhcp.start}
              check={ipv4Problem}
            />
            <TextBox label="to" at={["lan", "dhcp", "stop"]} value={dhcp.stop} check={ipv4Problem} />
            <TextBox label="for (such as 12h, 30m)" at={["lan", "dhcp", "leaseTime"]} value={dhcp.leaseTime} />
          </div>
        ) : (
          <EditButton onPress={() => set(["lan", "dhcp"], { start: "", stop: "", leaseTime: "12h" })}>
            Set which addresses devices get
          </EditButton>
        )}
        {range && <p className="wrong">{range}</p>}
        <EditButton kind="danger" onPress={() => set(["lan"], undefined)}>
          Leave all of this to the gateway
        </EditButton>
      </section>
      {doc.bridges.map((bridge, index) => (
        <section className="card" key={bridge.bridge} aria-label={`Local network ${bridge.bridge}`}>
          <h2>
            Local network <bdi>{bridge.bridge}</bdi>
          </h2>
          <div className="fields">
            <TextBox label="Address" at={["bridges", index, "address"]} value={bridge.address} check={ipv4Problem} />
            <TextBox label="Netmask" at={["bridges", index, "netmask"]} value={bridge.netmask} check={ipv4Problem} />
            {bridge.dhcp && (
              <>
                <TextBox
                  label="Addresses from"
                  at={["bridges", index, "dhcp", "start"]}
                  value={bridge.dhcp.start}
                  check={ipv4Problem}
                />
                <TextBox
                  label="to"
                  at={["bridges", index, "dhcp", "stop"]}
                  value={bridge.dhcp.stop}
                  check={ipv4Problem}
                />
              </>
            )}
          </div>
        </section>
      ))}
      {dhcp && <Reservations />}
      {problem("lan.bridge") && <p className="wrong">{problem("lan.bridge")}</p>}
    </>
  );
}

function Reservations() {
  const { doc, set, replace, location, names } = useEditing();
  const { data, error } = useAsk("GET /locations/:location/devices", { params: { location } });
  const at = ["lan", "dhcp", "reservations"] as const;
  const reservations = doc.lan?.dhcp?.reservations ?? [];
  const taken = new Set(reservations.map(({ mac }) => mac));
  const free = (data?.items ?? []).flatMap(({ mac, now }) =>
    now?.address && !taken.has(mac) ? [{ mac, address: now.address, hostname: now.hostname }] : [],
  );
  return (
    <section className="card" aria-label="Reserved addresses">
      <h2>Devices that always get the same address</h2>
      {reservations.length === 0 && <p className="soft">None.</p>}
      {reservations.map(({ mac, address, name }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the address is what is typed
        <div className="fields" key={index}>
          <TextBox label="Device" at={[...at, index, "mac"]} value={mac} check={macProblem} hint={names.get(mac)} />
          <TextBox label="Address" at={[...at, index, "address"]} value={address} check={ipv4Problem} />
          <TextBox label="Host name" at={[...at, index, "name"]} value={name} isOptional />
          <EditButton
            kind="danger"
            label={`Remove the reservation of ${name ?? mac}`}
            onPress={() =>
              set(
                at,
                reservations.filter((_, other) => other !== index),
              )
            }
          >
            Remove
          </EditButton>
        </div>
      ))}
      <EditButton onPress={() => set(at, [...reservations, { mac: "", address: "" }])}>Add one by hand</EditButton>
      <Failure error={error} />
      {free.length > 0 && (
        <>
          <h3>Connected now</h3>
          <ul className="plain">
            {free.map(({ mac, address, hostname }) => (
              <li key={mac} className="row spread">
                <span>
                  <bdi>{names.get(mac) ?? mac}</bdi> <span className="soft">{address}</span>
                </span>
                <EditButton
                  label={`Keep this address: ${names.get(mac) ?? mac}, ${address}`}
                  onPress={() => replace(reserve(doc, mac, address, hostname))}
                >
                  Keep this address
                </EditButton>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
