/** One application of two faces: the guide at /demo, the shop at /shop. Each loads its own styles. */
import { createRoot } from 'react-dom/client';

const root = createRoot(document.getElementById('root')!);

if (location.pathname === '/demo') {
  const { Guide } = await import('./guide/guide');
  root.render(<Guide />);
} else {
  const { Shop } = await import('./shop');
  root.render(<Shop />);
}
