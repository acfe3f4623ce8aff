/**
 * The environment an editor is started with: this process's own without what an outer editor, npm
 * or shell has put there for itself, and with the given changes (`undefined` takes a name away).
 */
export function editorEnvironment(
  changes: Readonly<Record<string, string | undefined>> = {},
): NodeJS.ProcessEnv {
  const foreign =
    /^(VSCODE_|ELECTRON_|CODE_SERVER_|CS_|npm_|INIT_CWD$|NODE_OPTIONS$|PORT$|PASSWORD$|HASHED_PASSWORD$|LOG_LEVEL$)/;
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const all = Object.entries({ ...Object.fromEntries(own), ...changes });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}
