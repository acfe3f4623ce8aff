import { fill, formatNumber } from '../format.ts';
import { locale, messages } from '../pageMessages.ts';

export function creditMessage(count: number): string {
  return fill(count === 1 ? messages.oneCredit : messages.credits, formatNumber(locale, count));
}
