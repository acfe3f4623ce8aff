/** The colours of an image and its landscape: from words of the prompt, else from its hash. */

export type Land = 'hills' | 'peaks' | 'forest' | 'dunes' | 'water';

export interface Palette {
  /** From the zenith down to the horizon. */
  readonly sky: readonly [string, string, string];
  readonly sun: string;
  /** The farthest and the nearest ridge. */
  readonly far: string;
  readonly near: string;
  readonly isNight?: boolean;
  readonly isSnowy?: boolean;
}

const palettes = {
  dawn: { sky: ['#5b6fa8', '#e0a4a8', '#fbe0c3'], sun: '#fff3d6', far: '#c99aa6', near: '#3b2f4d' },
  sunset: {
    sky: ['#3a2a5c', '#d8586b', '#ffc27a'],
    sun: '#fff0c2',
    far: '#c4657a',
    near: '#261a38',
  },
  night: {
    sky: ['#070d24', '#16274f', '#3f5b8a'],
    sun: '#f2f4e6',
    far: '#34507f',
    near: '#060b1c',
    isNight: true,
  },
  snow: {
    sky: ['#6f93b8', '#b6cfe0', '#f1f3ef'],
    sun: '#fffdf2',
    far: '#c3d4e2',
    near: '#4a6787',
    isSnowy: true,
  },
  meadow: {
    sky: ['#4f9cc9', '#a9d6e0', '#f4f1d0'],
    sun: '#fffbe0',
    far: '#a9c9a4',
    near: '#1f4a3c',
  },
  autumn: {
    sky: ['#7a8fa6', '#e3c7a0', '#fbe8c8'],
    sun: '#fff4d8',
    far: '#d3a070',
    near: '#4a2320',
  },
  desert: {
    sky: ['#4d86a8', '#e9c79c', '#fde9c4'],
    sun: '#fffaf0',
    far: '#e2b383',
    near: '#7a3b2a',
  },
  lagoon: {
    sky: ['#1f6f8b', '#7cc4c0', '#f6efd2'],
    sun: '#fffbe6',
    far: '#7fb5b0',
    near: '#0d3b4a',
  },
  lilac: {
    sky: ['#5a5295', '#b79ad0', '#f6dbe0'],
    sun: '#fff6ec',
    far: '#a996c8',
    near: '#2a2450',
  },
  storm: {
    sky: ['#2f3e4e', '#71879a', '#d7dcd6'],
    sun: '#f7f5ea',
    far: '#8799a5',
    near: '#18222c',
  },
} as const satisfies Record<string, Palette>;

type PaletteName = keyof typeof palettes;

const moods: readonly (readonly [RegExp, PaletteName])[] = [
  [/snow|winter|\bice\b|frost|arctic|雪|冬|冰/i, 'snow'],
  [/night|moon|stars?\b|midnight|space|夜|月|星/i, 'night'],
  [/sunset|dusk|evening|glow|日落|黄昏|傍晚/i, 'sunset'],
  [/sunrise|dawn|morning|日出|清晨|黎明/i, 'dawn'],
  [/desert|sand|dune|camel|沙/i, 'desert'],
  [/autumn|fox|leaves|harvest|秋|狐/i, 'autumn'],
  [/storm|rain|fog|mist|雨|雾|风暴/i, 'storm'],
  [/\bsea\b|ocean|beach|lagoon|island|海|岛/i, 'lagoon'],
  [/lavender|violet|purple|dream|紫|梦/i, 'lilac'],
  [/meadow|garden|spring|grass|草|春|花/i, 'meadow'],
];

const lands: readonly (readonly [RegExp, Land])[] = [
  [/\bsea\b|ocean|\blake|river|beach|lagoon|island|\bboat|\bwater\b|海|湖|河|船/i, 'water'],
  [/desert|sand|dune|camel|沙/i, 'dunes'],
  [/forest|tree|pine|wood|fox|deer|bear|森|林|树|狐/i, 'forest'],
  [/mountain|peak|alp|cliff|summit|山/i, 'peaks'],
];

const paletteNames = Object.keys(palettes) as PaletteName[];
const landNames: readonly Land[] = ['hills', 'peaks', 'forest', 'dunes', 'water'];

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

export function paletteOf(prompt: string, random: () => number): Palette {
  const fromHash = pick(paletteNames, random);
  return palettes[moods.find(([words]) => words.test(prompt))?.[1] ?? fromHash];
}

export function landOf(prompt: string, random: () => number): Land {
  const fromHash = pick(landNames, random);
  return lands.find(([words]) => words.test(prompt))?.[1] ?? fromHash;
}

/** The colour that lies `share` of the way from one to the other. */
export function mix(from: string, to: string, share: number): string {
  const channel = (colour: string, index: number): number =>
    Number.parseInt(colour.slice(1 + index * 2, 3 + index * 2), 16);
  const mixed = [0, 1, 2].map((index) => {
    const value = channel(from, index) * (1 - share) + channel(to, index) * share;
    return Math.round(value).toString(16).padStart(2, '0');
  });
  return `#${mixed.join('')}`;
}
