export { chooseSurvivor, merge, type Merged } from './merge';
export { mergeTraits, traitsLimitBytes, withoutAddresses, type Traits } from './traits';
export { findPerson, parsePersonName, personName, readPerson, type FoundPerson, type PersonView } from './read';
