/** An opaque colour, 0–255 each. */
type Rgb = readonly [number, number, number];

export interface Palette {
  skyTop: Rgb;
  skyBottom: Rgb;
  sun: Rgb;
  /** The farthest ridge; nearer ones blend towards `near`. */
  far: Rgb;
  near: Rgb;
}

const RIDGES = 4;

/**
 * Paints a landscape (sky, sun, ridges behind one another) as a binary PPM image: no font, no asset and no
 * filter is needed for it, and the same seed gives the same bytes on any machine.
 */
export function paintLandscape(options: { width: number; height: number; palette: Palette; seed: number }): Buffer {
  const { width, height, palette, seed } = options;
  const header = Buffer.from(`P6\n${width} ${height}\n255\n`, 'latin1');
  const image = Buffer.alloc(header.length + width * height * 3);
  header.copy(image);
  const random = randomOf(seed);
  const ridges = Array.from({ length: RIDGES }, (_, depth) => ridgeOf(depth, width, height, random));
  const colours = ridges.map((_, depth) => mix(palette.far, palette.near, depth / (RIDGES - 1)));
  const unit = Math.min(width, height);
  const sun = { x: Math.min(width, height * 2) * (0.3 + random() * 0.4), y: height * 0.34, radius: unit * 0.13 };
  for (let y = 0; y < height; y++) {
    const sky = mix(palette.skyTop, palette.skyBottom, Math.min(1, y / (height * 0.75)));
    for (let x = 0; x < width; x++) {
      const away = Math.hypot(x - sun.x, y - sun.y);
      const glow = 0.55 * Math.exp(-Math.max(0, away - sun.radius) / (unit * 0.22));
      let colour = mix(sky, palette.sun, Math.max(glow, clamp(sun.radius - away + 0.5)));
      for (let depth = 0; depth < RIDGES; depth++) {
        const cover = clamp(y - (ridges[depth]?.[x] as number) + 0.5);
        if (cover > 0) colour = mix(colour, colours[depth] as Rgb, cover);
      }
      // A little grain keeps 8-bit gradients from showing bands after compression.
      const grain = (((x * 7 + y * 13) ^ (x * y)) & 3) - 1.5;
      const at = header.length + (y * width + x) * 3;
      for (let c = 0; c < 3; c++) image[at + c] = Math.max(0, Math.min(255, Math.round((colour[c] as number) + grain)));
    }
  }
  return image;
}

/** Height of one ridge above each column: nearer ones are lower, steeper and begin further down. */
function ridgeOf(depth: number, width: number, height: number, random: () => number): Float64Array {
  const waves = [1, 2.3, 5.1, 11.7].map((frequency) => ({ frequency, phase: random() * Math.PI * 2 }));
  const base = height * (0.56 + depth * 0.115);
  const scale = (Math.PI * 2) / (height * 1.9);
  const ridge = new Float64Array(width);
  for (let x = 0; x < width; x++) {
    let sum = 0;
    for (const { frequency, phase } of waves) sum += Math.sin(x * scale * frequency + phase) / frequency ** 1.15;
    ridge[x] = base - sum * height * (0.062 - depth * 0.008);
  }
  return ridge;
}

const clamp = (value: number) => Math.max(0, Math.min(1, value));

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

/** mulberry32: small, seeded, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
