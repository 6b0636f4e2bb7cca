/** An address that leads nowhere. */
import { Link } from 'wouter';
import { PageHead } from '../parts/page-head';

export function NotFound() {
  return (
    <>
      <PageHead title="There is no such page" says={<p>The address may be mistyped, or the page was moved.</p>} />
      <p>
        Go to the <Link href="/">overview</Link>, or look for somebody in <Link href="/people">people</Link>.
      </p>
    </>
  );
}
