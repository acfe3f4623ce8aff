import { textPath, textWidth } from './glyphText.ts';
import type { Subject } from './subject.ts';
import { wrapText } from './wrapText.ts';

const maxLines = 3;

/** The small line: the task, and what it was made from. */
function detailOf({ referenceCount, taskId }: Subject): string {
  if (referenceCount === 0) return taskId;
  const noun = referenceCount === 1 ? 'reference' : 'references';
  return `${taskId}  ·  from ${String(referenceCount)} ${noun}`;
}

/** A dark strip along the bottom with the prompt, and the task below it. */
export function drawCaption(subject: Subject): string {
  const { width, height, prompt } = subject;
  const size = Math.round(Math.min(width, height) / 32);
  const margin = size * 1.6;
  const lines = wrapText(prompt, size, width - margin * 2, maxLines);
  const lineHeight = size * 1.36;
  const detailSize = Math.round(size * 0.5);
  const bandHeight = size * 2.05 + lines.length * lineHeight + detailSize;
  const top = height - bandHeight;
  const prompts = lines.map((line, index) =>
    textPath(line, margin, top + size * 1.9 + index * lineHeight, size),
  );
  const label = `${String(width)} × ${String(height)}`;
  const baseLine = height - size * 0.85;
  const detail = textPath(detailOf(subject), margin, baseLine, detailSize);
  const labelLeft = width - margin - textWidth(label, detailSize);
  return `<linearGradient id="band" x1="0" y1="0" x2="0" y2="1">
<stop offset="0" stop-color="#05070c" stop-opacity="0"/><stop offset="0.32" stop-color="#05070c" stop-opacity="0.62"/>
<stop offset="1" stop-color="#05070c" stop-opacity="0.84"/></linearGradient>
<rect y="${String(top - size * 1.5)}" width="${String(width)}" height="${String(bandHeight + size * 1.5)}" fill="url(#band)"/>
<path d="${prompts.join(' ')}" fill="#ffffff" fill-rule="evenodd"/>
<path d="${detail} ${textPath(label, labelLeft, baseLine, detailSize)}" fill="#ffffff" fill-opacity="0.66" fill-rule="evenodd"/>`;
}
