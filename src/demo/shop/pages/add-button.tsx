/** Puts a product into the cart, and says so. */
import { useEffect, useState } from 'react';
import { add } from '../cart';
import type { Product } from '../products';

export function AddButton({ product, large = false }: { product: Product; large?: boolean }) {
  const [added, setAdded] = useState(0);
  useEffect(() => {
    if (added === 0) return;
    const timer = setTimeout(() => setAdded(0), 2_500);
    return () => clearTimeout(timer);
  }, [added]);
  return (
    <>
      <button
        className={large ? 'button' : 'button small'}
        onClick={() => {
          add(product);
          setAdded(added + 1);
        }}
      >
        {added > 0 ? 'Added' : 'Add to cart'}
        {!large && <span className="unseen">: {product.name}</span>}
      </button>
      <span role="status" className="unseen">
        {added > 0 ? `${product.name} is in the cart` : ''}
      </span>
    </>
  );
}
