export { askAbout, createChecks, type Checks } from './ask';
export { createExternalOps } from './external';
export { createStoreOps, type StoreOpsParts } from './ops';
