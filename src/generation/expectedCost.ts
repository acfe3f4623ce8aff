import * as vscode from 'vscode';
import { formatUsd } from '../shared/formatUsd.ts';
import { formatCredits } from '../editor/errors/messages.ts';
import { readModels } from '../editor/settings.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import type { Price } from '../evolink/prices.ts';
import { chargeOf } from '../jobs/charge.ts';
import type { Job } from '../jobs/job.ts';
import type { GenerationDeps } from './generationDeps.ts';
import { type ImageRequest, toSpecChoices } from '../requests/imageRequest.ts';

/**
 * What images will cost, in words that say how that is known: by the last image of the same kind, or
 * by the provider's list. Undefined when neither is known.
 */
export function expectedCost(
  { recentJobs, prices }: Pick<GenerationDeps, 'recentJobs' | 'prices'>,
  request: ImageRequest,
): string | undefined {
  const last = lastCharge(recentJobs(), request);
  return costInWords(last, prices.priceOf(request.model), request.count);
}

/** The same for different images together; undefined when the cost of any is not known. */
export function expectedCostOfAll(
  { recentJobs, prices }: Pick<GenerationDeps, 'recentJobs' | 'prices'>,
  requests: readonly ImageRequest[],
): string | undefined {
  const jobs = recentJobs();
  const last = requests.map((request) => (lastCharge(jobs, request) ?? NaN) * request.count);
  const credits = sumOf(last);
  if (Number.isFinite(credits)) return costInWords(credits, undefined, 1);
  const listed = requests.map(({ model, count }) => ({ price: prices.priceOf(model), count }));
  const minUsd = sumOf(listed.map(({ price, count }) => (price?.minUsd ?? NaN) * count));
  const maxUsd = sumOf(listed.map(({ price, count }) => (price?.maxUsd ?? NaN) * count));
  return Number.isFinite(minUsd) && Number.isFinite(maxUsd)
    ? costInWords(undefined, { minUsd, maxUsd }, 1)
    : undefined;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

function costInWords(
  last: number | undefined,
  price: Price | undefined,
  count: number,
): string | undefined {
  if (last !== undefined)
    return fillIn(vscode.l10n.t('about {0} credits, as last time'), formatCredits(last * count));
  if (!price) return undefined;
  const [min, max] = [price.minUsd * count, price.maxUsd * count];
  return fillIn(vscode.l10n.t('{0} USD by the price list'), formatRange(min, max));
}

/** What the same image will cost once more, in the same words. */
export function costOfRepeating(
  { recentJobs, prices }: Pick<GenerationDeps, 'recentJobs' | 'prices'>,
  job: Job,
): string | undefined {
  const known = [job, ...recentJobs()];
  const last = known.find((each) => isCharged(each) && kindOf(each) === kindOf(job));
  return costInWords(last && chargeOf(last), prices.priceOf(job.model), 1);
}

/** Reads the prices anew. Nobody is asked anything before there is a key. */
export async function refreshPrices(
  { apiKey, prices }: Pick<GenerationDeps, 'apiKey' | 'prices'>,
  onRead: () => void,
): Promise<void> {
  const key = await apiKey.read().catch(() => undefined);
  if (key !== undefined) prices.refresh(onRead);
}

function lastCharge(jobs: readonly Job[], request: ImageRequest): number | undefined {
  const kind = kindOf({ ...request, ...toSpecChoices(request, readModels()) });
  const last = jobs.find((job) => isCharged(job) && kindOf(job) === kind);
  return last && chargeOf(last);
}

/** Whether a job says what others of its kind will cost. */
export function isCharged(job: Job): boolean {
  return chargeOf(job) !== undefined;
}

interface Kind {
  model: string;
  size: string;
  quality: string;
  resolution?: string | undefined;
  references: readonly string[];
}

/** Images of one kind cost the same. */
export function kindOf({ model, size, quality, resolution = '', references }: Kind): string {
  return [model, size, quality, resolution, references.length > 0 ? 'edit' : 'new'].join(' ');
}

/** "0.02–0.08", with two significant digits. */
function formatRange(min: number, max: number): string {
  const { language } = vscode.env;
  const [from, to] = [formatUsd(language, min), formatUsd(language, max)];
  return from === to ? from : `${from}–${to}`;
}
