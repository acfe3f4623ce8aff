import { cancelled } from '../../../src/appError.ts';
import { ConversionError } from '../../../src/images/convert/conversionError.ts';
import type { Converter } from '../../../src/images/convert/converter.ts';
import { sha256Of } from './disk.ts';
import type { Chance } from '../chance.ts';
import { convertedOf } from './resultImage.ts';
import type { SimWindow } from './simWindow.ts';

/** What a conversion meets: it is refused, takes as long as one may, or ends its whole process. */
export type EncoderFault = 'fails' | 'isSlow' | 'kills';

/** As the thread of a conversion is to who asks. */
export function createSimConverter(
  window: SimWindow,
  chance: Chance,
  faultOf: () => EncoderFault | undefined,
): Converter {
  return {
    convert({ bytes }, signal) {
      const fault = faultOf();
      const takesMs = fault === 'isSlow' ? 60_000 : chance.between(50, 3_000);
      const done = window.answer(takesMs, () => {
        if (fault === 'kills') window.kill('the encoder');
        window.requireAlive();
        if (fault === 'fails') throw new ConversionError('undecodable');
        if (fault === 'isSlow' && chance.isHit(0.5)) throw new ConversionError('tooSlow');
        const image = convertedOf(sha256Of(Buffer.from(bytes)));
        const facts = { sha256: sha256Of(image), width: 8, height: 8 };
        return { images: [{ ...facts, bytes: image }], losesProvenance: false };
      });
      return new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(cancelled()), { once: true });
        done.then(resolve, reject);
      });
    },
  };
}
