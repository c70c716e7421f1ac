import { useLocation, useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useEffectEvent, useRef, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import { queries, question, useChange } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";
import { edits } from "../change/work-store.ts";
import { codeIn } from "./sign-in.ts";

/** By name and password, or by the code of a link, which is tried at once. */
export function SignInPage() {
  const { to = "/", ended } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const signIn = useChange("POST /session");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const send = (body: Parameters<typeof signIn.mutate>[0]["body"]) =>
    signIn.mutate(
      { body },
      {
        onSuccess: (me) => {
          queries.clear();
          edits.belongTo(me.actor);
          queries.setQueryData(question("GET /session", {}).queryKey, me);
          void navigate({ to, replace: true });
        },
      },
    );
  useLink((code) => send({ code }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send({ name, password });
  };
  const isByLink = signIn.isPending && signIn.variables?.body?.code !== undefined;
  return (
    <main className="sign-in">
      <img src="/icon.svg" alt="" width="48" height="48" />
      <h1>Sign in to OpenSync</h1>
      {ended && signIn.isIdle && <p role="status">Your session is over. Sign in again to go on where you were.</p>}
      <form onSubmit={submit}>
        <TextField value={name} onChange={setName} isRequired autoComplete="username" autoFocus>
          <Label>Name</Label>
          <Input className="input" />
        </TextField>
        <TextField value={password} onChange={setPassword} isRequired type="password" autoComplete="current-password">
          <Label>Password</Label>
          <Input className="input" />
        </TextField>
        <Failure error={signIn.error} />
        <Button type="submit" className="button primary" isDisabled={signIn.isPending}>
          {isByLink ? "Signing in by the link …" : signIn.isPending ? "Signing in …" : "Sign in"}
        </Button>
      </form>
      <p className="hint">
        On the cloud's own machine, <code>npx opensync cloud ctl link</code> prints a link that signs you in.
      </p>
    </main>
  );
}

/** Takes the code of a link out of the address, and hands it on once. */
function useLink(onCode: (code: string) => void): void {
  const { hash } = useLocation();
  const navigate = useNavigate();
  const taken = useRef("");
  const take = useEffectEvent((code: string) => {
    void navigate({ to: ".", search: true, hash: "", replace: true });
    if (taken.current === code) return;
    taken.current = code;
    onCode(code);
  });
  useEffect(() => {
    const code = codeIn(hash);
    if (code !== undefined) take(code);
  }, [hash]);
}
