/** The names of Sojourn's search attributes in Temporal, all of type Keyword. Their values never hold an address. */
import { defineSearchAttributeKey } from '@temporalio/common';

export const attributeNames = ['SojournJourney', 'SojournPerson', 'SojournRun', 'SojournOutcome'] as const;
export type AttributeName = (typeof attributeNames)[number];

export const journeyAttribute = defineSearchAttributeKey('SojournJourney', 'KEYWORD');
export const personAttribute = defineSearchAttributeKey('SojournPerson', 'KEYWORD');
export const runAttribute = defineSearchAttributeKey('SojournRun', 'KEYWORD');
export const outcomeAttribute = defineSearchAttributeKey('SojournOutcome', 'KEYWORD');
