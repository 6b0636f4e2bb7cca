import note from './note/message';
import secondNote from './second-note/message';

export const messages = { note, 'second-note': secondNote };
