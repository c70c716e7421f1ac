import { useState } from "react";
import { Button, FieldError, Input, Label, TextField } from "react-aria-components";
import { useAsk, useChange } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { serialProblem } from "./checks.ts";
import { useEditing } from "./use-edit.ts";

interface ClaimFormProps {
  /** Ids of the nodes that are at home, by their serial number. */
  readonly known: ReadonlyMap<string, string>;
}

export function ClaimForm({ known }: ClaimFormProps) {
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
  const typed = serial.trim();
  const own = known.get(typed);
  const unusable =
    serialProblem(typed) ?? (own === undefined ? undefined : `This is ${own}, which is at home already.`);
  const isReady = typed !== "" && unusable === undefined;
  // What was not typed has failed in the list below.
  const wrong = unusable ?? (claim.error && typed !== "" ? `Not claimed: ${claim.error.message}.` : undefined);
  const waiting = (callers.data?.items ?? []).filter(({ serialNumber, id }) => serialNumber ?? id);
  return (
    <section className="card" aria-label="Claim a node">
      <h2>Add a node</h2>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) take(typed);
        }}
      >
        <TextField
          className="field"
          value={serial}
          onChange={(text) => {
            claim.reset();
            setSerial(text);
          }}
          isInvalid={wrong !== undefined}
          validationBehavior="aria"
          isDisabled={locked !== undefined}
          autoComplete="off"
        >
          <Label>Serial number (on its label)</Label>
          <Input className="input" />
          <FieldError className="wrong">{wrong}</FieldError>
        </TextField>
        <Button
          type="submit"
          className="button primary"
          isDisabled={locked !== undefined || !isReady || claim.isPending}
        >
          Claim it
        </Button>
      </form>
      <Failure error={callers.error ?? (typed === "" ? claim.error : null)} />
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
