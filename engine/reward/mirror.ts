/** Mirror information: clients by setting, alone or by several disciplines, against what was agreed. */
import type { Treatment } from './rom.ts'

export interface MirrorRow {
  /** setting and mono, multi or unknown: `outpatient multi` */
  readonly setting: string
  readonly clients: number
  /** null: nothing was agreed */
  readonly agreed: number | null
  readonly difference: number | null
}

/** Clients with a treatment open in the year, each once a setting; settings in code units, those agreed and not found too. */
export function mirrorOf(
  treatments: readonly Treatment[],
  year: number,
  agreed: Readonly<Record<string, number>>,
): MirrorRow[] {
  const clients = new Map<string, Set<string>>()
  for (const each of openIn(treatments, year)) {
    const setting = `${each.setting} ${each.disciplines === null ? 'unknown' : each.disciplines > 1 ? 'multi' : 'mono'}`
    clients.set(setting, (clients.get(setting) ?? new Set()).add(each.patient))
  }
  return [...new Set([...clients.keys(), ...Object.keys(agreed)])].sort().map((setting) => {
    const found = clients.get(setting)?.size ?? 0
    const expected = agreed[setting] ?? null
    return { setting, clients: found, agreed: expected, difference: expected === null ? null : found - expected }
  })
}

/** Clients with multiple complex problems (EPA) whose care lies with an institution that is not integrated. */
export const epaOutside = (treatments: readonly Treatment[], year: number, integrated: boolean): number =>
  integrated
    ? 0
    : new Set(
        openIn(treatments, year)
          .filter(({ epa }) => epa)
          .map(({ patient }) => patient),
      ).size

const openIn = (treatments: readonly Treatment[], year: number): Treatment[] =>
  treatments.filter(({ opened, closed }) => opened <= `${year}-12-31` && (closed === null || closed >= `${year}-01-01`))
