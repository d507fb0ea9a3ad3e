/** Words of signing in. */
const nl = {
  title: 'Aanmelden',
  lead: 'Verwachte en bereikte gezondheid, en wat daaruit volgt. U ziet hier wat uw sleutel mag zien.',
  token: 'Sleutel',
  signIn: 'Aanmelden',
  where: 'Een sleutel krijgt u van de beheerder van uw regio.',
  unknownToken: 'Deze sleutel is niet bekend, of is verlopen. Vraag de beheerder van uw regio om een nieuwe.',
  atProvider: 'Aanmelden bij uw organisatie',
  orKey: 'Of met een sleutel:',
  notLetIn: 'U bent niet aangemeld. Probeer het opnieuw, vanaf het begin.',
  tooLong:
    'Uw organisatie geeft een bewijs dat te lang is voor een browser (meer dan 3.900 tekens). Vraag haar beheerder om er minder in te zetten.',
  linkLead: 'Deze link laat u één keer binnen, voor één dag. Druk op de knop om u aan te melden.',
  linkOver: 'Deze link is al gebruikt, of is verlopen. Vraag om een nieuwe aan wie u de link gaf.',
  withKey: 'Aanmelden met een sleutel',
  expired: 'Uw sessie is verlopen. Meld u opnieuw aan; wat u had ingevuld staat er dan weer.',
}
const en: typeof nl = {
  title: 'Sign in',
  lead: 'Expected and realised health, and what follows from it. You see here what your key may see.',
  token: 'Key',
  signIn: 'Sign in',
  where: 'The administrator of your region gives out keys.',
  unknownToken: 'This key is not known, or has ended. Ask the administrator of your region for a new one.',
  atProvider: 'Sign in at your organisation',
  orKey: 'Or with a key:',
  notLetIn: 'You are not signed in. Try again, from the beginning.',
  tooLong:
    'Your organisation gives a token that is too long for a browser (more than 3,900 characters). Ask its administrator to put less into it.',
  linkLead: 'This link lets you in once, for a day. Press the button to sign in.',
  linkOver: 'This link was used already, or is over. Ask whoever gave it to you for a new one.',
  withKey: 'Sign in with a key',
  expired: 'Your session has ended. Sign in again; what you had filled in will be there.',
}
export const signInWords = { nl, en }
