/** Has what tests run on in the cache before they ask for it, with progress: Temporal's CLI, its two other servers. */
import { findTemporalCli, findTimeSkippingServer } from '../../src/embedded';
import { buildTemporalServer } from './temporal-server';

const log = (line: string): void => console.log(line);
const cli = await findTemporalCli({ log });
log(`Temporal: ${cli.version}, ${cli.path}`);
const skipping = await findTimeSkippingServer({ log });
log('path' in skipping ? `time-skipping server: ${skipping.path}` : skipping.reason);
const server = await buildTemporalServer({ log });
log('folder' in server ? `Temporal's server: ${server.folder}` : server.reason);
