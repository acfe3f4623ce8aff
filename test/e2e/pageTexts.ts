import type { Frame } from 'playwright-core';

/** A text of a page, and what has it. */
export interface PageText {
  place: string;
  text: string;
}

/** All texts that a page shows or that are read aloud, without the values of its fields. */
export async function pageTexts(frame: Frame): Promise<PageText[]> {
  return await frame.evaluate(() => {
    const readAloud = ['aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext'];
    const attributes = [...readAloud, 'title', 'placeholder', 'alt', 'label'];
    const found: { place: string; text: string }[] = [];
    const add = (element: Element, what: string, text: string | null | undefined): void => {
      const place = `${element.localName}${element.className ? '.' : ''}${element.className}`;
      const trimmed = text?.trim() ?? '';
      if (trimmed !== '') found.push({ place: `${place} ${what}`, text: trimmed });
    };
    const visit = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.matches('style, script')) continue;
        for (const name of attributes) add(element, name, element.getAttribute(name));
        for (const node of element.childNodes)
          if (node.nodeType === Node.TEXT_NODE) add(element, 'text', node.textContent);
        for (const pseudo of ['::before', '::after'] as const) {
          const quoted = /^"([^"]*)"$/.exec(getComputedStyle(element, pseudo).content);
          add(element, pseudo, quoted?.[1]);
        }
        if (element.shadowRoot) visit(element.shadowRoot);
      }
    };
    visit(document);
    return found;
  });
}
