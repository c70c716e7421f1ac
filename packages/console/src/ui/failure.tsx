import { CloudError } from "@opensync-ts/cloud-client/errors";

/** Why something could not be read or done, in one line, with what is wrong where. */
export function Failure({ error }: { readonly error: unknown }) {
  if (!error) return null;
  const failure = error instanceof CloudError ? error.failure : undefined;
  const message = error instanceof Error ? error.message : String(error);
  // What the line says already is not said twice.
  const fields = (failure?.fields ?? []).filter(({ reason }) => !message.endsWith(reason));
  return (
    <div className="failure" role="alert">
      <p>{message}</p>
      {fields.length > 0 && (
        <ul>
          {fields.map(({ path, reason }) => (
            <li key={`${path} ${reason}`}>
              <code>{path.replace(/^body\.(document\.)?/, "")}</code> {reason}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
