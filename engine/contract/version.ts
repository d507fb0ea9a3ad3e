/** The version of the rules. It is part of every settlement's id, so it changes whenever anyone could be paid differently;
 *  package.json carries the same. */
export const ENGINE_VERSION = '0.2.0'
