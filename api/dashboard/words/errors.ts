/** What could not be done, in words: by the code of the refusal, whose own sentence (in English, with the particulars) stands beneath. */
import type { RefusalCode } from '../../../engine/kernel/refusal-codes.ts'

type Said = Readonly<Partial<Record<RefusalCode, string>>>

const nl = {
  title: 'Dit ging niet',
  particulars: 'Bijzonderheden',
  back: 'Terug naar het begin',
  other: 'De dienst heeft dit niet gedaan. Er is niets veranderd.',
  said: {
    not_found: 'Dit bestaat niet, of u mag er niet van weten.',
    not_allowed: 'Dit is niet voor uw rol bedoeld. Heeft u het nodig, vraag het de beheerder van uw regio.',
    read_only_key: 'Met deze sleutel kunt u kijken, en niets veranderen.',
    not_authenticated: 'Meld u eerst aan.',
    too_many_requests: 'U vraagt meer dan in een minuut kan. Wacht even, en probeer het opnieuw.',
    database_unreachable:
      'De gegevens zijn nu niet te bereiken. Wat bewaard was, is bewaard; probeer het over een minuut opnieuw.',
    redis_unreachable: 'De wachtrij is nu niet te bereiken. Er is niets verloren; probeer het over een minuut opnieuw.',
    overloaded: 'De dienst heeft het nu te druk. Probeer het over een minuut opnieuw.',
    too_slow: 'Dit duurde te lang. Vraag minder tegelijk, of probeer het later opnieuw.',
    singles_out: 'Dit zou iets zeggen over minder dan tien mensen. Splits minder fijn uit.',
    not_open_to_research: 'Dit contract heeft nog geen afrekening die voor onderzoek open is.',
    unknown_measure: 'Deze meting hoort niet bij het contract.',
    internal: 'Hier ging iets mis dat niet aan u ligt. Het is opgeschreven voor wie de dienst beheert.',
  } as Said,
}
const en: typeof nl = {
  title: 'This did not work',
  particulars: 'Particulars',
  back: 'Back to the beginning',
  other: 'The service has not done this. Nothing has changed.',
  said: {
    not_found: 'This does not exist, or you may not know of it.',
    not_allowed: 'This is not meant for your role. If you need it, ask the administrator of your region.',
    read_only_key: 'With this key you can look, and change nothing.',
    not_authenticated: 'Sign in first.',
    too_many_requests: 'You ask more than fits a minute. Wait a moment, and try again.',
    database_unreachable: 'The data cannot be reached now. What was kept is kept; try again in a minute.',
    redis_unreachable: 'The queue cannot be reached now. Nothing is lost; try again in a minute.',
    overloaded: 'The service has too much to do now. Try again in a minute.',
    too_slow: 'This took too long. Ask for less at a time, or try again later.',
    singles_out: 'This would tell of fewer than ten people. Break down less finely.',
    not_open_to_research: 'This contract has no settlement yet that is open to research.',
    unknown_measure: 'This measure is not of the contract.',
    internal: 'Something went wrong that is not of your doing. It is written down for whoever runs the service.',
  },
}
export const errorWords = { nl, en }
