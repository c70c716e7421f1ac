import { useAsk } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { hostProblem, macProblem, netmaskProblem, startProblem, subnetProblem } from "./checks.ts";
import { EditButton, TextBox } from "./controls.tsx";
import type { Lan } from "./doc.ts";
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
  const home = { ...lan, name: "The home's network" };
  const locals = doc.bridges.map((bridge) => ({ ...bridge, name: `The local network ${bridge.bridge}` }));
  return (
    <>
      <section className="card" aria-label="Addresses">
        <div className="fields">
          <TextBox
            label="Address of the gateway"
            at={["lan", "address"]}
            value={lan.address}
            check={() => subnetProblem(lan, locals)}
          />
          <TextBox label="Netmask" at={["lan", "netmask"]} value={lan.netmask} check={netmaskProblem} />
        </div>
        {dhcp ? (
          <div className="fields">
            <TextBox
              label="Devices get addresses from"
              at={["lan", "dhcp", "start"]}
              value={dhcp.start}
              check={(start) => startProblem(lan, start, dhcp.stop)}
            />
            <TextBox
              label="to"
              at={["lan", "dhcp", "stop"]}
              value={dhcp.stop}
              check={(stop) => hostProblem(lan, stop)}
            />
            <TextBox label="for (such as 12h, 30m)" at={["lan", "dhcp", "leaseTime"]} value={dhcp.leaseTime} />
          </div>
        ) : (
          <EditButton onPress={() => set(["lan", "dhcp"], { start: "", stop: "", leaseTime: "12h" })}>
            Set which addresses devices get
          </EditButton>
        )}
        <EditButton kind="danger" onPress={() => set(["lan"], undefined)}>
          Leave all of this to the gateway
        </EditButton>
      </section>
      {doc.bridges.map((bridge, index) => (
        <Local key={bridge.bridge} bridge={bridge} index={index} others={[home, ...locals.toSpliced(index, 1)]} />
      ))}
      {dhcp && <Reservations />}
      {problem("lan.bridge") && <p className="wrong">{problem("lan.bridge")}</p>}
    </>
  );
}

interface LocalProps {
  readonly bridge: Lan;
  readonly index: number;
  readonly others: Parameters<typeof subnetProblem>[1];
}

/** A local network beside the home's. */
function Local({ bridge, index, others }: LocalProps) {
  const { dhcp } = bridge;
  const at = ["bridges", index] as const;
  return (
    <section className="card" aria-label={`Local network ${bridge.bridge}`}>
      <h2>
        Local network <bdi>{bridge.bridge}</bdi>
      </h2>
      <div className="fields">
        <TextBox
          label="Address"
          at={[...at, "address"]}
          value={bridge.address}
          check={() => subnetProblem(bridge, others)}
        />
        <TextBox label="Netmask" at={[...at, "netmask"]} value={bridge.netmask} check={netmaskProblem} />
        {dhcp && (
          <>
            <TextBox
              label="Addresses from"
              at={[...at, "dhcp", "start"]}
              value={dhcp.start}
              check={(start) => startProblem(bridge, start, dhcp.stop)}
            />
            <TextBox
              label="to"
              at={[...at, "dhcp", "stop"]}
              value={dhcp.stop}
              check={(stop) => hostProblem(bridge, stop)}
            />
          </>
        )}
      </div>
    </section>
  );
}

function Reservations() {
  const { doc, set, replace, location, names } = useEditing();
  const { data, error } = useAsk("GET /locations/:location/devices", { params: { location } });
  const at = ["lan", "dhcp", "reservations"] as const;
  const { lan } = doc;
  const reservations = lan?.dhcp?.reservations ?? [];
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
          <TextBox
            label="Address"
            at={[...at, index, "address"]}
            value={address}
            check={(text) => lan && hostProblem(lan, text)}
          />
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
