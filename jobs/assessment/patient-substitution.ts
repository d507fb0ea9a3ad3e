/** An assessed year with the rows of one patient substituted. */
import type { AssessedYear } from '../../data/runs/assessed-years.ts'
import { packedYear, rowsWhere } from '../threads/year-of-shard.ts'

/** The stored rows of everybody else and the patient's own row as realised anew, if either has any: two shards of the year.
 *  @param stored null: nobody was assessed in the year  @param realised `yearOfShard` of the patient's shard */
export const yearWithPatient = (
  patientId: string,
  stored: AssessedYear | null,
  realised: Uint8Array,
): [...others: Uint8Array[], own: Uint8Array] => [
  ...(stored === null ? [] : [rowsWhere(packedYear(stored), (id) => id !== patientId)]),
  rowsWhere(realised, (id) => id === patientId),
]
