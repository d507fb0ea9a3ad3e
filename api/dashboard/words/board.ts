/** Words of the link that a partner gives its board. */
import type { Lang } from '../../report/words/format.ts'

interface BoardWords {
  readonly title: string
  readonly about: string
  readonly days: string
  for(days: number): string
  readonly make: string
  made(days: string): string
  readonly back: string
  readonly over: string
}

export const boardWords: Readonly<Record<Lang, BoardWords>> = {
  nl: {
    title: 'Link voor het bestuur',
    about:
      'Uw bestuur leest met deze link één A4 met een bijlage, zonder zelf in te loggen. De link opent niets anders, noemt geen patiënten en verloopt vanzelf. Wat er staat, blijft zoals het nu is.',
    days: 'Geldig',
    for: (days) => `${days} dagen`,
    make: 'Link maken',
    made: (days) => `De link werkt ${days}. Hij wordt maar één keer getoond; geef hem alleen aan uw bestuur.`,
    back: 'Terug naar de uitleg van de betaling',
    over: 'Deze link is verlopen of bestaat niet. Vraag een nieuwe aan wie hem u gaf.',
  },
  en: {
    title: 'Link for the board',
    about:
      'With this link your board reads one A4 with an appendix, without signing in. The link opens nothing else, names no patients and expires by itself. What it shows stays as it is now.',
    days: 'Valid for',
    for: (days) => `${days} days`,
    make: 'Make a link',
    made: (days) => `The link works for ${days}. It is shown once only; give it to your board and nobody else.`,
    back: 'Back to why this is paid',
    over: 'This link has expired or does not exist. Ask whoever gave it to you for a new one.',
  },
}
