/** Looks at patients at the command line, in the audit log before they are shown. */
import { userInfo } from 'node:os'
import { identityOf } from '../../data/access/keys.ts'
import type { Purpose } from '../../data/audit/audit-event.ts'
import { appendEvent } from '../../data/audit/audit-events.ts'
import type { Store } from '../../data/postgres/database.ts'
import { countPatients } from '../../data/region/regions.ts'

export interface Look {
  /** `winst explain` */
  readonly command: string
  readonly regionId: number
  readonly purpose?: Purpose
  /** what was named: settlement, partner and the like */
  readonly object?: Readonly<Record<string, string>>
  /** pseudonyms; `everybody`: all of the settlement or region are read at once */
  readonly patients: readonly string[] | 'everybody'
}

/** Notes who looks at whom, durably: by the token in WINST_TOKEN, else the account that runs the command. */
export async function noteLook(store: Store, look: Look): Promise<void> {
  const { command, regionId, purpose = 'settlement', object = {}, patients } = look
  const holder = process.env.WINST_TOKEN ? await identityOf(store, process.env.WINST_TOKEN) : null
  await appendEvent(store, {
    regionId,
    event: 'look',
    accessPoint: command,
    role: holder?.role ?? 'operator',
    who: holder ? (holder.person ?? holder.subject) : accountName(),
    onBehalfOf: holder && ['insurer', 'partner'].includes(holder.role) ? holder.subject : null,
    credential: holder ? holder.credential : 'command line',
    purpose,
    outcome: 'allowed',
    code: null,
    object,
    patients: patients === 'everybody' ? [] : [...new Set(patients)],
    everybody: patients === 'everybody' ? await countPatients(store, regionId) : null,
  })
}

/** The name of the account; one without a name goes by its number. */
function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
