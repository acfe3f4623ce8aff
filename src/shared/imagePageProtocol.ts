/** The messages between the page that decodes images and its host. Types only. */
export type ToImagePage =
  /** Decode this, draw it no larger than `maxSidePx` and `maxBytes`, and give it back as `type`. */
  | {
      kind: 'convert';
      bytes: Uint8Array;
      mime: string;
      /** How large to draw what is drawn at any size. */
      size?: { width: number; height: number };
      maxSidePx: number;
      maxBytes: number;
      type: 'image/png' | 'image/jpeg' | 'image/webp';
    }
  /** Wait for an image to be pasted. */
  | { kind: 'paste'; hint: string; noImageHint: string };

export type FromImagePage =
  { kind: 'ready' } | { kind: 'image'; bytes: ArrayBuffer; type: string } | { kind: 'failed' };
