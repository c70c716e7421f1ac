/** Name, passphrase and code by which a phone joins. */

import { useMemo, useState } from "react";
import { Button } from "react-aria-components";
import { queries, question } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import type { Doc, Key, Network } from "./doc.ts";
import { keyName } from "./edits.ts";
import { useEditing, useVersion } from "./use-edit.ts";
import { qrPath, wifiText } from "./wifi-text.ts";
import { isPending } from "./work.ts";

interface JoinCodeProps {
  readonly ssid: string;
  readonly psk: string;
  readonly hidden: boolean;
  /** It opens nothing yet: there is no code to be scanned. */
  readonly isPending?: boolean;
}

export function JoinCode({ ssid, psk, hidden, isPending = false }: JoinCodeProps) {
  const code = useMemo(() => qrPath(wifiText({ ssid, psk, hidden })), [ssid, psk, hidden]);
  return (
    <div className="join">
      {isPending ? (
        <p className="warn">Nobody can join with this yet: the QR code is here once the change is applied.</p>
      ) : (
        <svg viewBox={`0 0 ${code.size} ${code.size}`} role="img" aria-label={`QR code for joining ${ssid}`}>
          <rect className="qr-light" width="100%" height="100%" />
          <path className="qr-dark" d={code.path} />
        </svg>
      )}
      <dl>
        <dt>Network</dt>
        <dd>
          <bdi>{ssid}</bdi>
        </dd>
        <dt>Passphrase</dt>
        <dd>
          <code>
            <bdi>{psk}</bdi>
          </code>{" "}
          <CopyButton text={psk} what={`passphrase of ${ssid}`} />
        </dd>
      </dl>
    </div>
  );
}

function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [state, setState] = useState<"copied" | "failed">();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      // Browsers give no clipboard to pages that come without TLS from elsewhere than the own machine, or where it was forbidden.
      setState("failed");
    }
  };
  return (
    <>
      <Button className="button small" aria-label={`Copy the ${what}`} onPress={() => void copy()}>
        Copy
      </Button>{" "}
      <span role="status" className="soft">
        {state === "copied"
          ? "Copied."
          : state === "failed"
            ? "The browser does not let it be copied: select it by hand."
            : ""}
      </span>
    </>
  );
}

type Shown = { readonly psk: string } | { readonly error: unknown } | { readonly reading: true } | undefined;

/** Undefined: it is not read yet, and then it is taken to be so. */
function hasKey(document: Doc | undefined, ssid: string, key: string): boolean {
  return (
    document?.networks.some((each) => each.ssid === ssid && each.security.keys.some(({ id }) => id === key)) ?? true
  );
}

/** Passphrase and code, on demand: what was typed here at once, else from the cloud, for who may see it. */
export function SecretOf({ network, entry }: { readonly network: Network; readonly entry: Key }) {
  const { location, work, isAdmin, locked, versions, applied } = useEditing();
  const [shown, setShown] = useState<Shown>();
  const isDraft = versions[0]?.state === "draft";
  const holds = useVersion(location, isDraft ? (applied ?? undefined) : undefined);
  const isHeld = !isDraft || (applied !== null && hasKey(holds.data?.document, network.ssid, entry.id));
  const pending = !isHeld || isPending(work, keyName(network.ssid, entry.id), entry.psk);
  const here = entry.psk ?? work?.typed.get(keyName(network.ssid, entry.id));
  if (here === undefined && !isAdmin) return <span className="soft">Only an admin can see this passphrase.</span>;
  const show = async () => {
    if (here !== undefined) return setShown({ psk: here });
    if (work?.from == null) return;
    setShown({ reading: true });
    try {
      const call = { params: { location, version: work.from }, query: { secrets: true } };
      // Asked for anew each time, and kept nowhere.
      const asked = question("GET /locations/:location/versions/:version", call);
      const { document } = await queries.fetchQuery({ ...asked, staleTime: 0, gcTime: 0, retry: false });
      const keys = document.networks.find(({ ssid }) => ssid === network.ssid)?.security.keys;
      const psk = keys?.find(({ id }) => id === entry.id)?.psk;
      setShown(psk == null ? { error: new Error("The cloud has no passphrase for this key yet.") } : { psk });
    } catch (error) {
      setShown({ error });
    }
  };
  const isShown = shown !== undefined && "psk" in shown;
  return (
    <div className="secret">
      <Button
        className="button"
        aria-expanded={isShown}
        aria-label={`${isShown ? "Hide" : "Show"} passphrase${pending ? "" : " and QR code"} of ${entry.label ?? entry.id}`}
        isDisabled={locked !== undefined && here === undefined && !isAdmin}
        onPress={() => (isShown ? setShown(undefined) : void show())}
      >
        {isShown ? "Hide" : pending ? "Show passphrase" : "Show passphrase and QR code"}
      </Button>
      {shown && "reading" in shown && <span className="soft"> reading …</span>}
      {shown && "error" in shown && <Failure error={shown.error} />}
      {isShown && <JoinCode ssid={network.ssid} psk={here ?? shown.psk} hidden={network.hidden} isPending={pending} />}
    </div>
  );
}
