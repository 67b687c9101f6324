import { crc32, deflateSync } from 'node:zlib';

/** 0xRRGGBB */
type Colour = number;
/** A colour and where it goes. Each layer covers the layers before it. */
type Layer = [Colour, Shape];
type Palette = [zenith: Colour, haze: Colour, sun: Colour, hill: Colour, sea: Colour, land: Colour];
interface Shape {
  readonly box: readonly [left: number, top: number, right: number, bottom: number];
  /** Gives the opacity at a pixel's centre: 0 or less is clear, 1 or more is solid. @defaultValue solid */
  readonly opacity?: (x: number, y: number) => number;
}

const noon: Palette = [0x307ed0, 0xceeaf6, 0xfffadc, 0x6898a4, 0x105c92, 0x2f5f4a];
const dawn: Palette = [0x5c70b2, 0xffc4aa, 0xfff0cd, 0x92749e, 0x3e568e, 0x343654];
const dusk: Palette = [0x322460, 0xff9658, 0xffe28c, 0x70406c, 0x2c2456, 0x1e1832];
const stripes = [0xc4302c, 0x244e8c, 0x2c323e, 0x1e7660];
const [white, iron, lamplight] = [0xf6f2e8, 0x22222e, 0xffe9a0];

const clamp = (value: number): number => Math.min(1, Math.max(0, value));
const blend = (from: number, to: number, share: number): number => from + (to - from) * share;

function mix(from: Colour, to: Colour, share: number): Colour {
  const channel = (shift: number): number =>
    blend((from >> shift) & 255, (to >> shift) & 255, share) << shift;
  return channel(16) | channel(8) | channel(0);
}

function randomFrom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    return (state >>> 0) / 2 ** 32;
  };
}

const block = (left: number, top: number, right: number, bottom: number): Shape => ({
  box: [left, top, right, bottom],
});

const disc = (x: number, y: number, radius: number): Shape => ({
  box: [x - radius, y - radius, x + radius, y + radius],
  opacity: (px, py) => radius - Math.sqrt((px - x) ** 2 + (py - y) ** 2),
});

const glow = (strength: number, x: number, y: number, halfWidth: number, halfHeight: number): Shape => ({
  box: [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight],
  opacity(px, py) {
    const inward = 1 - Math.sqrt(((px - x) / halfWidth) ** 2 + ((py - y) / halfHeight) ** 2);
    return strength * inward * inward * inward;
  },
});

function ground(width: number, bottom: number, lineAt: (x: number) => number): Shape {
  const line = Array.from({ length: width }, (_, x) => lineAt(x));
  return {
    box: [0, Math.min(...line) - 1, width, bottom],
    opacity: (x, y) => y - (line[Math.floor(x)] ?? bottom),
  };
}

/** Paints a shape on PNG scanlines. Each row is one filter byte, then RGB pixels. */
function paint(rows: Buffer, width: number, colour: Colour, { box, opacity }: Shape): void {
  const [left, top, right, bottom] = box;
  const stride = width * 3 + 1;
  const [red, green, blue] = [colour >> 16, (colour >> 8) & 255, colour & 255];
  const [startX, endX] = [Math.max(0, Math.floor(left)), Math.min(width, Math.ceil(right))];
  const [startY, endY] = [Math.max(0, Math.floor(top)), Math.min(rows.length / stride, bottom)];
  for (let y = startY; y < endY; y += 1) {
    let at = y * stride + 1 + startX * 3;
    if (opacity === undefined) rows.fill(Buffer.of(red, green, blue), at, at + (endX - startX) * 3);
    else {
      for (let x = startX; x < endX; x += 1, at += 3) {
        // finer steps look the same and compress worse
        const share = Math.round(clamp(opacity(x + 0.5, y + 0.5)) * 128) / 128;
        if (share === 0) continue;
        rows[at] = blend(rows[at] ?? 0, red, share);
        rows[at + 1] = blend(rows[at + 1] ?? 0, green, share);
        rows[at + 2] = blend(rows[at + 2] ?? 0, blue, share);
      }
    }
  }
}

function* seascape(width: number, height: number, seed: number): Generator<Layer> {
  const random = randomFrom(seed);
  const [zenith, haze, sun, hill, sea, land] = [noon, dawn, dusk][Math.floor(random() * 3)] ?? noon;
  const unit = Math.min(height, width * 1.4);
  const horizon = Math.round(height * (0.6 + 0.06 * random()));
  const depth = height - horizon;

  const side = random() < 0.5 ? -1 : 1;
  const sunX = width * (0.5 - side * (0.05 + 0.25 * random()));
  const sunY = horizon - Math.min(horizon * 0.75, unit * (0.12 + 0.25 * random()));
  for (let y = 0; y < horizon; y += 1) yield [mix(zenith, haze, y / horizon), block(0, y, width, y + 1)];
  yield [sun, glow(0.8, sunX, sunY, unit * 0.45, unit * 0.45)];
  yield [sun, disc(sunX, sunY, unit * (0.05 + 0.03 * random()))];
  for (let clouds = 0; clouds < 12; clouds += 1) {
    const length = unit * (0.2 + 0.3 * random());
    const cloud = glow(0.6, width * random(), horizon * (0.1 + 0.7 * random()), length, length * 0.18);
    yield [mix(haze, sun, 0.5), cloud];
  }
  for (const nearness of [0.35, 0.7]) {
    const [steepness, phase] = [unit * (0.13 - 0.1 * nearness), 9 * random()];
    const rise = (x: number): number => 0.5 + 0.6 * Math.sin(3 * x + phase) + 0.3 * Math.sin(7 * x - phase);
    yield [mix(haze, hill, nearness), ground(width, horizon, (x) => horizon - steepness * rise(x / unit))];
  }

  for (let y = horizon; y < height; y += 1) {
    yield [mix(haze, sea, 0.5 + (0.5 * (y - horizon)) / depth), block(0, y, width, y + 1)];
  }
  const reach = unit * 0.3;
  const glitter = (x: number, y: number): number => {
    const near = (y - horizon) / depth;
    const across = (x - sunX) / (reach * (0.3 + 0.7 * near));
    const ripple = Math.sin(40 / (near + 0.35) + Math.sin(4 * across + 12 * near));
    return (0.6 + 0.6 * ripple - 1.2 * Math.abs(across)) * (1 - 0.6 * near);
  };
  yield [sun, { box: [sunX - reach, horizon, sunX + reach, height], opacity: glitter }];

  const shore = width * (0.5 + side * (0.22 + 0.1 * random()));
  const foot = horizon + unit * 0.05;
  const slope = (x: number): number => {
    const seaward = clamp(((side * (shore - x)) / Math.min(unit, width) - 0.03) / 0.7);
    const fall = 0.5 - 0.5 * Math.cos(Math.PI * seaward);
    return foot + depth * fall + unit * 0.006 * Math.sin((33 * x) / unit);
  };
  const stripe = stripes[Math.floor(random() * stripes.length)] ?? iron;
  yield* lighthouse(shore, foot + unit * 0.03, unit * (0.34 + 0.08 * random()), side, stripe);
  yield [land, ground(width, height, slope)];
}

/** `side` is 1 if the sunlight comes from the left, and -1 if it comes from the right. */
function* lighthouse(x: number, foot: number, tall: number, side: number, stripe: Colour): Generator<Layer> {
  const top = foot - tall;
  const down = (y: number): number => (y - top) / tall;
  const halfWidth = (y: number): number => tall * (0.085 + 0.045 * down(y));
  const body = (opacity: (px: number, y: number) => number): Shape => ({
    box: [x - tall * 0.15, top, x + tall * 0.15, foot],
    opacity: (px, y) => clamp(halfWidth(y) - Math.abs(px - x)) * opacity(px, y),
  });
  const part = (half: number, from: number, to: number): Shape =>
    block(x - half * tall, top - from * tall, x + half * tall, top - to * tall);
  yield [white, body(() => 1)];
  yield [stripe, body((_, y) => 1 - (Math.floor(down(y) * 7) % 2))];
  yield [iron, body((px, y) => 0.25 + (0.25 * side * (px - x)) / halfWidth(y))];
  yield [iron, disc(x, top - tall * 0.13, tall * 0.065)];
  yield [iron, part(0.12, 0.025, 0)];
  yield [lamplight, part(0.065, 0.13, 0.025)];
  yield [iron, part(0.006, 0.13, 0.025)];
  yield [lamplight, glow(0.8, x, top - tall * 0.08, tall * 0.4, tall * 0.4)];
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** Draws a lighthouse by the sea. The same arguments always give the same bytes. */
export function drawPng(width: number, height: number, seed: number): Uint8Array {
  const stride = width * 3 + 1;
  const rows = Buffer.alloc(stride * height);
  for (const [colour, shape] of seascape(width, height, seed)) paint(rows, width, colour, shape);
  for (let start = 0; start < rows.length; start += stride) {
    rows[start] = 1; // Sub filter: each byte minus the same byte of the pixel before
    for (let i = start + stride - 1; i > start + 3; i -= 1) rows[i] = (rows[i] ?? 0) - (rows[i - 3] ?? 0);
  }
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]); // 8 bits per channel, RGB
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const data = deflateSync(rows, { level: 4 });
  const chunks = [chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.of())];
  return new Uint8Array(Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]));
}
