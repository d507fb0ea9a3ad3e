/** Words of signing in. */
const nl = {
  title: 'Aanmelden',
  lead: 'Verwachte en bereikte gezondheid, en wat daaruit volgt. U ziet hier wat uw sleutel mag zien.',
  token: 'Sleutel',
  signIn: 'Aanmelden',
  where: 'Een sleutel krijgt u van de beheerder van uw regio.',
  unknownToken: 'Deze sleutel is niet bekend, of is verlopen. Vraag de beheerder van uw regio om een nieuwe.',
  expired: 'Uw sessie is verlopen. Meld u opnieuw aan; wat u had ingevuld staat er dan weer.',
}
const en: typeof nl = {
  title: 'Sign in',
  lead: 'Expected and realised health, and what follows from it. You see here what your key may see.',
  token: 'Key',
  signIn: 'Sign in',
  where: 'The administrator of your region gives out keys.',
  unknownToken: 'This key is not known, or has ended. Ask the administrator of your region for a new one.',
  expired: 'Your session has ended. Sign in again; what you had filled in will be there.',
}
export const signInWords = { nl, en }
