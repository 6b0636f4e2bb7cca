import note from './note/message';
import nudge from './nudge/message';
import parcel from './parcel/message';
import receipt from './receipt/message';
import secondNote from './second-note/message';
import tip from './tip/message';

export const messages = { note, 'second-note': secondNote, nudge, tip, receipt, parcel };
