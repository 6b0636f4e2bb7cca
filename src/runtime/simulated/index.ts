/** The simulated clock, and a world in memory that decides by production's own rules. */
export type { Happening } from './happenings';
export type { Content, Decision, KeptEvent, Person, RunRow, Send, WorldDelivery } from './records';
export { Simulation, type SimulationOptions, type Timed } from './simulation';
export { World, type WorldOptions } from './world';
