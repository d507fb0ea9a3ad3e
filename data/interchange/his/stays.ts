/** Derives enrolments from the status on successive peildata. */
import type { SourceDay } from '../mapping/source-day.ts'

/** The status of a patient on a peildatum. */
export interface PeildatumStatus {
  readonly on: SourceDay
  readonly practice: string
  readonly takesPart: boolean
  readonly mainPractitioner: string
}

export interface Spell {
  readonly practice: string
  readonly since: SourceDay
  /** blank: not ended */
  readonly until: SourceDay
  readonly endReason: string
  readonly mainPractitioner: string
}

/** Enrolment spells: from the first peildatum on which a patient takes part, at one practice under one main practitioner, to the first on which
 *  that is no longer so: the patient no longer takes part, is elsewhere, or is missing from the practice's extract.
 *  @param statuses of one patient in one programme, ascending by day, one a day
 *  @param peildata of a practice, ascending
 *  @param diedOn blank: not */
export function spellsOf(
  statuses: readonly PeildatumStatus[],
  peildata: (practice: string) => readonly SourceDay[],
  diedOn: SourceDay,
): Spell[] {
  const spells: Spell[] = []
  let since: SourceDay | null = null
  for (const [i, at] of statuses.entries()) {
    if (!at.takesPart) continue
    since ??= at.on
    const end = endAfter(at, statuses[i + 1], peildata(at.practice))
    if (end === null) continue
    const { practice, mainPractitioner } = at
    spells.push({ practice, mainPractitioner, since, ...orDeath(end, since, diedOn) })
    since = null
  }
  return spells
}

type End = Pick<Spell, 'until' | 'endReason'>

/** How a spell ends after a peildatum; null if the next finds it as it was. */
function endAfter(at: PeildatumStatus, next: PeildatumStatus | undefined, peildata: readonly SourceDay[]): End | null {
  const missed = peildata.find((day) => day > at.on && (next === undefined || day < next.on))
  if (missed !== undefined) return { until: missed, endReason: 'other' }
  if (next === undefined) return { until: '', endReason: '' }
  if (next.takesPart && next.practice !== at.practice) return { until: next.on, endReason: 'moved' }
  const goesOn = next.takesPart && next.mainPractitioner === at.mainPractitioner
  return goesOn ? null : { until: next.on, endReason: 'other' }
}

function orDeath(end: End, since: SourceDay, diedOn: SourceDay): End {
  if (diedOn === '' || (end.until !== '' && end.until < diedOn)) return end
  return { until: diedOn < since ? since : diedOn, endReason: 'died' }
}
