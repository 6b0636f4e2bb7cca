/** Whether the API answers: one value for the whole page, and who wants to know when it changes. */
type Listener = () => void;

let up = true;
/** When the last answer came, in the wall's milliseconds. */
let lastAnswerAt = Date.now();
const listeners = new Set<Listener>();

function set(next: boolean): void {
  if (up === next) return;
  up = next;
  for (const listener of listeners) listener();
}

export const connection = {
  answered(): void {
    lastAnswerAt = Date.now();
    set(true);
  },
  lost(): void {
    set(false);
  },
  isUp: (): boolean => up,
  lastAnswerAt: (): number => lastAnswerAt,
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
