/** The kinds of partner that a region's files may name (interface.md 1). */
export const PARTNER_KINDS = [
  'gp_practice',
  'care_group',
  'hospital',
  'diagnostic_centre',
  'mental_health',
  'home_care',
  'patient_organisation',
] as const

/** What each kind is called in a sentence. */
export const PARTNER_KIND_NAMES: Readonly<Record<'nl' | 'en', Readonly<Record<string, string>>>> = {
  nl: {
    gp_practice: 'huisartsenpraktijk',
    care_group: 'zorggroep',
    hospital: 'ziekenhuis',
    diagnostic_centre: 'diagnostisch centrum',
    mental_health: 'ggz-instelling',
    home_care: 'thuiszorg',
    patient_organisation: 'patiëntenorganisatie',
  },
  en: {
    gp_practice: 'GP practice',
    care_group: 'care group',
    hospital: 'hospital',
    diagnostic_centre: 'diagnostic centre',
    mental_health: 'mental health care',
    home_care: 'home care',
    patient_organisation: 'patient organisation',
  },
}
