export { chooseSurvivor, merge, type Merged } from './merge';
export { mergeTraits, traitsLimitBytes, withoutAddresses, type Traits } from './traits';
export {
  findPerson,
  listPeople,
  parsePersonName,
  personName,
  readPerson,
  type FoundPerson,
  type PersonRow,
  type PersonView,
} from './read';
