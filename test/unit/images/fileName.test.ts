import assert from 'node:assert/strict';
import {
  defaultNameTemplate,
  exactName,
  fileNameOf,
  type NameFacts,
  nameVariables,
  numberedName,
  shortenedBase,
  slugOf,
  unknownVariables,
} from '../../../src/images/fileName.ts';

const facts: NameFacts = {
  prompt: 'A red fox, in the snow!',
  taskId: 'task-unified-1757156493-imcg5zqt',
  jobId: '0d9f3c1e-0000-4000-8000-000000000001',
  model: 'gpt-image-1.5-lite',
  size: '1024x1536',
  quality: 'high',
  variation: 2,
  at: new Date(2026, 0, 5, 7, 8, 9),
};
const named = (template: string, more: Partial<NameFacts> = {}) =>
  fileNameOf(template, { ...facts, ...more });
const bytesOf = (text: string) => Buffer.byteLength(text);

describe('a hostile template', () => {
  // Each took seconds, or gave a name that no disk takes.
  for (const template of [' '.repeat(100_000), '${prompt}'.repeat(10_000), '-'.repeat(100_000)]) {
    it(`names a file all the same: ${template.slice(0, 10)}…`, () => {
      const name = named(template, { prompt: 'x'.repeat(100_000), model: ' '.repeat(100_000) });
      assert.ok(name !== '' && bytesOf(name) <= 120, name);
    });
  }

  it('leaves an exact name room for its extension', () => {
    for (const name of ['x'.repeat(300), '\u4e2d'.repeat(100), '\u0301'.repeat(5_000)])
      for (const isWindows of [false, true]) {
        const exact = exactName(name, isWindows);
        assert.ok(exact !== '' && bytesOf(exact) <= 250 && exact.isWellFormed());
        assert.ok(name.normalize('NFC').startsWith(exact));
      }
    assert.equal(exactName('\u4e2d'.repeat(80), false), '\u4e2d'.repeat(80));
  });
});

describe('a template', () => {
  const values: Record<string, string> = {
    promptSlug: 'a-red-fox-in-the-snow',
    prompt: 'A red fox, in the snow!',
    taskId: 'task-unified-1757156493-imcg5zqt',
    jobId: '0d9f3c1e-0000-4000-8000-000000000001',
    model: 'gpt-image-1.5-lite',
    size: '1024x1536',
    quality: 'high',
    n: '2',
    date: '2026-01-05',
    time: '07-08-09',
  };
  for (const [variable, value] of Object.entries(values)) {
    it(`has \${${variable}}`, () => {
      assert.equal(named(`\${${variable}}`), value);
    });
  }

  it('has no other variables than these', () => {
    assert.deepEqual(nameVariables.toSorted(), Object.keys(values).toSorted());
  });

  it('is the words of the prompt unless told otherwise', () => {
    assert.equal(named(defaultNameTemplate), 'a-red-fox-in-the-snow');
  });

  it('mixes variables and text', () => {
    assert.equal(named('${date} fox ${n}-${size}'), '2026-01-05 fox 2-1024x1536');
  });

  it('spells a ratio so that it can stand in a name', () => {
    assert.equal(named('${size}', { size: '3:2' }), '3x2');
  });

  it('does not take a variable out of a prompt', () => {
    assert.equal(named('${prompt}', { prompt: 'say ${taskId}' }), 'say ${taskId}');
  });

  for (const name of [
    'unknown',
    'toString',
    'constructor',
    '__proto__',
    'hasOwnProperty',
    'Date',
  ]) {
    it(`leaves \${${name}} as it is, and tells that it does not exist`, () => {
      assert.equal(named(`x\${${name}}`), `x\${${name}}`);
      assert.deepEqual(unknownVariables(`\${date}\${${name}}`), [name]);
    });
  }

  it('tells of no variable that exists', () => {
    const all = nameVariables.map((name) => `\${${name}}`).join('');
    assert.deepEqual(unknownVariables(all), []);
  });
});

describe('a file name', () => {
  const reserved = ['con', 'CON', 'prn', 'aux', 'nul', 'com1', 'COM9', 'lpt1', 'Lpt9', 'com¹'];
  for (const prompt of reserved) {
    it(`is not "${prompt}", which Windows keeps for itself`, () => {
      for (const template of [
        '${promptSlug}',
        '${prompt}',
        '-${prompt}-',
        '.${prompt}',
        '${prompt} .',
      ]) {
        const name = named(template, { prompt });
        assert.doesNotMatch(name, /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])$/i);
        assert.doesNotMatch(name, /^[\s.]|[\s.]$/);
        assert.ok(name.toLowerCase().includes(prompt.slice(0, 3).toLowerCase()));
      }
    });
  }

  const written: [string, string, string][] = [
    ['slashes', 'a/b\\c', 'a-b-c'],
    ['what Windows forbids', '<a>:"b"|c?*', 'a-b-c'],
    ['a way up', '../../etc/passwd', 'etc-passwd'],
    ['dots', '..', 'image'],
    ['dots and spaces at the ends', ' .a. ', 'a'],
    ['line breaks', 'a\nb\r\nc\td', 'a b c d'],
    ['a zero byte', 'a\0b', 'a-b'],
    ['marks that turn the direction of writing', 'fox\u202egnp.exe', 'fox-gnp.exe'],
    ['marks of direction', 'a\u200fb\u2066c\u2069', 'a-b-c'],
    ['a byte order mark', '\ufeffa', 'a'],
    ['emoji', '🦊 and 🐔', '🦊 and 🐔'],
    ['a family of emoji, joined', '👨‍👩‍👧', '👨‍👩‍👧'],
    ['decomposed letters', 'cafe\u0301', 'caf\u00e9'],
    ['Chinese', '雪中的红狐', '雪中的红狐'],
    ['Arabic', 'ثعلب أحمر', 'ثعلب أحمر'],
    ['nothing', '', 'image'],
    ['blanks', ' \n ', 'image'],
    ['only signs', '-.-', 'image'],
  ];
  for (const [what, prompt, name] of written) {
    it(`is legal when a prompt has ${what}`, () => {
      assert.equal(named('${prompt}', { prompt }), name);
    });
  }

  // What cannot be seen, and a word behind it.
  const unseen: [string, string][] = [
    ['a selector of an emoji', '\ufe0f'],
    ['a selector of a text sign', '\ufe0e'],
    ['a selector of an ideograph', '\u{e0100}'],
    ['a joiner', '\u200d'],
    ['a blank of no width', '\u200b'],
    ['a byte order mark', '\ufeff'],
    ['a soft hyphen', '\u00ad'],
    ['a mark of direction', '\u202e'],
    ['an accent without its letter', '\u0301'],
    ['a tag', '\u{e0067}'],
    ['a joiner of graphemes', '\u034f'],
    ['a Hangul filler', '\u3164'],
    ['a Braille blank', '\u2800'],
    ['a keycap without its key', '\u20e3'],
    ['an invisible multiplication', '\u2062'],
    ['a control character', '\u0007'],
    ['a Mongolian selector', '\u180b'],
  ];
  for (const [what, char] of unseen)
    it(`neither is nor begins with ${what}`, () => {
      for (const template of ['${promptSlug}', '${prompt}', `${char}\${promptSlug}`]) {
        for (const prompt of [char, `${char} ${char}`, `${char}${char}.`])
          assert.equal(named(template, { prompt }), 'image', JSON.stringify(prompt));
        for (const prompt of [`${char}fox`, `${char} fox`, ` ${char}.fox${char}`])
          assert.match(named(template, { prompt }), /^fox/, JSON.stringify(prompt));
      }
    });

  const emoji: [string, string, string][] = [
    ['☀️', '☀️', 'image'],
    ['❤️ heart', '❤️ heart', 'heart'],
    ['fox ❤️', 'fox ❤️', 'fox'],
    ['1️⃣ fox', '1️⃣ fox', '1\u20e3-fox'],
    ['🇨🇭 fox', '🇨🇭 fox', 'fox'],
    ['❤️\u200d🔥 love', '❤️\u200d🔥 love', 'love'],
    ['लाल ❤️ लोमड़ी', 'लाल ❤️ लोमड़ी'.normalize('NFC'), 'लाल-लोमड़ी'.normalize('NFC')],
  ];
  for (const [prompt, whole, slug] of emoji)
    it(`is ${whole}, or its words ${slug}, for ${prompt}`, () => {
      assert.equal(named('${prompt}', { prompt }), whole);
      assert.equal(named('${promptSlug}', { prompt }), slug);
    });

  const scripts = ['x', '狐', '🦊', 'é', 'ع', '👨‍👩‍👧', '\ud83e'];
  for (const char of scripts) {
    it(`has at most 120 bytes and whole characters of ${JSON.stringify(char)}`, () => {
      const prompt = char.repeat(500);
      const templates = ['${prompt}', '${promptSlug}', prompt, `\${date}-${prompt}\${prompt}`];
      for (const template of templates) {
        const name = named(template, { prompt });
        assert.ok(bytesOf(name) <= 120, `${String(bytesOf(name))} bytes`);
        assert.ok(name.isWellFormed(), JSON.stringify(name));
        assert.notEqual(name, '');
      }
    });
  }

  it('cuts no character in two where a prompt is shortened', () => {
    for (let offset = 0; offset < 4; offset += 1) {
      const prompt = 'x'.repeat(56 + offset) + '🦊🦊🦊🦊';
      assert.ok(named('${prompt}', { prompt }).isWellFormed());
    }
  });

  it('leaves room for a number and an extension', () => {
    const name = named('x'.repeat(999));
    assert.ok(bytesOf(`.${numberedName(name, 99_999)}.webp.part`) < 255);
  });
});

describe('the words of a prompt', () => {
  const cases: [string, string, string][] = [
    ['small letters, joined by hyphens', 'A Red FOX', 'a-red-fox'],
    ['without punctuation', '“Fox”, (red) — snow… & ice!', 'fox-red-snow-ice'],
    ['with digits', '3 foxes at 5pm', '3-foxes-at-5pm'],
    ['in Chinese', '雪中的，红狐。', '雪中的-红狐'],
    ['in Hindi, with its vowel signs', 'लाल लोमड़ी', 'लाल-लोमड़ी'.normalize('NFC')],
    ['in German', 'Über den Fluß', 'über-den-fluß'],
    ['without emoji', 'a 🦊 fox', 'a-fox'],
    ['or "image" when there are none', '🦊 … !!', 'image'],
    ['or "image" for no prompt', '', 'image'],
  ];
  for (const [what, prompt, slug] of cases) {
    it(`are written ${what}`, () => {
      assert.equal(slugOf(prompt), slug);
    });
  }

  it('end with a whole word within sixty characters', () => {
    const slug = slugOf('word '.repeat(100));
    assert.equal(slug, Array<string>(12).fill('word').join('-'));
  });

  it('are cut when the first of them is longer than that', () => {
    assert.equal(slugOf('x'.repeat(100)), 'x'.repeat(60));
    assert.equal(slugOf('狐'.repeat(100)), '狐'.repeat(60));
    assert.equal(slugOf('𠮷'.repeat(100)), '𠮷'.repeat(60));
  });
});

describe('a name that is taken', () => {
  it('gets a number from the second try on', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 100].map((attempt) => numberedName('fox', attempt)),
      ['fox', 'fox', 'fox-2', 'fox-3', 'fox-100'],
    );
  });
});

describe('a name of a file that stands in a template', () => {
  const edited = (name: string) => named(`${shortenedBase(name)}.edit`);

  const longNames: [string, string][] = [
    ['letters', 'x'.repeat(255)],
    ['Chinese', '狐'.repeat(85)],
    ['emoji', '🦊'.repeat(63)],
    ['families of emoji', '👨‍👩‍👧'.repeat(14)],
    ['flags', '🇨🇭'.repeat(31)],
    ['combining marks', 'q\u0323\u0307'.repeat(51)],
    ['letters as macOS keeps them', 'e\u0301'.repeat(85)],
    ['syllables as macOS keeps them', '한'.normalize('NFD').repeat(28)],
    ['halves of emoji', 'x\ud83e'.repeat(63)],
    ['marks without end', `x${'\u0301\u0323'.repeat(63)}`],
    ['what grows when it is composed', '\u0958'.repeat(85)],
  ];
  for (const [what, name] of longNames)
    it(`leaves room for what the template says, when it is long, of ${what}`, () => {
      const base = shortenedBase(name);
      assert.ok(bytesOf(base) <= 100, `${String(bytesOf(base))} bytes`);
      // As much as there is room for.
      assert.ok(bytesOf(base) > 80, `${String(bytesOf(base))} bytes`);
      assert.ok(base.isWellFormed());
      assert.ok(name.toWellFormed().normalize('NFC').startsWith(base));
      assert.match(edited(name), /[^.]\.edit$/);
    });

  it('is cut between characters as a user counts them', () => {
    for (let before = 0; before < 20; before += 1)
      for (const char of ['👨‍👩‍👧', '🇨🇭', 'q\u0323\u0307', '👍🏽', '한', '狐'].map((c) =>
        c.normalize('NFC'),
      )) {
        const base = shortenedBase('x'.repeat(before) + char.repeat(60));
        assert.equal(base.slice(before).replaceAll(char, ''), '');
      }
  });

  it('is as it was when it is short enough', () => {
    const names = [
      'fox',
      'fox.',
      ' fox ',
      '',
      'x'.repeat(100),
      `${'狐'.repeat(33)}x`,
      '🦊'.repeat(25),
    ];
    for (const name of names) assert.equal(shortenedBase(name), name);
  });

  it('has as many bytes as are allowed, and no blank at its end', () => {
    assert.equal(shortenedBase('x'.repeat(101)), 'x'.repeat(100));
    assert.equal(shortenedBase('🦊🦊🦊', 9), '🦊🦊');
    assert.equal(shortenedBase('a red fox', 6), 'a red');
  });
});

describe('a name as it was asked for', () => {
  it('stays as it is where it is legal', () => {
    for (const name of ['A Fox.v2', '.hidden', 'x'.repeat(150)]) {
      assert.equal(exactName(name, true), name);
      assert.equal(exactName(name, false), name);
    }
    assert.equal(exactName('fox:red', false), 'fox:red');
  });

  it('is no stream of another file and no device on Windows', () => {
    assert.equal(exactName('fox:red', true), 'fox-red');
    assert.notEqual(exactName('con', true), 'con');
  });
});
