/** All products, by category if one is chosen. */
import { useState } from 'react';
import { Link } from 'wouter';
import { money } from '../money';
import { picturePath, products, type Product } from '../products';
import { useStore } from '../use-store';
import { session } from '../visitor';
import { AddButton } from './add-button';
import { Heading } from './heading';

const categories = ['All', 'Desks', 'Lamps', 'Chairs', 'Shelves'] as const;

export function GridPage() {
  const [category, setCategory] = useState<(typeof categories)[number]>('All');
  const signedIn = useStore(session)?.visitor != null;
  const shown = products.filter((product) => category === 'All' || product.category === category);
  return (
    <>
      <section className="hero">
        <Heading>Rooms that stay calm</Heading>
        <p>
          Desks, lamps and chairs in oak, wool and steel. Made to be used every day, and repaired when they need it.
        </p>
        {!signedIn && (
          <Link href="/shop/account" className="button">
            Sign up
          </Link>
        )}
      </section>
      <div className="filter" role="group" aria-label="Category">
        {categories.map((one) => (
          <button key={one} aria-pressed={one === category} onClick={() => setCategory(one)}>
            {one}
          </button>
        ))}
      </div>
      <ul className="grid" aria-label="Products">
        {shown.map((product) => (
          <Card key={product.id} product={product} />
        ))}
      </ul>
    </>
  );
}

function Card({ product }: { product: Product }) {
  const { id, name, line, price, alt } = product;
  return (
    <li className="card">
      <Link href={`/shop/product/${id}`} className="card-link">
        <img src={picturePath(id)} alt={alt} width="640" height="480" loading="lazy" />
        <h2>{name}</h2>
      </Link>
      <p className="line">{line}</p>
      <div className="card-foot">
        <span className="price">{money(price)}</span>
        <AddButton product={product} />
      </div>
    </li>
  );
}
