import { Link } from "@tanstack/react-router";

export function NotFound() {
  return (
    <main className="notice">
      <h1>There is no such page</h1>
      <p>
        <Link to="/">To the locations</Link>
      </p>
    </main>
  );
}
