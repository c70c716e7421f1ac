/** What a browser opens. One that listens on all addresses is reached on the loopback address. */
export function signInAddress(url: string, code: string): string {
  return `${url.replace(/\/\/(0\.0\.0\.0|\[::\])(?=[:/]|$)/, "//127.0.0.1")}/sign-in#code=${code}`;
}
