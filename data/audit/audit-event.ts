/** What an event of the audit log says (NEN 7513): who did or looked at what, about whom, for which purpose, and how it ended. */

/** Why somebody asks; a request says it in the header `Purpose`, or its route and role do. */
export const PURPOSES = ['settlement', 'dispute', 'research', 'oversight', 'care', 'administration'] as const
export type Purpose = (typeof PURPOSES)[number]

/** `look`: patients were shown or asked for. `search`: a list, or a query. `lost`: what could not be kept while the database was away. */
export const EVENTS = ['look', 'search', 'read', 'act', 'sign_in', 'lost'] as const
export type EventKind = (typeof EVENTS)[number]

export const OUTCOMES = ['allowed', 'refused', 'failed'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** An event before it is appended; its time is the database's. */
export interface AuditEvent {
  /** null: nobody was let in, so that no region is known */
  readonly regionId: number | null
  readonly event: EventKind
  /** verb and template of a route, or a command: never a path with an id in it */
  readonly accessPoint: string
  /** blank: nobody */
  readonly role: string
  readonly who: string
  /** the insurer or partner in whose name */
  readonly onBehalfOf: string | null
  /** id of the key, issuer of the token, or the command line */
  readonly credential: string
  readonly purpose: Purpose
  readonly outcome: Outcome
  /** why it was refused, or failed; null where it was allowed */
  readonly code: string | null
  /** what was named: settlement, partner, contract and the like */
  readonly object: Readonly<Record<string, string>>
  /** pseudonyms of the patients shown or asked for */
  readonly patients: readonly string[]
  /** how many, where all patients of the settlement or region were read at once */
  readonly everybody: number | null
}

/** An event as it stands in the log. */
export interface LoggedEvent extends Omit<AuditEvent, 'regionId'> {
  readonly auditId: number
  readonly seq: number
  readonly at: Date
  /** equal events within half a second are one, but never looks */
  readonly times: number
  readonly hash: string
}
