/** The two orders of texts that results are written in. */

/** Order by UTF-16 code units: that of JavaScript's own `<`, the same in every locale. */
export const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** Order by UTF-8 bytes: that of PostgreSQL under the collation "C". */
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
