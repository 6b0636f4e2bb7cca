/** A share as a bar; the number stands beside it. */
export type BarKind = 'step' | 'send' | 'goal' | 'quiet';

export function Bar({ share, kind = 'step' }: { share: number; kind?: BarKind }) {
  return (
    <span className="bar" aria-hidden="true">
      <span className={`bar-fill bar-${kind}`} style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }} />
    </span>
  );
}
