import { bandWords } from "@opensync-ts/cloud/words/band-words";
import { useState } from "react";
import { passphraseProblem, ssidProblem } from "./checks.ts";
import { Check, Choice, EditButton, TextBox } from "./controls.tsx";
import { bandsOf, type Network } from "./doc.ts";
import { addNetwork, freeBands, keyProblem, toggled } from "./edits.ts";
import { GuestCard } from "./guest-card.tsx";
import { SecretOf } from "./join-code.tsx";
import { KeyUsers } from "./key-users.tsx";
import type { Path } from "./lists.ts";
import { madeUpPassphrase, webDraw } from "./passphrase.ts";
import { useEditing } from "./use-edit.ts";
import { modeWords } from "./value-words.ts";

const modes = [
  ["wpa2-wpa3", modeWords["wpa2-wpa3"]],
  ["wpa3", modeWords.wpa3],
  ["wpa2", modeWords.wpa2],
] as const;
const modeHints = {
  "wpa2-wpa3": "Recommended: older devices join, too.",
  wpa3: "No older devices, and one passphrase only.",
  wpa2: "Not on 6 GHz.",
} as const;

const bands = ["2.4G", "5G", "6G"] as const;

export function NetworksSection() {
  const { doc, replace } = useEditing();
  const free = freeBands(doc);
  return (
    <>
      <GuestCard />
      {doc.networks.length === 0 && <p className="empty">There is no Wi-Fi network yet.</p>}
      {doc.networks.map((network, index) => (
        // The name is what is typed; the place stays.
        // biome-ignore lint/suspicious/noArrayIndexKey: the name changes while it is typed
        <NetworkCard key={index} network={network} at={["networks", index]} />
      ))}
      {free.length === 0 ? (
        <p className="hint">
          Every band has its network, and a node has one access point per band. Guests need no network of their own:
          they get their own passphrase (above). For a second name, first take a band from a network.
        </p>
      ) : (
        <EditButton
          onPress={() => replace(addNetwork(doc, `${doc.name} ${doc.networks.length + 1}`, madeUpPassphrase(webDraw)))}
        >
          Add a network on {free.map(bandWords).join(", ")}
        </EditButton>
      )}
    </>
  );
}

function NetworkCard({ network, at }: { readonly network: Network; readonly at: Path }) {
  const { doc, set, replace, problem } = useEditing();
  const [isChanging, setChanging] = useState(false);
  const index = Number(at[1]);
  const path = `networks[${index}]`;
  const { ssid, security, enabled, hidden, isolate } = network;
  const first = security.keys[0];
  const keyPath = [...at, "security", "keys", 0, "psk"] as const;
  const on = bandsOf(network);
  const taken = new Set(doc.networks.flatMap((other) => (other === network ? [] : bandsOf(other))));
  const changeMode = (mode: Network["security"]["mode"]) => {
    const next = mode === "wpa2" ? network.bands?.filter((band) => band !== "6G") : network.bands;
    set(at, { ...network, ...(next ? { bands: next } : {}), security: { ...security, mode } });
  };
  const tooMany =
    security.mode === "wpa3" && security.keys.length > 1
      ? `${keyProblem(network)} This network has ${security.keys.length}.`
      : undefined;
  return (
    <section className="card" aria-label={`Network ${ssid}`}>
      <header>
        <h2>
          <bdi>{ssid || "A network without a name"}</bdi>
        </h2>
        <Check isOn={enabled} onChange={(isOn) => set([...at, "enabled"], isOn)}>
          On
        </Check>
      </header>
      <div className="fields">
        <TextBox label="Name (SSID)" at={[...at, "ssid"]} value={ssid} check={ssidProblem} />
        <Choice
          label="Security"
          value={security.mode}
          options={modes}
          hint={modeHints[security.mode]}
          wrong={problem(`${path}.security.mode`) ?? problem(`${path}.security.keys`) ?? tooMany}
          onChange={changeMode}
        />
      </div>
      <fieldset className="row">
        <legend>Bands</legend>
        {bands.map((band) => (
          <Check
            key={band}
            isOn={on.includes(band)}
            isDisabled={!on.includes(band) && (taken.has(band) || (band === "6G" && security.mode === "wpa2"))}
            onChange={() => set([...at, "bands"], toggled(on, band, bands))}
          >
            {bandWords(band)}
            {taken.has(band) && <span className="soft"> (another network)</span>}
          </Check>
        ))}
        {problem(`${path}.bands`, true) && <span className="wrong">{problem(`${path}.bands`, true)}</span>}
      </fieldset>
      {first && (
        <div className="row">
          <SecretOf network={network} entry={first} />
          {isChanging || first.psk !== null ? (
            <>
              <TextBox
                label="New passphrase"
                at={keyPath}
                value={first.psk ?? ""}
                check={(text) => passphraseProblem(text)}
                hint="Every device at home has to be told."
                isSecret
              />
              <EditButton
                onPress={() => {
                  setChanging(false);
                  set(keyPath, null);
                }}
              >
                Leave it as it is
              </EditButton>
            </>
          ) : (
            <EditButton
              onPress={() => {
                setChanging(true);
                set(keyPath, madeUpPassphrase(webDraw));
              }}
            >
              Change the passphrase
            </EditButton>
          )}
        </div>
      )}
      {first && <KeyUsers at={index} ssid={ssid} id={first.id} />}
      <div className="row">
        <Check isOn={hidden} onChange={(isOn) => set([...at, "hidden"], isOn)}>
          Hide the name
        </Check>
        <Check isOn={isolate} onChange={(isOn) => set([...at, "isolate"], isOn)}>
          Keep devices on one access point apart
        </Check>
        <EditButton
          kind="danger"
          label={`Remove network ${ssid}`}
          onPress={() => replace({ ...doc, networks: doc.networks.filter((other) => other !== network) })}
        >
          Remove
        </EditButton>
      </div>
    </section>
  );
}
