/** Has the Temporal CLI and the time-skipping server in the cache before the tests ask for them, with progress. */
import { findTemporalCli, findTimeSkippingServer } from '../../src/embedded';

const log = (line: string): void => console.log(line);
const cli = await findTemporalCli({ log });
log(`Temporal: ${cli.version}, ${cli.path}`);
const skipping = await findTimeSkippingServer({ log });
log('path' in skipping ? `time-skipping server: ${skipping.path}` : skipping.reason);
