// The line that the server puts before static/sw.js.
declare global {
  const BUILD: { readonly version: string; readonly shell: readonly string[] };
}
export {};
