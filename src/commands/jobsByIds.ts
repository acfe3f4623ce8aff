import * as v from 'valibot';
import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import type { Engine } from '../jobs/engine.ts';
import type { Job } from '../jobs/job.ts';

/** More than anybody orders for one line of a text. */
const maxIds = 1_000;
const idsSchema = v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.minLength(1));

/** The jobs that a command is given by their ids. @throws LocalizedError `badRequest` */
export function jobsByIds({ get }: Pick<Engine, 'get'>, given: readonly unknown[]): Job[] {
  if (given.length > maxIds)
    throw new LocalizedError(
      'badRequest',
      fillIn(vscode.l10n.t('At most {0} images can be named at once.'), maxIds),
    );
  const ids = v.safeParse(idsSchema, given);
  const jobs = ids.success ? ids.output.map(get) : [];
  const known = jobs.filter((job) => job !== undefined);
  if (known.length === 0 || known.length < jobs.length)
    throw new LocalizedError('badRequest', vscode.l10n.t('There is no image with this id.'));
  return known;
}
