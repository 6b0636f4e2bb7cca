/** The last step before an order, and what follows it. Nothing is paid. */
import { useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { beginCheckout, cart, purchase, valueOf } from '../cart';
import { money } from '../money';
import { useStore } from '../use-store';
import { Heading } from './heading';

export function CheckoutPage() {
  const lines = useStore(cart);
  const [, go] = useLocation();
  useEffect(beginCheckout, []);
  return (
    <>
      <Heading>Check out</Heading>
      {lines.length === 0 ? (
        <p>
          There is nothing to pay for. <Link href="/shop">See what there is</Link>
        </p>
      ) : (
        <div className="panel">
          <ul className="receipt">
            {lines.map(({ product, quantity }) => (
              <li key={product.id}>
                <span>
                  {quantity} × {product.name}
                </span>
                <span>{money(product.price * quantity)}</span>
              </li>
            ))}
            <li className="sum">
              <span>Together</span>
              <span>{money(valueOf(lines))}</span>
            </li>
          </ul>
          <p className="line">
            Nothing is paid and nothing is sent. The order ends the cart&#39;s journey, since buying is its goal.
          </p>
          <div className="actions">
            <button
              className="button"
              onClick={() => {
                purchase();
                go('/shop/thanks');
              }}
            >
              Place the order
            </button>
            <Link href="/shop/cart" className="button quiet">
              Back to the cart
            </Link>
          </div>
        </div>
      )}
    </>
  );
}

export function ThanksPage() {
  return (
    <>
      <Heading>Thank you</Heading>
      <p>
        The order was reported as <code>purchase</code>. A run that waited with this cart has ended as converted, and no
        reminder will come.
      </p>
      <div className="actions">
        <a href="/demo" className="button">
          Back to the guide
        </a>
        <Link href="/shop" className="button quiet">
          Look around
        </Link>
      </div>
    </>
  );
}
