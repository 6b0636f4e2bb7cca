export { createClock, type Clock } from './clock';
export { loadClock, OtherTimeScale } from './load';
