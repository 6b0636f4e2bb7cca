/** One product. */
import { useEffect } from 'react';
import { Link } from 'wouter';
import { viewItem } from '../cart';
import { money } from '../money';
import { picturePath, productNamed } from '../products';
import { AddButton } from './add-button';
import { Heading } from './heading';

export function ProductPage({ id }: { id: string }) {
  const product = productNamed(id);
  useEffect(() => {
    if (product) viewItem(product);
  }, [product]);
  if (!product) {
    return (
      <>
        <Heading>There is no such product</Heading>
        <p>
          <Link href="/shop">See what there is</Link>
        </p>
      </>
    );
  }
  return (
    <>
      <p className="back">
        <Link href="/shop">Everything</Link> / {product.category}
      </p>
      <article className="product">
        <img src={picturePath(product.id)} alt={product.alt} width="640" height="480" />
        <div>
          <Heading>{product.name}</Heading>
          <p className="line">{product.line}</p>
          <p>{product.about}</p>
          <p className="price large">{money(product.price)}</p>
          <AddButton product={product} large />
          <ul className="facts">
            <li>Delivered in two weeks</li>
            <li>Ten years of spare parts</li>
            <li>Send it back within 60 days</li>
          </ul>
        </div>
      </article>
    </>
  );
}
