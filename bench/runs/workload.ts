/** What the people of the runs bench do, the same for both programs. */
export const workload = {
  /** After `add_to_cart`, so many more events, this far apart. */
  moreEvents: 4,
  gapMs: 2_000,
  /** Of ten people, so many buy, `gapMs` after their last event: before the reminder is due. */
  buyersOfTen: 3,
  /** Both programs remind after this long without an event; `idle` is what the journey says. */
  idleMs: 10_000,
  idle: '10 seconds',
} as const;

export const buys = (index: number): boolean => index % 10 < workload.buyersOfTen;
export const personId = (prefix: string, index: number): string => `${prefix}-${index}`;
export const addressOf = (id: string): string => `${id}@example.com`;

/** So many people at the same time, the next as soon as one has gone; or so many a second, evenly. */
export type Arrivals = { browsing: number } | { perSecond: number };

export interface Visit {
  id: string;
  buys: boolean;
  firstSentAt: number;
  /** The last event before the purchase: no reminder may come earlier than `idleMs` after it was sent. */
  lastSentAt: number;
  /** When it was acknowledged: how late a reminder is counts from there. */
  lastAnsweredAt: number;
}

export const cartItems = [
  {
    item_id: 'desk-1',
    item_name: 'Standing desk, oak',
    price: 80,
    quantity: 1,
    image_url: 'https://shop.example.com/desk.jpg',
    url: 'https://shop.example.com/desk',
  },
];
