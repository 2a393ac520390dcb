const PATHS = {
  play: 'M7 4.8v14.4c0 .9 1 1.500 1.800 1L20 13a1.200 1.200 0 0 0 0-2L8.800 3.800C8 3.300 7 3.900 7 4.800Z',
  pause:
    'M6.500 4h3a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1h-3a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Zm8 0h3a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1h-3a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Z',
} as const;

const STROKES = {
  home: 'M4 11.500 12 4.500l8 7M6 10v9.500h4.500V14h3v5.500H18V10',
  library: 'M4 5v14M8.500 5v14M13 5.500l3.200 13.500M4 19.500h5',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 4.500 4.500',
  machines: 'M4 5h16v5.500H4zM4 13.500h16V19H4zM7.500 7.800h.01M7.500 16.300h.01M11 7.800h5.500M11 16.300h5.500',
  user: 'M12 12.500a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.500 8c.6-3.600 3.700-5.500 7.500-5.500s6.900 1.900 7.500 5.500',
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  down: 'M5.500 9l6.500 6.500L18.500 9',
  check: 'M5 12.500 10 17.500 19.500 7',
  heart:
    'M12 20s-7.500-4.600-8.800-9.300C2.300 7.300 4.400 4.800 7.200 4.800c2 0 3.700 1.100 4.800 3 1.100-1.900 2.800-3 4.800-3 2.800 0 4.900 2.500 4 5.900C19.500 15.400 12 20 12 20Z',
  restart: 'M5 12a7 7 0 1 0 2.300-5.200M4.500 4v4h4',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-9.500V16m0-8h.01',
  warning: 'M12 4 2.800 19.500h18.400L12 4Zm0 6v4.500m0 2.700h.01',
  close: 'M6 6l12 12M18 6 6 18',
  refresh: 'M19.500 12a7.500 7.500 0 1 1-2.300-5.400M19.500 3.500V8H15',
  plus: 'M12 5v14M5 12h14',
  trash: 'M5 7h14M9.500 7V4.500h5V7M7 7l.8 12.500h8.400L17 7M10.500 10.500v6M13.500 10.500v6',
  copy: 'M9 9h10.500v10.500H9zM15 9V4.500H4.500V15H9',
  eye: 'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12Zm9.500 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  'eye-off':
    'M4 4l16 16M9.500 5.900A9 9 0 0 1 12 5.500c6 0 9.500 6.500 9.500 6.500a17 17 0 0 1-2.800 3.500M6 7.700A17 17 0 0 0 2.500 12S6 18.500 12 18.500a9 9 0 0 0 4-.9M10 10a3 3 0 0 0 4 4',
  volume: 'M4 9.500v5h3.500L12 18.500v-13L7.500 9.500H4Zm11.500-.5a4.300 4.300 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11',
  'volume-low': 'M4 9.500v5h3.500L12 18.500v-13L7.500 9.500H4Zm11.500-.5a4.300 4.300 0 0 1 0 6',
  muted: 'M4 9.500v5h3.500L12 18.500v-13L7.500 9.500H4Zm12 .3 4.500 4.500m0-4.500L16 14.300',
  subtitles: 'M3.500 5.500h17v13h-17zM7 12h4M13.500 12H17M7 15h7',
  audio:
    'M9 17.500V6l10-2v11.500M9 17.500a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0Zm10-2a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0Z',
  settings:
    'M4 7h9M17 7h3M4 17h3M11 17h9M15 9.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400ZM9 19.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400Z',
  pip: 'M3.500 5h17v14h-17zM12.500 12h5.500v4.500h-5.500z',
  fullscreen: 'M4 9V4.500h4.500M20 9V4.500h-4.500M4 15v4.500h4.500M20 15v4.500h-4.500',
  'fullscreen-exit': 'M8.500 4v4.500H4M15.500 4v4.500H20M8.500 20v-4.500H4M15.500 20v-4.500H20',
  next: 'M6 5.500v13L15.500 12 6 5.500ZM18.500 5v14',
  keyboard: 'M3 6.500h18v11H3zM6.500 10h.01M10 10h.01M13.500 10h.01M17 10h.01M8 14h8',
  folder: 'M3.500 6.500v12h17v-10h-8.500l-2-2.500h-6.500Z',
  film: 'M4 5h16v14H4zM8 5v14M16 5v14M4 9.500h4M4 14.500h4M16 9.500h4M16 14.500h4',
  activity: 'M3.500 12.500h4l2.500-7 4 13 2.500-6h4',
  lock: 'M6 10.500h12v9H6zM8.500 10.500V8a3.500 3.500 0 0 1 7 0v2.500',
  users:
    'M9 12a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Zm-6 7.500c.5-3.200 3-5 6-5s5.500 1.800 6 5M15.500 5.300a3.500 3.500 0 0 1 0 6.400M17.500 15c1.900.7 3.200 2.200 3.500 4.500',
  logout: 'M14 4.500H5v15h9M10 12h10.500m-3.500-3.500 3.500 3.500-3.500 3.500',
  pin: 'M12 21s-6.500-6.200-6.500-11a6.500 6.500 0 0 1 13 0c0 4.800-6.500 11-6.500 11Zm0-8.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z',
} as const;

export type IconName = keyof typeof PATHS | keyof typeof STROKES;

/** An icon of the set, in the text's colour; always decoration beside a label. */
export function Icon({ name, className = '', filled = false }: IconProps) {
  const solid = name in PATHS;
  return (
    <svg
      viewBox="0 0 24 24"
      className={`shrink-0 ${/(^|\s)size-/.test(className) ? '' : 'size-5'} ${className}`}
      fill={solid || filled ? 'currentColor' : 'none'}
      stroke={solid ? 'none' : 'currentColor'}
      strokeWidth={1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={solid ? PATHS[name as keyof typeof PATHS] : STROKES[name as keyof typeof STROKES]} />
    </svg>
  );
}

interface IconProps {
  name: IconName;
  className?: string;
  filled?: boolean;
}
