/** Checks across rows of the files of the chains: contracts of a year at most that do not overlap, and one word a day of an insurer and of consent. */
import type { ClientBase } from 'pg'
import { rejectStaged, type StagedFault } from './reconcile.ts'
import type { FactFile } from './rows/fact-file.ts'
import type { Faults } from './rows/faults.ts'
import { stagedName } from './staging-table.ts'

/** Rejects what contradicts another row of these files; of other files nothing. */
export async function rejectChainFaults(client: ClientBase, fact: FactFile, faults: Faults): Promise<void> {
  if (fact.table === 'provider_contract') await rejectContracts(client, fact, faults)
  if (fact.table === 'insured') await rejectTwins(client, fact, faults, ['patient_key'], 'insurer')
  if (fact.table === 'participation') await rejectTwins(client, fact, faults, ['patient_key', 'programme'], 'consent')
}

async function rejectContracts(client: ClientBase, fact: FactFile, faults: Faults): Promise<void> {
  const staged = stagedName(fact)
  const { rows: long } = await client.query<{ line: number; value: string; most: string }>(
    `select line, ends_on::text as value, (starts_on + interval '1 year' - interval '1 day')::date::text as most
       from ${staged} where ends_on >= starts_on + interval '1 year' order by line`,
  )
  const overYear = long.map(({ line, value, most }) => ({
    line,
    column: 'end',
    value,
    reason: `a contract of more than a year; one that starts then ends on ${most} at the latest`,
  }))
  await rejectStaged(client, fact, faults, overYear)
  const { rows } = await client.query<ContractRow>(
    `select line, partner_id, programme, insurer, starts_on::text as starts, ends_on::text as ends from ${staged}
      order by partner_id collate "C", programme collate "C", insurer, starts_on, line`,
  )
  await rejectStaged(client, fact, faults, overlapsIn(rows))
}

interface ContractRow {
  readonly line: number
  readonly partner_id: string
  readonly programme: string
  readonly insurer: string
  readonly starts: string
  readonly ends: string
}

/** Of two contracts that overlap the later-started goes; of two that start together, the later row. */
function overlapsIn(rows: readonly ContractRow[]): StagedFault[] {
  const faults: StagedFault[] = []
  let kept: ContractRow | undefined
  for (const row of rows) {
    const isSame =
      kept?.partner_id === row.partner_id && kept.programme === row.programme && kept.insurer === row.insurer
    if (!kept || !isSame || row.starts > kept.ends) kept = row
    else
      faults.push({
        line: row.line,
        column: 'start',
        value: row.starts,
        reason: `overlaps the contract of ${kept.partner_id} with ${kept.insurer} for ${kept.programme} of ${kept.starts} to ${kept.ends} (line ${kept.line})`,
      })
  }
  return faults.sort((a, b) => a.line - b.line)
}

async function rejectTwins(
  client: ClientBase,
  fact: FactFile,
  faults: Faults,
  of: readonly string[],
  column: string,
): Promise<void> {
  const { rows } = await client.query<{ line: number; value: string; first: number; since: string }>(
    `select line, value, first, since from (
       select line, ${column} as value, since::text as since, min(line) over (partition by ${of.join(', ')}, since) as first from ${stagedName(fact)}) told
      where line > first order by line`,
  )
  const twins = rows.map(({ line, value, first, since }) => ({
    line,
    column,
    value,
    reason: `line ${first} says otherwise from ${since} on`,
  }))
  await rejectStaged(client, fact, faults, twins)
}
