import { useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import { useChange } from "../../api/ask.ts";
import { useMay } from "../../api/use-may.ts";
import { Failure } from "../../ui/failure.tsx";
import type { Device } from "../clients/client-list.ts";

/** The client's name as the page's heading, which can be edited in place. */
export function Nickname({ mac, device }: { readonly mac: string; readonly device: Device | undefined }) {
  const { location = "" } = useParams({ strict: false });
  const change = useChange("PUT /locations/:location/devices/:mac");
  const may = useMay("operator");
  const [typed, setTyped] = useState<string | undefined>();
  const name = device?.name ?? mac;
  const save = (event: FormEvent) => {
    event.preventDefault();
    const nickname = typed?.trim() || null;
    change.mutate({ params: { location, mac }, body: { nickname } }, { onSuccess: () => setTyped(undefined) });
  };
  if (typed === undefined) {
    return (
      <div className="titled">
        <h1>
          <bdi>{name}</bdi>
        </h1>
        <Button
          className="button"
          isDisabled={!may.allowed}
          aria-label={may.reason ? `Rename: ${may.reason}` : `Rename ${name}`}
          onPress={() => {
            change.reset();
            setTyped(device?.nickname ?? "");
          }}
        >
          Rename
        </Button>
      </div>
    );
  }
  return (
    <form className="rename" onSubmit={save}>
      <TextField
        value={typed}
        onChange={setTyped}
        maxLength={64}
        autoFocus
        onKeyDown={(event) => event.key === "Escape" && setTyped(undefined)}
      >
        <Label>Name; empty: none</Label>
        <Input className="input" dir="auto" />
      </TextField>
      <Button type="submit" className="button primary" isDisabled={change.isPending || !may.allowed}>
        Save
      </Button>
      <Button className="button" onPress={() => setTyped(undefined)}>
        Cancel
      </Button>
      <Failure error={change.error} />
    </form>
  );
}
