import { fill, formatNumber } from './format.ts';
import { locale, words } from './pageWords.ts';

export function creditWords(count: number): string {
  return fill(count === 1 ? words.oneCredit : words.credits, formatNumber(locale, count));
}
