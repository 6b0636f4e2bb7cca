/** Whether the API answers: one value for the whole page, and who wants to know when it changes. */
import { stackTimeAt } from '../clock/stack-clock';

type Listener = () => void;

let up = true;
/** When the last answer came, in milliseconds of `performance.now()`. */
let lastAnswerAt = performance.now();
const listeners = new Set<Listener>();

function set(next: boolean): void {
  if (up === next) return;
  up = next;
  for (const listener of listeners) listener();
}

export const connection = {
  answered(): void {
    lastAnswerAt = performance.now();
    set(true);
  },
  lost(): void {
    set(false);
  },
  isUp: (): boolean => up,
  /** By the stack's clock, as everything that the answer told. */
  lastAnswerAt: (): number => stackTimeAt(lastAnswerAt),
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
