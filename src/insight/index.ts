/** What the store's rows come to: of the whole stack, and of one journey. Reads only. */
export { readJourneyResults, type JourneyResults, type ResultsRequest } from './journey-results';
export { createOverview, type Overview, type OverviewReader, type OverviewRequest } from './overview';
export { refusalInWords, stepInWords } from './step-words';
