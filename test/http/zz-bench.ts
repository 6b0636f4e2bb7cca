import { closeOwnParts } from '../support';
import { openFrontDoor } from './front-door';
const door = await openFrontDoor({ parts: process.env.NOSTORE ? { accept: (e) => Promise.resolve(e.map(() => ({ eventId: '1', personId: '1', duplicate: false }))) } : {} });
console.log('PORT', new URL(door.url).port);
process.on('SIGTERM', async () => { await door.close(); await closeOwnParts(); process.exit(0); });
