/** A share as a bar; the number stands beside it. */
export function Bar({ share, kind = 'step' }: { share: number; kind?: 'step' | 'send' | 'goal' | 'quiet' }) {
  return (
    <span className="bar" aria-hidden="true">
      <span className={`bar-fill bar-${kind}`} style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }} />
    </span>
  );
}
