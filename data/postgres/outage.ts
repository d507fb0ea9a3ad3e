/** Outages of the database or a disk as refusals: what, where, and what to do. */
import { Refusal } from '../../engine/kernel/refusal.ts'
import { fileFaultOf } from '../files/file-fault.ts'
import { placeOf } from './place.ts'

/** Codes of the server (SQLSTATE) by which it says that it ends, is starting, or has no connection left. */
const ENDING = /^(57P0[1-5]|08\w{3}|53300)$/
/** What the driver says of a connection that broke or could not be made. */
const BROKEN =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Cannot use a pool after calling end)/
const NETWORK = /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/

/** The refusal that an error stands for, if it is an outage: of the database, or of a disk here or under it; null for any other.
 *  A refusal is its own; an error that others are the cause of is looked into.
 *  @param url of the database, for its place alone
 *  @returns Refusal `database_unreachable`, `disk_full`, `not_writable`, `file_not_readable` */
export function outageOf(error: unknown, url?: string): Refusal | null {
  if (error instanceof Refusal) return error
  if (!(error instanceof Error)) return null
  const { code = '' } = error as { code?: string }
  if (code === '53100') return databaseFull(url)
  if (code === '25006') return databaseLost(url, 'it takes no writes')
  if (ENDING.test(code) || BROKEN.test(error.message) || (NETWORK.test(code) && !('path' in error)))
    return databaseLost(url)
  const file = fileFaultOf(error)
  if (file) return file
  const inner = error instanceof AggregateError ? error.errors : error.cause === undefined ? [] : [error.cause]
  for (const each of inner) {
    const found = outageOf(each, url)
    if (found) return found
  }
  return null
}

/** The refusal of a database that no longer responds. */
export const databaseLost = (url?: string, why = 'it does not answer any more'): Refusal =>
  new Refusal(
    'database_unreachable',
    `The database${at(url)} was lost in the middle of the work: ${why}. Start it and give the same command again; what was finished is kept.`,
    url === undefined ? {} : { place: placeOf(url) },
  )

const databaseFull = (url?: string): Refusal =>
  new Refusal(
    'disk_full',
    `The disk of the database${at(url)} is full. Make room and give the same command again; what was finished is kept.`,
    url === undefined ? {} : { place: placeOf(url) },
  )

const at = (url: string | undefined): string => (url === undefined ? '' : ` at ${placeOf(url)}`)
