/** A calm landscape as SVG: a sky, a sun or moon, ridges one behind the other with mist between. */
import { mix } from './palette.ts';
import type { Land, Palette } from './palette.ts';

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  readonly land: Land;
  readonly random: () => number;
}

type Ridge = (x: number) => number;

const n = (value: number): string => value.toFixed(1);

function sky({ width, height, palette, random }: Scene): string {
  const [zenith, middle, horizon] = palette.sky;
  const stars = Array.from({ length: palette.isNight === true ? 170 : 0 }, () => {
    const y = random() ** 1.6 * height * 0.55;
    const radius = 0.5 + random() ** 3 * 1.9;
    return `<circle cx="${n(random() * width)}" cy="${n(y)}" r="${n(radius)}" fill="#fff" opacity="${n(0.3 + random() * 0.6)}"/>`;
  });
  return `<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
<stop offset="0" stop-color="${zenith}"/><stop offset="0.38" stop-color="${middle}"/>
<stop offset="0.64" stop-color="${horizon}"/><stop offset="1" stop-color="${horizon}"/></linearGradient>
<rect width="${String(width)}" height="${String(height)}" fill="url(#sky)"/>${stars.join('')}`;
}

interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

function placeSun({ width, height, palette, random }: Scene): Disc {
  const radius = width * (0.035 + random() * 0.035);
  const y = height * (palette.isNight === true ? 0.16 + random() * 0.12 : 0.26 + random() * 0.16);
  return { x: width * (0.2 + random() * 0.6), y, radius };
}

function sun({ palette }: Scene, { x, y, radius }: Disc): string {
  return `<radialGradient id="glow"><stop offset="0" stop-color="${palette.sun}" stop-opacity="0.75"/>
<stop offset="0.35" stop-color="${palette.sun}" stop-opacity="0.26"/>
<stop offset="1" stop-color="${palette.sun}" stop-opacity="0"/></radialGradient>
<circle cx="${n(x)}" cy="${n(y)}" r="${n(radius * 6)}" fill="url(#glow)"/>
<circle cx="${n(x)}" cy="${n(y)}" r="${n(radius)}" fill="${palette.sun}"/>`;
}

/** Long soft clouds, drawn as bands that fade at both ends. */
function clouds({ width, height, palette, random }: Scene): string {
  const colour = mix(palette.sky[2], '#ffffff', 0.4);
  const bands = Array.from({ length: 5 }, () => {
    const long = width * (0.18 + random() * 0.3);
    const x = random() * width;
    const y = height * (0.08 + random() * 0.36);
    return `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(long)}" ry="${n(long * 0.045)}" fill="url(#cloud)"/>`;
  });
  return `<radialGradient id="cloud"><stop offset="0" stop-color="${colour}" stop-opacity="0.55"/>
<stop offset="1" stop-color="${colour}" stop-opacity="0"/></radialGradient>${bands.join('')}`;
}

function birds({ width, height, palette, random }: Scene): string {
  if (palette.isNight === true) return '';
  const left = width * (0.15 + random() * 0.5);
  const top = height * (0.2 + random() * 0.14);
  const flock = Array.from({ length: 4 + Math.floor(random() * 4) }, () => {
    const span = width * (0.008 + random() * 0.008);
    const x = left + random() * width * 0.2;
    const y = top + random() * height * 0.07;
    const wing = `q ${n(span / 2)} ${n(-span * 0.55)} ${n(span)} 0`;
    return `M ${n(x)} ${n(y)} ${wing} ${wing}`;
  });
  return `<path d="${flock.join(' ')}" fill="none" stroke="${palette.near}" stroke-width="${n(width / 560)}" stroke-linecap="round" opacity="0.7"/>`;
}

/** A sum of waves; rough land has many short ones and sharp crests. */
function makeRidge(scene: Scene, top: number, rise: number): Ridge {
  const { width, land, random } = scene;
  const isSharp = land === 'peaks' || scene.palette.isSnowy === true;
  const octaves = land === 'dunes' ? 2 : isSharp ? 7 : 5;
  const waves = Array.from({ length: octaves }, (_, octave) => ({
    height: rise * (isSharp ? 0.55 : 0.48) ** octave * (0.7 + random() * 0.6),
    frequency: ((2 ** octave * (1.1 + random() * 0.8)) / width) * Math.PI,
    phase: random() * Math.PI * 2,
  }));
  return (x) =>
    waves.reduce((y, wave) => {
      const swing = Math.sin(x * wave.frequency + wave.phase);
      return y - wave.height * (isSharp ? 1 - 2 * Math.abs(swing) : swing);
    }, top);
}

function ridgePath({ width, height }: Scene, ridge: Ridge): string {
  const step = width / 256;
  const points = Array.from({ length: 258 }, (_, index) => {
    const x = (index - 0.5) * step;
    return `${n(x)} ${n(ridge(x))}`;
  });
  return `M 0 ${n(height)} L ${points.join(' L ')} L ${n(width)} ${n(height)} Z`;
}

function tree(x: number, y: number, tall: number): string {
  const tiers = [0, 1, 2].map((tier) => {
    const top = y - tall * (1 - tier * 0.24);
    const half = tall * (0.11 + tier * 0.055);
    return `M ${n(x)} ${n(top)} L ${n(x + half)} ${n(top + tall * 0.42)} L ${n(x - half)} ${n(top + tall * 0.42)} Z`;
  });
  return `${tiers.join(' ')} M ${n(x - tall * 0.02)} ${n(y - tall * 0.2)} h ${n(tall * 0.04)} v ${n(tall * 0.3)} h ${n(-tall * 0.04)} Z`;
}

function trees({ width, random }: Scene, ridge: Ridge, tall: number): string {
  const path: string[] = [];
  for (let x = -tall * random(); x < width + tall; x += tall * (0.12 + random() ** 2 * 0.6)) {
    path.push(tree(x, ridge(x) + tall * 0.1, tall * (0.55 + random() * 0.6)));
  }
  return path.join(' ');
}

const ridgeCount = 6;

function ridges(scene: Scene): string {
  const { width, height, palette, land } = scene;
  const bottom = land === 'water' ? 0.66 : 0.9;
  const layers = Array.from({ length: ridgeCount }, (_, index) => {
    const nearness = index / (ridgeCount - 1);
    const top = height * (0.5 + (bottom - 0.5) * nearness ** 1.15);
    const rise = height * (land === 'dunes' ? 0.03 : 0.055) * (1.15 - nearness * 0.5);
    const ridge = makeRidge(scene, top, rise);
    const colour = mix(mix(palette.far, palette.sky[2], 0.45), palette.near, nearness ** 0.9);
    const lower = mix(colour, palette.sky[2], 0.42 * (1 - nearness));
    const id = `ridge${String(index)}`;
    const isWooded = land === 'forest' && index >= ridgeCount - 3;
    const wood = isWooded ? trees(scene, ridge, height * (0.03 + 0.055 * nearness)) : '';
    return `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="0" y1="${n(top - rise)}" x2="0" y2="${n(top + height * 0.2)}">
<stop offset="0" stop-color="${colour}"/><stop offset="1" stop-color="${lower}"/></linearGradient>
<path d="${ridgePath(scene, ridge)} ${wood}" fill="url(#${id})"/>`;
  });
  return land === 'water'
    ? `${layers.slice(0, 3).join('')}${water(scene, width)}`
    : layers.join('');
}

/** A still water that holds the sky, with glints. */
function water({ height, palette, random }: Scene, width: number): string {
  const top = height * 0.6;
  const glints = Array.from({ length: 90 }, () => {
    const depth = random();
    const long = width * (0.015 + 0.1 * depth * random());
    const y = top + (height - top) * depth;
    return `<rect x="${n(random() * width - long / 2)}" y="${n(y)}" width="${n(long)}" height="${n(1 + depth * 2.5)}" rx="1.5" fill="${palette.sun}" opacity="${n(0.1 + 0.2 * random())}"/>`;
  });
  return `<linearGradient id="water" x1="0" y1="0" x2="0" y2="1">
<stop offset="0" stop-color="${mix(palette.sky[2], palette.far, 0.3)}"/>
<stop offset="0.45" stop-color="${mix(palette.sky[1], palette.near, 0.3)}"/>
<stop offset="1" stop-color="${mix(palette.sky[0], palette.near, 0.65)}"/></linearGradient>
<rect y="${n(top)}" width="${n(width)}" height="${n(height - top)}" fill="url(#water)"/>${glints.join('')}`;
}

function snowfall({ width, height, palette, random }: Scene): string {
  const flakes = Array.from({ length: palette.isSnowy === true ? 220 : 0 }, () => {
    const radius = 0.8 + random() ** 3 * 4;
    return `<circle cx="${n(random() * width)}" cy="${n(random() * height)}" r="${n(radius)}" fill="#fff" opacity="${n(0.35 + random() * 0.5)}"/>`;
  });
  return flakes.join('');
}

/** The whole landscape, without the `svg` element around it. */
export function drawScenery(scene: Scene): string {
  const disc = placeSun(scene);
  return [
    sky(scene),
    clouds(scene),
    sun(scene, disc),
    birds(scene),
    ridges(scene),
    snowfall(scene),
  ].join('\n');
}
