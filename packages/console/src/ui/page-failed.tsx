import type { ErrorComponentProps } from "@tanstack/react-router";
import { Button } from "react-aria-components";
import { Failure } from "./failure.tsx";

/** In the place of a page that could not be shown. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  return (
    <main className="notice">
      <h1>This page cannot be shown</h1>
      <Failure error={error} />
      <Button className="button" onPress={() => reset()}>
        Try again
      </Button>
    </main>
  );
}
