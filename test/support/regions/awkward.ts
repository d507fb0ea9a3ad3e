/** A small region that a format may stumble over: ids that FHIR does not allow or OMOP has no room for, a member, a promise without a period,
 *  an own programme, a diagnosis of a programme that nobody is enrolled in, halves and credits, a pseudonym. */

const pseudonym = '00ff17'.padEnd(64, 'a')
const longPartner = 'praktijk-met-een-naam-van-vijfenveertig-tekens'

export const awkward = {
  'partners.csv': `partner_id,name,kind,agb,member_of
group_één,"Groep, de ""beste""",care_group,,
p_01,Praktijk 1,gp_practice,01234567,group_één
lab,"=HYPERLINK(""http://x"",""Lab"")",diagnostic_centre,,
eik,- De Eik,hospital,,
apo,''=f(1),hospital,,
${longPartner},"${'Lang'.repeat(70)}",gp_practice,,
`,
  'patients.csv': `patient_id,birth_year,sex,postcode4,insurer,died_on
a_1,1950,m,1012,7095,
b_2,1960,x,,,2025-06-01
c_3,1970,f,2300,,
${pseudonym},1955,f,,7095,
`,
  'enrolments.csv': `patient_id,programme,partner_id,started_on,ended_on,end_reason,main_practitioner
a_1,dm2,p_01,2023-01-01,2024-01-01,moved,specialist
a_1,dm2,group_één,2024-01-01,,,gp
b_2,dm2,p_01,2023-02-01,2025-06-01,died,
${pseudonym},dm2,${longPartner},2023-02-01,2024-06-01,declined,gp
${pseudonym},dm2,p_01,2024-09-01,,,
`,
  'observations.csv':
    'patient_id,measure,observed_on,value,unit,partner_id\na_1,hba1c,2024-01-10,7.5,%,lab\na_1,hba1c,2024-01-10,55,mmol/mol,\nb_2,egfr,2024-03-01,61.25,mL/min/1.73m2,p_01\nb_2,eq5d,2024-03-01,-0.2,{utility},\nb_2,sbp,2024-03-01,140,mmHg,\nb_2,acr,2024-03-01,2.5,mg/mmol,\nb_2,ldl,2024-03-01,2.1,mmol/L,\nb_2,nyha,2024-03-01,2,{class},\nc_3,own,2024-03-01,0.000001,{score},\n',
  'conditions.csv':
    'patient_id,code_system,code,onset_on,resolved_on\na_1,ICPC-1,T90.02,2019-01-01,\nb_2,ICD-10,J44.1,2020-01-01,2021-01-01\nc_3,SNOMED,44054006,2020-02-29,\na_1,ICD-10,K74,2020-01-01,\na_1,ICPC-1,K74,2020-01-01,\n',
  'medications.csv': 'patient_id,atc,started_on,ended_on\na_1,A10BA02,2020-01-01,\nb_2,C10AA01,2020-01-01,2021-01-01\n',
  'claims.csv':
    'claim_id,patient_id,partner_id,performed_on,code,quantity,amount_eur,setting\nx_1,a_1,p_01,2025-01-01,12000,1.5,12.50,outpatient\nx-2,b_2,lab,2025-02-01,"a,b",1,-0.05,\nx-3,c_3,lab,2025-02-01,12001,3,1.15,inpatient\nx-4,c_3,lab,2025-02-01,12001,1,99999999.97,inpatient\n',
  'quality.csv':
    'partner_id,gate,value,period,evidence\np_01,benchmark_participation,true,,\ngroup_één,patient_experience,7.9,2025,"brief, 3 maart"\n',
  'programmes/own.yaml':
    'programme: own\ntitle: {nl: Eigen, en: Own}\nmeasures:\n  own: {title: {nl: Eigen, en: Own}, unit: "{score}", better: lower, plausible: [0, 10]}\n',
}
