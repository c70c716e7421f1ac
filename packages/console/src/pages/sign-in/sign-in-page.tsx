import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import { queries, question, useChange } from "../../api/ask.ts";
import { Failure } from "../../ui/failure.tsx";

export function SignInPage() {
  const { to = "/" } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const signIn = useChange("POST /session");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate(
      { body: { name, password } },
      {
        onSuccess: (me) => {
          queries.clear();
          queries.setQueryData(question("GET /session", {}).queryKey, me);
          void navigate({ to });
        },
      },
    );
  };
  return (
    <main className="sign-in">
      <img src="/icon.svg" alt="" width="48" height="48" />
      <h1>Sign in to OpenSync</h1>
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
          Sign in
        </Button>
      </form>
      <p className="hint">
        On the cloud's own machine, <code>npx opensync cloud ctl link</code> prints a link that signs you in.
      </p>
    </main>
  );
}
