/** By what a run is told from others of its journey and person; whole where somebody points at it. */
import type { Keyed } from '../api/answers';
import { keyInWords } from '../words/keyed';

export function KeyOfRun({ keyed, className }: { keyed: Keyed; className?: string }) {
  const shown = keyInWords(keyed);
  const whole = `${keyed.by} ${keyed.value}`;
  return (
    <span className={className ? `id ${className}` : 'id'} title={whole === shown ? undefined : whole}>
      {shown}
    </span>
  );
}
