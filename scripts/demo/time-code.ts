/** Size of a frame of the time code, in pixels. */
export const TIME_CODE_SIZE = { width: 480, height: 144 } as const;

const DIGIT = { width: 76, height: 112, stroke: 14 } as const;
const GAP = 16;
const COLON = 28;

/** The segments of a seven-segment digit that are lit: top, upper right, lower right, bottom, lower left, upper left, middle. */
export const LIT_SEGMENTS = [
  '1111110',
  '0110000',
  '1101101',
  '1111001',
  '0110011',
  '1011011',
  '1011111',
  '1110000',
  '1111111',
  '1111011',
];

/**
 * A raw grey video of one frame a second that shows MM:SS in seven-segment digits: a time code that needs no
 * font, so that every ffmpeg can burn it in (`-f rawvideo -pix_fmt gray -framerate 1`).
 */
export function timeCodeVideo(seconds: number): Buffer {
  const { width, height } = TIME_CODE_SIZE;
  const frames = Buffer.alloc(width * height * seconds, 24);
  for (let second = 0; second < seconds; second++) {
    const frame = frames.subarray(width * height * second, width * height * (second + 1));
    const digits = [
      Math.floor(second / 600) % 10,
      Math.floor(second / 60) % 10,
      Math.floor((second % 60) / 10),
      second % 10,
    ];
    let x = (width - (4 * DIGIT.width + 3 * GAP + GAP + COLON)) / 2;
    digits.forEach((digit, position) => {
      if (position === 2) {
        drawColon(frame, x);
        x += COLON + GAP;
      }
      drawDigit(frame, x, digit);
      x += DIGIT.width + GAP;
    });
  }
  return frames;
}

function drawDigit(frame: Buffer, x: number, digit: number): void {
  const { width, height, stroke } = DIGIT;
  const y = (TIME_CODE_SIZE.height - height) / 2;
  const half = (height - stroke) / 2;
  const bars: [number, number, number, number][] = [
    [x, y, width, stroke],
    [x + width - stroke, y, stroke, half + stroke],
    [x + width - stroke, y + half, stroke, half + stroke],
    [x, y + height - stroke, width, stroke],
    [x, y + half, stroke, half + stroke],
    [x, y, stroke, half + stroke],
    [x, y + half, width, stroke],
  ];
  bars.forEach((bar, segment) => {
    if (LIT_SEGMENTS[digit]?.[segment] === '1') fill(frame, ...bar);
  });
}

function drawColon(frame: Buffer, x: number): void {
  const size = DIGIT.stroke + 2;
  const left = Math.round(x + (COLON - size) / 2);
  fill(frame, left, TIME_CODE_SIZE.height * 0.33, size, size);
  fill(frame, left, TIME_CODE_SIZE.height * 0.57, size, size);
}

function fill(frame: Buffer, x: number, y: number, width: number, height: number): void {
  for (let row = Math.round(y); row < Math.round(y) + height; row++) {
    const from = row * TIME_CODE_SIZE.width + Math.round(x);
    frame.fill(245, from, from + width);
  }
}
