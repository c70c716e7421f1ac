import { apartText, zoneWords } from "../../ui/keys.ts";
import { useNow } from "../../ui/use-now.ts";
import { endProblem, passphraseProblem } from "./checks.ts";
import { Choice, EditButton, MomentBox, TextBox } from "./controls.tsx";
import type { Network, Zone } from "./doc.ts";
import { addKey, keyProblem } from "./edits.ts";
import { SecretOf } from "./join-code.tsx";
import { KeyUsers } from "./key-users.tsx";
import { OpenGuestKey } from "./open-guest-key.tsx";
import { madeUpPassphrase, webDraw } from "./passphrase.ts";
import { useEditing } from "./use-edit.ts";

const zones = (Object.keys(zoneWords) as Zone[]).map((zone) => [zone, zoneWords[zone]] as const);

export function KeysSection() {
  const { doc } = useEditing();
  return (
    <>
      <p>
        A network can have several passphrases. Each says what its holders may reach, and may end by itself; take one
        away, and only its holders are out.
      </p>
      {doc.networks.length === 0 && <p className="empty">There is no Wi-Fi network yet.</p>}
      {doc.networks.map((network, index) => (
        <NetworkKeys key={network.ssid} network={network} index={index} />
      ))}
    </>
  );
}

function NetworkKeys({ network, index }: { readonly network: Network; readonly index: number }) {
  const { doc, set, replace, problem } = useEditing();
  const now = useNow(30_000);
  const { keys } = network.security;
  const path = `networks[${index}].security.keys`;
  const at = ["networks", index, "security", "keys"] as const;
  const reason = keyProblem(network);
  const apart = apartText(
    network.isolate,
    keys.some(({ zone }) => zone !== undefined && zone !== "home"),
  );
  return (
    <section className="card" aria-label={`Keys of ${network.ssid}`}>
      <header>
        <h2>
          <bdi>{network.ssid}</bdi>
        </h2>
      </header>
      {apart && <p className={network.isolate ? "hint" : "warn"}>{apart}</p>}
      {keys.map((key, position) => (
        <div className="entry" key={key.id}>
          <div className="fields">
            <TextBox
              label="Whose it is"
              at={[...at, position, "label"]}
              value={key.label}
              isOptional
              placeholder={position === 0 ? "the home" : "guests"}
            />
            <Choice
              label="Opens"
              value={key.zone ?? "home"}
              options={zones}
              wrong={problem(`${path}[${position}].zone`)}
              onChange={(zone) => set([...at, position, "zone"], zone)}
            />
            <MomentBox
              label="Ends"
              at={[...at, position, "expires"]}
              value={key.expires}
              check={(end) => endProblem(end, now)}
              hint="Empty: never"
            />
            {key.psk !== null && (
              <TextBox
                label="Passphrase"
                at={[...at, position, "psk"]}
                value={key.psk}
                check={(text) => passphraseProblem(text)}
                isSecret
              />
            )}
          </div>
          <KeyUsers at={index} ssid={network.ssid} id={key.id} />
          <OpenGuestKey network={network} at={index} position={position} entry={key} />
          <div className="row">
            <SecretOf network={network} entry={key} />
            <EditButton
              kind="danger"
              label={`Remove key ${key.label ?? key.id}`}
              isDisabled={keys.length === 1}
              onPress={() => replace({ ...doc, networks: doc.networks.with(index, without(network, key.id)) })}
            >
              Remove
            </EditButton>
          </div>
          {problem(`${path}[${position}].id`) && <p className="wrong">{problem(`${path}[${position}].id`)}</p>}
        </div>
      ))}
      {problem(path) && <p className="wrong">{problem(path)}</p>}
      {reason && <p className="hint">{reason}</p>}
      <EditButton
        isDisabled={reason !== undefined}
        onPress={() => replace(addKey(doc, index, { label: "", psk: madeUpPassphrase(webDraw), zone: "guest" }))}
      >
        Add a key
      </EditButton>
      {keys.length > 1 && (
        <p className="hint">WPA3 and 6 GHz use the first key only; devices with another key join by WPA2.</p>
      )}
    </section>
  );
}

function without(network: Network, id: string): Network {
  return { ...network, security: { ...network.security, keys: network.security.keys.filter((key) => key.id !== id) } };
}
