export { askAbout, createChecks, type Checks } from './ask';
export { createExternalOps } from './external';
export { createGiveUp, type GiveUpParts } from './give-up';
export { createStoreOps, type StoreOpsParts } from './ops';
