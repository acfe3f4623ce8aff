import { keyProblem } from '../editor/apiKey.ts';
import { askForApiKey } from '../editor/askForApiKey.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { RequestError } from '../requests/requestError.ts';
import type { CommandDeps } from './commandDeps.ts';

/** Asks for the key, or takes the one given. @returns whether there is one now. */
export async function setApiKey(
  { apiKey, engine }: CommandDeps,
  given?: unknown,
): Promise<boolean> {
  if (given === undefined) return await askForApiKey(apiKey, engine);
  if (typeof given !== 'string')
    throw new RequestError({ kind: 'option', field: 'key', problem: 'text' });
  const problem = keyProblem(given);
  if (problem !== undefined) throw new LocalizedError('badRequest', problem);
  await apiKey.store(given);
  engine.connectionChanged();
  return true;
}
