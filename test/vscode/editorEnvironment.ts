/**
 * The environment an editor is started with: this process's own without what an outer editor, npm
 * or shell has put there for itself, and with the given changes (`undefined` takes a name away).
 */
export function editorEnvironment(
  changes: Readonly<Record<string, string | undefined>> = {},
): NodeJS.ProcessEnv {
  const foreign =
    /^(VSCODE_|ELECTRON_|CODE_SERVER_|CS_|npm_|INIT_CWD$|NODE_OPTIONS$|PORT$|PASSWORD$|HASHED_PASSWORD$|LOG_LEVEL$)/;
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!foreign.test(name)) env[name] = value;
  }
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete env[name];
    else env[name] = value;
  }
  return env;
}
