/** The marks by which an own export is recognised: such a source is complete. */

/** Names the ids of partners, patients and claims as they are in the region, whatever a format makes of them. */
export const OWN_ID = 'urn:gezondheidswinst:id'

/** Source of a resource that we wrote; abbreviation of an OMOP source that we wrote. */
export const OUR_EXPORT = 'urn:gezondheidswinst:export'
export const OUR_OMOP = 'gezondheidswinst'
