/** Words of the frame of every page, and of what every page may have to say. */
import type { Role } from '../../../data/access/keys.ts'

export type Place =
  | 'today'
  | 'settlements'
  | 'contracts'
  | 'imports'
  | 'models'
  | 'disputes'
  | 'work'
  | 'patients'
  | 'jobs'
  | 'research'
  | 'audit'
  | 'region'
  | 'keys'
  | 'method'

const nl = {
  skip: 'Naar de inhoud',
  menu: 'Menu',
  path: 'Waar u bent',
  otherLanguage: 'English',
  signOut: 'Afmelden',
  lost: 'De verbinding met de dienst is weg. Wat u hebt ingevuld blijft staan; probeer het over een minuut opnieuw.',
  keptDraft: 'Wat u eerder had ingevuld, is teruggezet.',
  places: {
    today: 'Vandaag',
    settlements: 'Afrekeningen',
    contracts: 'Contracten',
    imports: 'Leveringen',
    models: 'Modellen',
    disputes: 'Geschillen',
    work: 'Werklijst',
    patients: 'Patiënten',
    jobs: 'Taken',
    research: 'Onderzoek',
    audit: 'Inzage en handelen',
    region: 'Regio',
    keys: 'Sleutels',
    method: 'Methode',
  } satisfies Record<Place, string> as Record<Place, string>,
  roles: {
    analyst: 'analist',
    insurer: 'verzekeraar',
    partner: 'partner',
    researcher: 'onderzoeker',
    auditor: 'auditor',
    administrator: 'beheerder',
  } satisfies Record<Role, string> as Record<Role, string>,
  states: {
    prepared: 'opgesteld',
    reviewed: 'gecontroleerd',
    released: 'vrijgegeven',
    paid: 'betaald',
    rejected: 'afgewezen',
  } as Readonly<Record<string, string>>,
  status: { provisional: 'voorlopig', final: 'definitief' } as Readonly<Record<string, string>>,
  fewerThanTen: 'minder dan 10',
  none: 'geen',
  unknown: 'onbekend',
  download: (kind: string) => `Download als ${kind}`,
  pageOf: (page: number, pages: number) => `pagina ${page} van ${pages}`,
}

const en: typeof nl = {
  skip: 'To the content',
  menu: 'Menu',
  path: 'Where you are',
  otherLanguage: 'Nederlands',
  signOut: 'Sign out',
  lost: 'The connection to the service is lost. What you filled in stays; try again in a minute.',
  keptDraft: 'What you had filled in before has been put back.',
  places: {
    today: 'Today',
    settlements: 'Settlements',
    contracts: 'Contracts',
    imports: 'Deliveries',
    models: 'Models',
    disputes: 'Disputes',
    work: 'Work list',
    patients: 'Patients',
    jobs: 'Jobs',
    research: 'Research',
    audit: 'Looks and acts',
    region: 'Region',
    keys: 'Keys',
    method: 'Method',
  },
  roles: {
    analyst: 'analyst',
    insurer: 'insurer',
    partner: 'partner',
    researcher: 'researcher',
    auditor: 'auditor',
    administrator: 'administrator',
  },
  states: { prepared: 'prepared', reviewed: 'reviewed', released: 'released', paid: 'paid', rejected: 'rejected' },
  status: { provisional: 'provisional', final: 'final' },
  fewerThanTen: 'fewer than 10',
  none: 'none',
  unknown: 'unknown',
  download: (kind) => `Download as ${kind}`,
  pageOf: (page, pages) => `page ${page} of ${pages}`,
}

export const frameWords = { nl, en }
