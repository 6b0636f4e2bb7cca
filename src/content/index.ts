/**
 * What a team writes, loaded and checked as a whole: journeys, messages, checks and the tracking plan. What is wrong
 * with any of it stops the start, by name.
 */
export { loadContent, type Content, type LoadedJourney } from './load-content';
export { remarkInWords, remarksOn, type Remark } from './remarks';
