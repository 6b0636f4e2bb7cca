/** What the demo's shop sells. Plain data, which the shop's pages and its simulated shoppers share. */

export interface Product {
  id: string;
  name: string;
  category: 'Desks' | 'Lamps' | 'Chairs' | 'Shelves';
  /** In `currency`. Each is worth more than the 50 from which on `cart-abandonment` writes a reminder. */
  price: number;
  line: string;
  about: string;
  /** What the picture shows, for who can't see it. */
  alt: string;
}

export const currency = 'EUR';

export const products: Product[] = [
  {
    id: 'oak-desk',
    name: 'Halden desk',
    category: 'Desks',
    price: 489,
    line: 'Solid oak, 140 × 70 cm',
    about: 'A desk for one good lamp and a lot of paper. Oiled oak from one tree, two drawers, tapered legs.',
    alt: 'An oak desk with two drawers against a sage green wall, a plant and books on it',
  },
  {
    id: 'standing-desk',
    name: 'Skagen standing desk',
    category: 'Desks',
    price: 649,
    line: 'Oak top, 65 to 128 cm high',
    about: 'Sit, stand, and sit again. Two quiet motors, four heights to remember, and a top that takes a knock.',
    alt: 'A standing desk with a screen on it against a blue grey wall',
  },
  {
    id: 'arc-lamp',
    name: 'Måne floor lamp',
    category: 'Lamps',
    price: 179,
    line: 'Brass, linen shade, dimmable',
    about: 'An arc of brass that puts the light where the book is. Turns by hand, dims by foot.',
    alt: 'A brass arc lamp with a warm light in a terracotta room at night',
  },
  {
    id: 'task-lamp',
    name: 'Vik task lamp',
    category: 'Lamps',
    price: 89,
    line: 'Steel, 800 lumen',
    about: 'Two joints and one honest shade. Stays exactly where you leave it, for about thirty years.',
    alt: 'A yellow jointed task lamp on an oak board against a navy wall',
  },
  {
    id: 'pendant-lamp',
    name: 'Klokke pendant',
    category: 'Lamps',
    price: 129,
    line: 'Spun aluminium, 32 cm',
    about: 'A bell of spun aluminium, matt outside and white within. Hang one over a table, or three in a row.',
    alt: 'Three bell-shaped pendant lamps over a round table',
  },
  {
    id: 'oak-chair',
    name: 'Sund chair',
    category: 'Chairs',
    price: 219,
    line: 'Oak and woven paper cord',
    about: 'Bent oak and 120 metres of paper cord, woven by hand. It creaks a little in its first winter.',
    alt: 'An oak chair with a woven seat against a cream wall with an arched niche',
  },
  {
    id: 'lounge-chair',
    name: 'Bris lounge chair',
    category: 'Chairs',
    price: 399,
    line: 'Wool, oak legs',
    about: 'Low, wide and patient. The cover comes off with two zips and goes into the machine.',
    alt: 'A rust red lounge chair on a round rug beside a window',
  },
  {
    id: 'wall-shelf',
    name: 'Fjell wall shelf',
    category: 'Shelves',
    price: 149,
    line: 'Oak and black steel, 90 cm',
    about: 'Three boards, two rails, eight screws. Holds 40 kg of books, or one very proud cactus.',
    alt: 'An oak wall shelf with books, a vase and a cactus on a pink wall',
  },
];

/** Where a product's picture is, below the shop's address. */
export const picturePath = (id: string): string => `/shop/pictures/${id}.jpg`;

export function productNamed(id: string): Product | undefined {
  return products.find((product) => product.id === id);
}

export interface Line {
  product: Product;
  quantity: number;
}

/** Properties of a GA4 e-commerce event about these lines; addresses are absolute, as messages need them. */
export function commerce(lines: readonly Line[], publicUrl: string) {
  return {
    currency,
    value: lines.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0),
    items: lines.map(({ product: { id, name, price, category }, quantity }) => ({
      item_id: id,
      item_name: name,
      item_category: category,
      price,
      quantity,
      image_url: publicUrl + picturePath(id),
      url: `${publicUrl}/shop/product/${id}`,
    })),
  };
}
