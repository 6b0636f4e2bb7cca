/** A loaded journey, as the router and the pages know it: its id and its header as data. */
import type { HeaderData } from './header';

export interface CatalogJourney {
  id: string;
  header: HeaderData;
}
