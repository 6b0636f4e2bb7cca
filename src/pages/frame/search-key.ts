/** The key `/` leads to the search of the page, or to the one for people. */
import { useEffect } from 'react';
import { useLocation } from 'wouter';

export function useSearchKey(): void {
  const [, go] = useLocation();
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      const search = document.querySelector<HTMLInputElement>('input[type="search"]');
      if (search) search.focus();
      else go('/people');
    }
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [go]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], dialog') !== null;
}
