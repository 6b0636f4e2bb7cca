/**
 * Commerce properties as senders have them (Segment's `products`, one product at the top level, `product_id`,
 * `productId`, prices as text) in GA4's form: `items` with `item_id`, `item_name`, `price` and `quantity`.
 */
type Properties = Record<string, unknown>;

const withItems = new Set(['view_item', 'add_to_cart', 'remove_from_cart', 'view_cart', 'begin_checkout', 'purchase']);

/** From a product's field, in any of its spellings, to the item's; the first that is given wins. */
const itemFields: [string, string[]][] = [
  ['item_id', ['item_id', 'itemId', 'product_id', 'productId', 'sku']],
  ['item_name', ['item_name', 'itemName', 'product_name', 'productName', 'name']],
  ['price', ['price', 'unit_price', 'unitPrice']],
  ['quantity', ['quantity', 'qty']],
  ['image_url', ['image_url', 'imageUrl', 'image']],
  ['url', ['url', 'product_url', 'productUrl']],
  ['item_category', ['item_category', 'category']],
  ['item_brand', ['item_brand', 'brand']],
];
/** An `url` or a `name` at the top level may be the page's: these make a product, the others only describe one. */
const productMarks = [...itemFields[0]![1], 'product_name', 'productName', 'item_name', ...itemFields[2]![1]];
const spellings = new Map(itemFields.flatMap(([field, names]) => names.map((name) => [name, field] as const)));
const numeric = new Set(['price', 'quantity']);

/** `'80.00'` as 80; anything else as it came. */
export function toNumber(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*-?\d+(\.\d+)?\s*$/.test(value)) return value;
  return Number(value);
}

function toItem(product: Properties): Properties {
  const item: Properties = {};
  for (const [name, value] of Object.entries(product)) if (!spellings.has(name)) item[name] = value;
  for (const [field, names] of itemFields) {
    const given = names.find((name) => product[name] !== undefined && product[name] !== null);
    if (given === undefined) continue;
    const value = product[given];
    item[field] = numeric.has(field)
      ? toNumber(value)
      : field === 'item_id' && typeof value === 'number'
        ? String(value)
        : value;
  }
  return item;
}

function isProperties(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The product that stands at the top level, and what is left without it. */
function splitProduct(properties: Properties): { item: Properties; rest: Properties } {
  const product: Properties = {};
  const rest: Properties = {};
  for (const [name, value] of Object.entries(properties)) (spellings.has(name) ? product : rest)[name] = value;
  const item = toItem(product);
  const { value } = rest;
  const quantity = typeof item['quantity'] === 'number' && item['quantity'] > 0 ? item['quantity'] : 1;
  item['quantity'] ??= 1;
  // A value beside a single product without a price is that product's.
  if (item['price'] === undefined && typeof value === 'number') item['price'] = value / quantity;
  if (value === undefined && typeof item['price'] === 'number') rest['value'] = item['price'] * quantity;
  return { item, rest };
}

/** Properties of an event of the plan in the plan's form; the same object when nothing is to be done. */
export function toPlanProperties(name: string, properties: Properties): Properties {
  if (name === 'search' && properties['search_term'] === undefined && typeof properties['query'] === 'string') {
    const { query, ...rest } = properties;
    return { ...rest, search_term: query };
  }
  if (!withItems.has(name) || properties['items'] !== undefined) return properties;

  const shaped = { ...properties };
  for (const field of ['value', 'revenue', 'total', 'tax', 'shipping']) {
    if (shaped[field] !== undefined) shaped[field] = toNumber(shaped[field]);
  }
  rename(shaped, 'value', ['value', 'total', 'revenue', 'cart_value', 'cartValue']);
  rename(shaped, 'transaction_id', ['transaction_id', 'transactionId', 'order_id', 'orderId']);
  if (typeof shaped['transaction_id'] === 'number') shaped['transaction_id'] = String(shaped['transaction_id']);

  const { products } = shaped;
  if (Array.isArray(products)) {
    delete shaped['products'];
    shaped['items'] = products.map((product: unknown) => (isProperties(product) ? toItem(product) : product));
    return shaped;
  }
  if (!productMarks.some((mark) => shaped[mark] !== undefined && shaped[mark] !== null)) return shaped;
  const { item, rest } = splitProduct(shaped);
  return { ...rest, items: [item] };
}

/** Moves the first of `names` that is given to `field`, and leaves the others where they are. */
function rename(properties: Properties, field: string, names: string[]): void {
  const given = names.find((name) => properties[name] !== undefined && properties[name] !== null);
  if (given === undefined || given === field) return;
  properties[field] = properties[given];
  delete properties[given];
}

/** Where the sender put what the plan calls `path`: `items[0].price` may have come as `price` or `products[0].price`. */
export function senderPath(path: string, properties: Properties): string {
  const match = /^items\[(\d+)\]\.(\w+)$/.exec(path);
  if (!match || properties['items'] !== undefined) return path;
  const [, index, field] = match;
  const products: unknown = properties['products'];
  const product: unknown = Array.isArray(products) ? products[Number(index)] : properties;
  const names = itemFields.find(([name]) => name === field)?.[1] ?? [];
  const given = isProperties(product) ? names.find((name) => product[name] !== undefined) : undefined;
  const place = Array.isArray(products) ? `products[${index}].` : '';
  return given === undefined ? path : `${place}${given}`;
}
