import { fill, formatNumber } from '../format.ts';
import { locale, words } from '../pageMessages.ts';

export function creditWords(count: number): string {
  return fill(count === 1 ? words.oneCredit : words.credits, formatNumber(locale, count));
}
