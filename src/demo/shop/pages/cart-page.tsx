/** What lies in the cart. */
import { useEffect } from 'react';
import { Link } from 'wouter';
import { cart, remove, valueOf, viewCart } from '../cart';
import { money } from '../money';
import { picturePath } from '../products';
import { useStore } from '../use-store';
import { session } from '../visitor';
import { Heading } from './heading';

export function CartPage() {
  const lines = useStore(cart);
  const signedIn = useStore(session)?.visitor != null;
  useEffect(viewCart, []);
  if (lines.length === 0) {
    return (
      <>
        <Heading>Your cart</Heading>
        <p>It is empty.</p>
        <Link href="/shop" className="button">
          See what there is
        </Link>
      </>
    );
  }
  return (
    <>
      <Heading>Your cart</Heading>
      <ul className="lines" aria-label="In the cart">
        {lines.map((line) => {
          const { product, quantity } = line;
          return (
            <li key={product.id}>
              <img src={picturePath(product.id)} alt="" width="160" height="120" />
              <div>
                <Link href={`/shop/product/${product.id}`}>{product.name}</Link>
                <p className="line">
                  {quantity} × {money(product.price)}
                </p>
              </div>
              <span className="price">{money(product.price * quantity)}</span>
              <button className="button quiet small" aria-label={`Remove ${product.name}`} onClick={() => remove(line)}>
                Remove
              </button>
            </li>
          );
        })}
      </ul>
      <p className="total">
        Together <strong>{money(valueOf(lines))}</strong>
      </p>
      <div className="actions">
        <Link href="/shop/checkout" className="button">
          Check out
        </Link>
        <a href="/demo" className="button quiet">
          Leave it here, and go back to the guide
        </a>
      </div>
      {!signedIn && (
        <p className="notice">
          A reminder needs an address to go to: <Link href="/shop/account">sign up</Link> first.
        </p>
      )}
    </>
  );
}
