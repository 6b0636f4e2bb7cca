/** The few icons of the pages, drawn on a grid of 20. They are ornaments: what they stand for is always said in text. */
const paths = {
  overview: 'M3 11h3l2-6 4 11 2.5-7 1 2H17',
  journeys:
    'M5 15.5c0-6 3.5-3 5-5.500s1.500-5.500 5-5.500M5 17.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM15 6.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  people: 'M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM4 17c.6-3.200 3-5 6-5s5.400 1.800 6 5',
  messages: 'M3 5h14v10H3zM3 5.500l7 5.500 7-5.500',
  inbox: 'M3 11.500 5.500 4h9L17 11.500V16H3zM3 11.500h4l1 2h4l1-2h4',
  settings: 'M4 6h7M15 6h1M4 14h1M9 14h7M13 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM7 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  event: 'M11 2.500 4.500 11.500H10l-1 6 6.500-9H10z',
  consent: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM5.100 5.100l9.800 9.800',
  decision: 'M10 3v5M10 8l-5 4v5M10 8l5 4v5',
  wait: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4.300l2.700 1.700',
  check: 'M4 10.500 8.200 14.500 16 5.500',
  message: 'M3 5h14v10H3zM3 5.500l7 5.500 7-5.500',
  run: 'M6.500 4.500v11l9-5.500z',
  warning: 'M10 3 2.500 16.500h15zM10 8v4M10 14.200v.1',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM13.500 13.500 17 17',
  sun: 'M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M15.700 4.300l-1.100 1.100M5.400 14.600l-1.100 1.100',
  moon: 'M16 12.200A6.500 6.500 0 0 1 7.800 4a6.500 6.500 0 1 0 8.200 8.200Z',
  away: 'M8 4H4v12h4M12 6.500 15.500 10 12 13.500M15.500 10H8',
  out: 'M8 4H4v12h12v-4M11 4h5v5M16 4l-7 7',
  copy: 'M7 7h9v9H7zM13 7V4H4v9h3',
  back: 'M12 4.500 6.500 10l5.500 5.500',
  down: 'M5 8l5 5 5-5',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
