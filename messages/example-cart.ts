import type { Cart } from '../src';

/** The cart that messages about carts are proven with. */
export const exampleCart: Cart = {
  items: [
    {
      item_id: 'desk-1',
      item_name: 'Standing desk <oak>',
      price: 349,
      quantity: 1,
      image_url: 'https://example.com/images/desk.jpg',
      url: 'https://example.com/desk',
    },
    { item_id: 'lamp-2', item_name: 'Lamp', price: 24.5, quantity: 2 },
  ],
  value: 398,
  count: 3,
  currency: 'EUR',
};
