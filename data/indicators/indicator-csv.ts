/** Figures as the files of interface.md: indicators.csv for the region itself, and what goes to the national benchmark. */
import { SMALLEST_GROUP } from '../../engine/disclosure/small-groups.ts'
import type { Figure } from '../../engine/indicators/figures.ts'

const line = (cells: readonly (string | number)[]): string => `${cells.join(';')}\n`

/** Every partner, every figure. */
export const indicatorsCsv = (figures: readonly Figure[]): string =>
  line(['partner_id', 'jaar', 'programma', 'indicator', 'versie', 'noemer', 'teller', 'uitgesloten', 'onbekend']) +
  figures
    .map(({ partnerId, year, programme, indicator, version, denominator, numerator, excluded, unknown }) =>
      line([partnerId, year, programme, indicator, version, denominator, numerator, excluded, unknown]),
    )
    .join('')

/** Care groups and whoever belongs to none; figures of fewer than ten people are left out. The layout of the benchmark itself is not public.
 *  @param members practices that are delivered under their care group */
export const benchmarkCsv = (figures: readonly Figure[], members: ReadonlySet<string>): string =>
  line(['zorggroep_id', 'jaar', 'programma', 'indicator_id', 'teller', 'noemer', 'excluded_n', 'definitie_versie']) +
  figures
    .filter(({ partnerId, denominator }) => !members.has(partnerId) && denominator >= SMALLEST_GROUP)
    .map(({ partnerId, year, programme, indicator, numerator, denominator, excluded, version }) =>
      line([partnerId, year, programme, indicator, numerator, denominator, excluded, version]),
    )
    .join('')
