/** The shop: its frame, and which page an address shows. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { arrive } from './account';
import { AccountPage } from './pages/account-page';
import { CartPage } from './pages/cart-page';
import { CheckoutPage, ThanksPage } from './pages/checkout-page';
import { GridPage } from './pages/grid-page';
import { ProductPage } from './pages/product-page';
import { cart, countOf } from './cart';
import { page } from './report';
import { useStore } from './use-store';
import { session } from './visitor';
import './style/shop.css';

export function Shop() {
  const [failed, setFailed] = useState<string>();
  const known = useStore(session);
  useEffect(() => {
    arrive().catch((error: unknown) => setFailed(error instanceof Error ? error.message : String(error)));
  }, []);
  return (
    <>
      <aside className="demo-bar" aria-label="About this shop">
        This is a demo shop. <a href="/demo">Back to the guide</a>
      </aside>
      <Header />
      <main id="main">
        {failed !== undefined && (
          <p role="alert" className="notice">
            {failed} <button onClick={() => location.reload()}>Load again</button>
          </p>
        )}
        {known && <Pages />}
      </main>
      <footer>
        <p>
          Fjord &amp; Oak sells nothing: it shows what Sojourn does. What you do here is reported to it on this machine.
        </p>
      </footer>
    </>
  );
}

function Header() {
  const lines = useStore(cart);
  const visitor = useStore(session)?.visitor;
  const count = countOf(lines);
  return (
    <header className="head">
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Link href="/shop" className="brand">
        Fjord <span aria-hidden="true">&amp;</span>
        <span className="unseen">and</span> Oak
      </Link>
      <nav aria-label="Shop">
        <Link href="/shop" className="nav-shop">
          Everything
        </Link>
        <Link href="/shop/account">{visitor ? visitor.name.split(' ')[0] : 'Sign up'}</Link>
        <Link href="/shop/cart" aria-label={`Cart, ${count} ${count === 1 ? 'item' : 'items'}`} className="nav-cart">
          Cart <span className="count">{count}</span>
        </Link>
      </nav>
    </header>
  );
}

function Pages() {
  const [path] = useLocation();
  const first = useRef(true);
  // Before the page's own effects, so that `page` comes before `view_item`.
  useLayoutEffect(() => {
    page(document.title.split(' · ')[0] ?? '');
    if (first.current) {
      first.current = false;
      return;
    }
    scrollTo(0, 0);
    // A screen reader is told where it is, as after loading a page.
    document.querySelector('h1')?.focus();
  }, [path]);
  return (
    <Switch>
      <Route path="/shop">
        <GridPage />
      </Route>
      <Route path="/shop/product/:id">{({ id }) => <ProductPage key={id} id={id} />}</Route>
      <Route path="/shop/cart">
        <CartPage />
      </Route>
      <Route path="/shop/checkout">
        <CheckoutPage />
      </Route>
      <Route path="/shop/thanks">
        <ThanksPage />
      </Route>
      <Route path="/shop/account">
        <AccountPage />
      </Route>
      <Route>
        <GridPage />
      </Route>
    </Switch>
  );
}
