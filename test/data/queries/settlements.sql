-- control-effects appendControlEffects
insert into "control_effect" ("settlement_id", "control_id", "partner_id", "payment_cents") values ($1, $2, $3, $4) on conflict do nothing;

-- control-effects readControlEffects
select "control_id", "partner_id", "payment_cents" from "control_effect" where "settlement_id" = $1 order by "control_id", "partner_id";

-- settlements lockLedger
select pg_advisory_xact_lock(hashtext('ledger'), 0);

-- settlements ledgerHead
select seq, hash from ledger_head();

-- settlements entriesOfAccount
select "ledger_entry".* from "ledger_entry" inner join "settlement" on "settlement"."settlement_id" = "ledger_entry"."settlement_id" where "contract_id" = $1 and "region_id" = $2 and "period_start" is not distinct from $3 order by "ledger_entry"."seq";

-- settlements readLedger
select * from "ledger_entry" where "settlement_id" = $1 order by "seq";

-- settlements brokenEntry
select * from "ledger_entry" order by "seq";

-- settlements findSettlement
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;

-- settlements readSettlement
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;

-- settlements documentOf
select settlement_document($1) as document;

-- settlements wholeSettlement
select settlement_document($1) as document;

-- settlements listSettlements
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "contract_id" = $1 and "region_id" = $2 and "as_of" <= $3 order by "as_of" desc, "settlement"."seq" desc;

-- settlements settlementAsOf
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "contract_id" = $1 and "region_id" = $2 and "as_of" <= $3 order by "as_of" desc, "settlement"."seq" desc;

-- excerpts appendExcerpts
select "contract_sha256", "document", "yaml" from "contract" where "contract_sha256" = $1;
insert into "settlement_excerpt" ("settlement_id", "role", "subject", "document") values ($1, $2, $3, $4), ($5, $6, $7, $8), ($9, $10, $11, $12), ($13, $14, $15, $16), ($17, $18, $19, $20), ($21, $22, $23, $24) on conflict do nothing;

-- excerpts readExcerpt
select "document" from "settlement_excerpt" where "settlement_id" = $1 and "role" = $2 and "subject" = $3;

-- excerpts settlementsOf
select "settlement_id" from "settlement_excerpt" where "role" = $1 and "subject" = $2;

-- excerpts completeExcerpts
select "s"."settlement_id", "s"."document", "r"."contract_sha256" from "settlement" as "s" inner join "run" as "r" on "r"."run_id" = "s"."run_id" where not exists (select "x"."role" from "settlement_excerpt" as "x" where "x"."settlement_id" = "s"."settlement_id") order by "s"."seq";

-- model-registry registerModel
insert into "model_validation" ("model_id", "learned_until", "holds") values ($1, $2, $3) on conflict do nothing;

-- model-registry decideOnModel
select * from "model_decision" where "model_id" = $1 order by "seq" desc;
select act_day() as day;
insert into "model_decision" ("model_id", "state", "decided_by", "decided_on", "reason") values ($1, $2, $3, $4, $5);

-- model-registry decisionsOn
select * from "model_decision" where "model_id" = $1 order by "seq" desc;

-- model-registry lastDecisions
select distinct on ("model_id") * from "model_decision" where "model_id" in ($1) order by "model_id", "seq" desc;

-- model-registry listModels
select distinct on ("model_artefact"."model_id") "model_artefact"."model_id", "measure", "programme", "card", "state", "seq" from "model_artefact" inner join "model_decision" on "model_decision"."model_id" = "model_artefact"."model_id" order by "model_artefact"."model_id", "seq" desc;

-- release-obstacles releaseObstacles
select l.measure, l.model_id, last.state, v.learned_until, c.document->'period'->>'start' as starts, a.month as alarmed, a.kind, coalesce(a.seq > last.seq, false) as unseen, last.decided_by, s.prepared_by from settlement s join run r using (run_id) join contract c using (contract_sha256) join run_model l using (run_id) join lateral (select * from model_decision d where d.model_id = l.model_id order by d.seq desc limit 1) last on true left join model_validation v on v.model_id = l.model_id left join drift_alarm a on a.run_id = l.run_id and a.measure = l.measure where s.settlement_id = $1 order by l.measure collate "C";
select o->>'measure' as measure, o->'exchange'->>'certainty' as certainty, o->'exchange'->>'via' as via from settlement s join run r using (run_id) join contract c using (contract_sha256), jsonb_array_elements(c.document->'outcomes') o where s.settlement_id = $1 and o->'exchange'->>'certainty' = any($2) order by 1;

-- act-day actDay
select act_day() as day;

-- lifecycle actOn, a review
select pg_advisory_xact_lock(hashtext('ledger'), 0);
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select act_day() as day;
select "insurers" from "settlement" where "settlement_id" = $1;
select "state", "acted_by" as "by", "acted_on" as "on", "note", "finality" from "settlement_event" where "settlement_id" = $1 order by "step";
select "insurer", "acted_by" as "by", "acted_on" as "on", "note", "finality" from "settlement_approval" where "settlement_id" = $1 order by "seq";
select "insurer", "paid_by" as "by", "paid_on" as "on" from "payment" where "settlement_id" = $1 order by "seq";
select count(*) as "steps" from "settlement_event" where "settlement_id" = $1;
insert into "settlement_event" ("settlement_id", "step", "state", "finality", "acted_by", "acted_on", "note") values ($1, $2, $3, $4, $5, $6, $7);

-- lifecycle actOn, an approval
select pg_advisory_xact_lock(hashtext('ledger'), 0);
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select act_day() as day;
select "insurers" from "settlement" where "settlement_id" = $1;
select "state", "acted_by" as "by", "acted_on" as "on", "note", "finality" from "settlement_event" where "settlement_id" = $1 order by "step";
select "insurer", "acted_by" as "by", "acted_on" as "on", "note", "finality" from "settlement_approval" where "settlement_id" = $1 order by "seq";
select "insurer", "paid_by" as "by", "paid_on" as "on" from "payment" where "settlement_id" = $1 order by "seq";
select "settlement"."settlement_id" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "contract_id" = $1 and "region_id" = $2 and "period_start" is not distinct from $3 and "state" <> $4 order by "as_of" desc, "settlement"."seq" desc limit $5;
select l.measure, l.model_id, last.state, v.learned_until, c.document->'period'->>'start' as starts, a.month as alarmed, a.kind, coalesce(a.seq > last.seq, false) as unseen, last.decided_by, s.prepared_by from settlement s join run r using (run_id) join contract c using (contract_sha256) join run_model l using (run_id) join lateral (select * from model_decision d where d.model_id = l.model_id order by d.seq desc limit 1) last on true left join model_validation v on v.model_id = l.model_id left join drift_alarm a on a.run_id = l.run_id and a.measure = l.measure where s.settlement_id = $1 order by l.measure collate "C";
select o->>'measure' as measure, o->'exchange'->>'certainty' as certainty, o->'exchange'->>'via' as via from settlement s join run r using (run_id) join contract c using (contract_sha256), jsonb_array_elements(c.document->'outcomes') o where s.settlement_id = $1 and o->'exchange'->>'certainty' = any($2) order by 1;
insert into "settlement_approval" ("settlement_id", "insurer", "finality", "acted_by", "acted_on", "note") values ($1, $2, $3, $4, $5, $6);

-- lifecycle actOn, the last approval
select pg_advisory_xact_lock(hashtext('ledger'), 0);
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select act_day() as day;
select "insurers" from "settlement" where "settlement_id" = $1;
select "state", "acted_by" as "by", "acted_on" as "on", "note", "finality" from "settlement_event" where "settlement_id" = $1 order by "step";
select "insurer", "acted_by" as "by", "acted_on" as "on", "note", "finality" from "settlement_approval" where "settlement_id" = $1 order by "seq";
select "insurer", "paid_by" as "by", "paid_on" as "on" from "payment" where "settlement_id" = $1 order by "seq";
select "settlement"."settlement_id" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "contract_id" = $1 and "region_id" = $2 and "period_start" is not distinct from $3 and "state" <> $4 order by "as_of" desc, "settlement"."seq" desc limit $5;
select l.measure, l.model_id, last.state, v.learned_until, c.document->'period'->>'start' as starts, a.month as alarmed, a.kind, coalesce(a.seq > last.seq, false) as unseen, last.decided_by, s.prepared_by from settlement s join run r using (run_id) join contract c using (contract_sha256) join run_model l using (run_id) join lateral (select * from model_decision d where d.model_id = l.model_id order by d.seq desc limit 1) last on true left join model_validation v on v.model_id = l.model_id left join drift_alarm a on a.run_id = l.run_id and a.measure = l.measure where s.settlement_id = $1 order by l.measure collate "C";
select o->>'measure' as measure, o->'exchange'->>'certainty' as certainty, o->'exchange'->>'via' as via from settlement s join run r using (run_id) join contract c using (contract_sha256), jsonb_array_elements(c.document->'outcomes') o where s.settlement_id = $1 and o->'exchange'->>'certainty' = any($2) order by 1;
insert into "settlement_approval" ("settlement_id", "insurer", "finality", "acted_by", "acted_on", "note") values ($1, $2, $3, $4, $5, $6);
select count(*) as "steps" from "settlement_event" where "settlement_id" = $1;
insert into "settlement_event" ("settlement_id", "step", "state", "finality", "acted_by", "acted_on", "note") values ($1, $2, $3, $4, $5, $6, $7);

-- lifecycle actOn, a payment
select pg_advisory_xact_lock(hashtext('ledger'), 0);
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select act_day() as day;
select "insurers" from "settlement" where "settlement_id" = $1;
select "state", "acted_by" as "by", "acted_on" as "on", "note", "finality" from "settlement_event" where "settlement_id" = $1 order by "step";
select "insurer", "acted_by" as "by", "acted_on" as "on", "note", "finality" from "settlement_approval" where "settlement_id" = $1 order by "seq";
select "insurer", "paid_by" as "by", "paid_on" as "on" from "payment" where "settlement_id" = $1 order by "seq";
select min("seq") as "first" from "payment" where "settlement_id" = $1;
select "ledger_entry"."payment_id", "account", "partner_id", "ledger_entry"."insurer", "debit_cents", "credit_cents", "reverses" from "ledger_entry" inner join "payment" on "payment"."payment_id" = "ledger_entry"."payment_id" where "payment"."contract_id" = $1 and "payment"."region_id" = $2 and case when payment.settlement_id is null then $3::date is null or payment.advance_on >= $4::date and payment.advance_on < $5::date + interval '1 year' else (select period_start from settlement s where s.settlement_id = payment.settlement_id) is not distinct from $6::date end order by "ledger_entry"."seq";
select l.partner_id, l.insurer, (l.credit_cents - l.debit_cents) as cents from ledger_entry l where l.account = 'insurer' and l.reverses is null and l.settlement_id = ( select p.settlement_id from payment p where p.contract_id = $1 and p.region_id = $2 and p.settlement_id is not null and p.insurer = '' and ($3::bigint is null or p.seq < $4) order by p.seq desc limit 1) order by l.partner_id collate "C", l.insurer collate "C";
select "settlement"."settlement_id" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "contract_id" = $1 and "region_id" = $2 and "period_start" is not distinct from $3 and "state" <> $4 order by "as_of" desc, "settlement"."seq" desc limit $5;
select "document" from "settlement" where "settlement_id" = $1;
select * from "run" where "run_id" = $1;
select "contract_sha256", "document", "yaml" from "contract" where "contract_sha256" = $1;
insert into "payment" ("payment_id", "contract_id", "region_id", "settlement_id", "insurer", "paid_by", "paid_on") values ($1, $2, $3, $4, $5, $6, $7);
select seq, hash from ledger_head();
insert into ledger_entry select entry.* from jsonb_populate_recordset(null::ledger_entry, $1) entry order by entry.seq;
select "ledger_entry"."payment_id", "account", "partner_id", "ledger_entry"."insurer", "debit_cents", "credit_cents", "reverses" from "ledger_entry" inner join "payment" on "payment"."payment_id" = "ledger_entry"."payment_id" where "payment"."contract_id" = $1 and "payment"."region_id" = $2 and case when payment.settlement_id is null then $3::date is null or payment.advance_on >= $4::date and payment.advance_on < $5::date + interval '1 year' else (select period_start from settlement s where s.settlement_id = payment.settlement_id) is not distinct from $6::date end and "payment"."seq" < $7 order by "ledger_entry"."seq";
select count(*) as "steps" from "settlement_event" where "settlement_id" = $1;
insert into "settlement_event" ("settlement_id", "step", "state", "finality", "acted_by", "acted_on", "note") values ($1, $2, $3, $4, $5, $6, $7);

-- standing readStanding
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select settlement_insurers($1) as insurers;
select "state", "acted_by" as "by", "acted_on" as "on", "note", "finality" from "settlement_event" where "settlement_id" = $1 order by "step";
select "insurer", "acted_by" as "by", "acted_on" as "on", "note", "finality" from "settlement_approval" where "settlement_id" = $1 order by "seq";
select "insurer", "paid_by" as "by", "paid_on" as "on" from "payment" where "settlement_id" = $1 order by "seq";

-- standing wholeStanding
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select "insurers" from "settlement" where "settlement_id" = $1;
select "state", "acted_by" as "by", "acted_on" as "on", "note", "finality" from "settlement_event" where "settlement_id" = $1 order by "step";
select "insurer", "acted_by" as "by", "acted_on" as "on", "note", "finality" from "settlement_approval" where "settlement_id" = $1 order by "seq";
select "insurer", "paid_by" as "by", "paid_on" as "on" from "payment" where "settlement_id" = $1 order by "seq";

-- standing readLifecycle
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select "state", "acted_by" as "by", "acted_on" as "on", "note", "finality" from "settlement_event" where "settlement_id" = $1 order by "step";

-- payments readPayout
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select * from "run" where "run_id" = $1;
select "contract_sha256", "document", "yaml" from "contract" where "contract_sha256" = $1;
select min("seq") as "first" from "payment" where "settlement_id" = $1;
select "ledger_entry"."payment_id", "account", "partner_id", "ledger_entry"."insurer", "debit_cents", "credit_cents", "reverses" from "ledger_entry" inner join "payment" on "payment"."payment_id" = "ledger_entry"."payment_id" where "payment"."contract_id" = $1 and "payment"."region_id" = $2 and case when payment.settlement_id is null then $3::date is null or payment.advance_on >= $4::date and payment.advance_on < $5::date + interval '1 year' else (select period_start from settlement s where s.settlement_id = payment.settlement_id) is not distinct from $6::date end and "payment"."seq" < $7 order by "ledger_entry"."seq";
select l.partner_id, l.insurer, (l.credit_cents - l.debit_cents) as cents from ledger_entry l where l.account = 'insurer' and l.reverses is null and l.settlement_id = ( select p.settlement_id from payment p where p.contract_id = $1 and p.region_id = $2 and p.settlement_id is not null and p.insurer = '' and ($3::bigint is null or p.seq < $4) order by p.seq desc limit 1) order by l.partner_id collate "C", l.insurer collate "C";

-- payments readSetOffs
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select min("seq") as "first" from "payment" where "settlement_id" = $1;
select "ledger_entry"."payment_id", "account", "partner_id", "ledger_entry"."insurer", "debit_cents", "credit_cents", "reverses" from "ledger_entry" inner join "payment" on "payment"."payment_id" = "ledger_entry"."payment_id" where "payment"."contract_id" = $1 and "payment"."region_id" = $2 and case when payment.settlement_id is null then $3::date is null or payment.advance_on >= $4::date and payment.advance_on < $5::date + interval '1 year' else (select period_start from settlement s where s.settlement_id = payment.settlement_id) is not distinct from $6::date end and "payment"."seq" < $7 order by "ledger_entry"."seq";
select l.partner_id, l.insurer, (l.credit_cents - l.debit_cents) as cents from ledger_entry l where l.account = 'insurer' and l.reverses is null and l.settlement_id = ( select p.settlement_id from payment p where p.contract_id = $1 and p.region_id = $2 and p.settlement_id is not null and p.insurer = '' and ($3::bigint is null or p.seq < $4) order by p.seq desc limit 1) order by l.partner_id collate "C", l.insurer collate "C";

-- payments payAdvance
select pg_advisory_xact_lock(hashtext('ledger'), 0);
select act_day() as day;
insert into "payment" ("payment_id", "contract_id", "region_id", "advance_on", "paid_by", "paid_on") values ($1, $2, $3, $4, $5, $6) on conflict ("payment_id") do nothing;
select seq, hash from ledger_head();
insert into ledger_entry select entry.* from jsonb_populate_recordset(null::ledger_entry, $1) entry order by entry.seq;

-- payments payableInsurers
select "settlement"."settlement_id", "settlement"."run_id", "settlement"."contract_id", "settlement"."region_id", "settlement"."as_of", "settlement"."period_start", "settlement"."prepared_by", "settlement"."seq", "state", "finality", "released_by", "released_on" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "settlement"."settlement_id" = $1;
select min("seq") as "first" from "payment" where "settlement_id" = $1;
select "ledger_entry"."payment_id", "account", "partner_id", "ledger_entry"."insurer", "debit_cents", "credit_cents", "reverses" from "ledger_entry" inner join "payment" on "payment"."payment_id" = "ledger_entry"."payment_id" where "payment"."contract_id" = $1 and "payment"."region_id" = $2 and case when payment.settlement_id is null then $3::date is null or payment.advance_on >= $4::date and payment.advance_on < $5::date + interval '1 year' else (select period_start from settlement s where s.settlement_id = payment.settlement_id) is not distinct from $6::date end and "payment"."seq" < $7 order by "ledger_entry"."seq";
select l.partner_id, l.insurer, (l.credit_cents - l.debit_cents) as cents from ledger_entry l where l.account = 'insurer' and l.reverses is null and l.settlement_id = ( select p.settlement_id from payment p where p.contract_id = $1 and p.region_id = $2 and p.settlement_id is not null and p.insurer = '' and ($3::bigint is null or p.seq < $4) order by p.seq desc limit 1) order by l.partner_id collate "C", l.insurer collate "C";

-- payments settledAtOnce
select l.partner_id, l.insurer, (l.credit_cents - l.debit_cents) as cents from ledger_entry l where l.account = 'insurer' and l.reverses is null and l.settlement_id = ( select p.settlement_id from payment p where p.contract_id = $1 and p.region_id = $2 and p.settlement_id is not null and p.insurer = '' and ($3::bigint is null or p.seq < $4) order by p.seq desc limit 1) order by l.partner_id collate "C", l.insurer collate "C";

-- payment-list listPayments
select p.payment_id, p.seq, p.contract_id as contract, p.settlement_id, p.insurer, p.advance_on, p.paid_by, p.paid_on, coalesce((select sum(case l.account when 'advances' then l.debit_cents - l.credit_cents else l.credit_cents - l.debit_cents end) from ledger_entry l where l.payment_id = p.payment_id and l.account in ('partner', 'chain', 'advances') and l.reverses is null), 0)::bigint as cents from payment p where p.region_id = $1 and ($2::text is null or p.settlement_id = $3) and ($4::text is null or p.contract_id = $5) order by p.seq desc;

-- book readBook
with before as (select distinct payment_id from ledger_entry where account = 'advances'), entry as ( select l.entry_id, l.settlement_id, l.payment_id, l.account, l.partner_id, l.insurer, l.debit_cents, l.credit_cents, l.reverses, l.seq, l.debit_cents - l.credit_cents as cents, r.region_id, r.name as region, coalesce(s.contract_id, p.contract_id) as contract, b.payment_id is not null as at_once from ledger_entry l left join settlement s on s.settlement_id = l.settlement_id left join payment p on p.payment_id = l.payment_id join region r on r.region_id = coalesce(s.region_id, p.region_id) left join before b on b.payment_id = l.payment_id where ($1::text is null or coalesce(s.contract_id, p.contract_id) = $2) and ($3::int is null or r.region_id = $4) and l.posted_on <= $5::date and l.seq <= $6::bigint), last as ( select s.region_id, s.contract_id as contract, (array_agg(s.settlement_id order by s.as_of desc, s.seq desc) filter (where st.released_on <= $7::date))[1] as released, (array_agg(s.settlement_id order by s.as_of desc, s.seq desc) filter ( where st.state <> 'rejected' or st.state_since > $8::date))[1] as in_force from settlement s join settlement_state st using (settlement_id) where s.as_of <= $9::date and ($10::bigint is null or exists ( select from ledger_entry l where l.settlement_id = s.settlement_id and l.seq <= $11::bigint)) group by 1, 2) select region, e.contract, account, case account when 'insurer' then insurer when 'coalition' then '' else partner_id end as party, (coalesce(sum(cents) filter (where settlement_id = in_force), 0) - coalesce(sum(cents) filter (where settlement_id = released), 0))::bigint as expected, coalesce(sum(cents) filter (where settlement_id = released), 0)::bigint as owed, coalesce(-sum(cents) filter (where payment_id is not null), 0)::bigint as paid from entry e left join last using (region_id, contract) where not at_once and reverses is null group by 1, 2, 3, 4;
with before as (select distinct payment_id from ledger_entry where account = 'advances'), entry as ( select l.entry_id, l.settlement_id, l.payment_id, l.account, l.partner_id, l.insurer, l.debit_cents, l.credit_cents, l.reverses, l.seq, l.debit_cents - l.credit_cents as cents, r.region_id, r.name as region, coalesce(s.contract_id, p.contract_id) as contract, b.payment_id is not null as at_once from ledger_entry l left join settlement s on s.settlement_id = l.settlement_id left join payment p on p.payment_id = l.payment_id join region r on r.region_id = coalesce(s.region_id, p.region_id) left join before b on b.payment_id = l.payment_id where ($1::text is null or coalesce(s.contract_id, p.contract_id) = $2) and ($3::int is null or r.region_id = $4) and l.posted_on <= $5::date and l.seq <= $6::bigint) select * from entry where at_once order by seq;

-- receipts rowsOfPatient
select f.name as file, t.line, d.delivered_on as "deliveredOn", to_jsonb(t) - array['region_id', 'patient_key', 'measure_id', 'delivery_id', 'source_file_id', 'line'] || case when $1 = 'observation' then jsonb_build_object('measure', (select key from measure_key where measure_id = (to_jsonb(t) ->> 'measure_id')::int)) else '{}' end as values from patient_state_known($2, $3) t join patient p using (patient_key) join delivery d on d.delivery_id = t.delivery_id left join source_file f on f.source_file_id = t.source_file_id where p.region_id = $4 and p.patient_id = $5 order by d.delivered_on, t.delivery_id, t.source_file_id, t.line;
select f.name as file, t.line, d.delivered_on as "deliveredOn", to_jsonb(t) - array['region_id', 'patient_key', 'measure_id', 'delivery_id', 'source_file_id', 'line'] || case when $1 = 'observation' then jsonb_build_object('measure', (select key from measure_key where measure_id = (to_jsonb(t) ->> 'measure_id')::int)) else '{}' end as values from enrolment_known($2, $3) t join patient p using (patient_key) join delivery d on d.delivery_id = t.delivery_id left join source_file f on f.source_file_id = t.source_file_id where p.region_id = $4 and p.patient_id = $5 order by d.delivered_on, t.delivery_id, t.source_file_id, t.line;
select f.name as file, t.line, d.delivered_on as "deliveredOn", to_jsonb(t) - array['region_id', 'patient_key', 'measure_id', 'delivery_id', 'source_file_id', 'line'] || case when $1 = 'observation' then jsonb_build_object('measure', (select key from measure_key where measure_id = (to_jsonb(t) ->> 'measure_id')::int)) else '{}' end as values from observation_known($2, $3) t join patient p using (patient_key) join delivery d on d.delivery_id = t.delivery_id left join source_file f on f.source_file_id = t.source_file_id where p.region_id = $4 and p.patient_id = $5 order by d.delivered_on, t.delivery_id, t.source_file_id, t.line;
select f.name as file, t.line, d.delivered_on as "deliveredOn", to_jsonb(t) - array['region_id', 'patient_key', 'measure_id', 'delivery_id', 'source_file_id', 'line'] || case when $1 = 'observation' then jsonb_build_object('measure', (select key from measure_key where measure_id = (to_jsonb(t) ->> 'measure_id')::int)) else '{}' end as values from condition_episode_known($2, $3) t join patient p using (patient_key) join delivery d on d.delivery_id = t.delivery_id left join source_file f on f.source_file_id = t.source_file_id where p.region_id = $4 and p.patient_id = $5 order by d.delivered_on, t.delivery_id, t.source_file_id, t.line;
select f.name as file, t.line, d.delivered_on as "deliveredOn", to_jsonb(t) - array['region_id', 'patient_key', 'measure_id', 'delivery_id', 'source_file_id', 'line'] || case when $1 = 'observation' then jsonb_build_object('measure', (select key from measure_key where measure_id = (to_jsonb(t) ->> 'measure_id')::int)) else '{}' end as values from medication_known($2, $3) t join patient p using (patient_key) join delivery d on d.delivery_id = t.delivery_id left join source_file f on f.source_file_id = t.source_file_id where p.region_id = $4 and p.patient_id = $5 order by d.delivered_on, t.delivery_id, t.source_file_id, t.line;
select f.name as file, t.line, d.delivered_on as "deliveredOn", to_jsonb(t) - array['region_id', 'patient_key', 'measure_id', 'delivery_id', 'source_file_id', 'line'] || case when $1 = 'observation' then jsonb_build_object('measure', (select key from measure_key where measure_id = (to_jsonb(t) ->> 'measure_id')::int)) else '{}' end as values from claim_known($2, $3) t join patient p using (patient_key) join delivery d on d.delivery_id = t.delivery_id left join source_file f on f.source_file_id = t.source_file_id where p.region_id = $4 and p.patient_id = $5 order by d.delivered_on, t.delivery_id, t.source_file_id, t.line;
select f.name as file, 1 as line, y.delivered_on as "deliveredOn", jsonb_strip_nulls(jsonb_build_object( 'kind', v.kind, 'partner_id', v.partner_id, 'measure', k.key, 'observed_on', v.observed_on, 'value', v.value, 'ruled_by', r.ruled_by)) as values from ruling r join dispute d using (dispute_id) join dispute_preview v using (preview_id) join patient w using (patient_key) left join measure_key k using (measure_id) join delivery y on y.delivery_id = r.delivery_id join source_file f on f.delivery_id = y.delivery_id where w.region_id = $1 and w.patient_id = $2 and y.delivered_on <= $3 order by r.seq;

-- receipts settlementsOfPatient
select s.settlement_id as "settlementId", p.partner_id as "partnerId" from patient w join settlement s using (region_id) join run r using (run_id) cross join lateral (select distinct e.partner_no from measure_key k join expectation e on e.run_key = r.run_key and e.measure_id = k.measure_id and e.years_before = 0 and e.patient_key = w.patient_key) c join run_partner p on p.run_id = s.run_id and p.partner_no = c.partner_no where w.region_id = $1 and w.patient_id = $2 order by s.as_of desc, s.seq desc, p.partner_id collate "C";

-- receipts assessedPatientsOf
with asked as materialized ( select r.run_id, e.run_key as asked_run, e.patient_key as asked_patient, p.partner_no as asked_partner, w.patient_id from run r join run_partner p on p.run_id = r.run_id and p.partner_id = $2 join expectation e on e.run_key = r.run_key and e.partner_no = p.partner_no and e.years_before = 0 join patient w using (patient_key) where r.run_id = $1 and ($3::text is null or w.patient_id = $3) and ($4::text is null or w.patient_id > $4 collate "C") group by r.run_id, e.run_key, e.patient_key, p.partner_no, w.patient_id order by w.patient_id collate "C" limit $5) select a.patient_id, g.partner_id as practice_id, i.insurer, k.key as measure, e.index_on, e.target_on, e.exposure_days, h.status::text, h.baseline, e.mean, e.sd, e.q05, e.q25, e.q50, e.q75, e.q95, h.realised, h.realised_on, e.expected_value, h.realised_value, h.gain, c.measured_probability, c.imputed_gain, c.contribution, m.model_id from asked a join expectation e on e.run_key = a.asked_run and e.years_before = 0 and e.patient_key = a.asked_patient and e.partner_no = a.asked_partner join realisation h using (run_key, measure_id, years_before, patient_key, index_no) left join gain c using (run_key, measure_id, years_before, patient_key, index_no) join measure_key k using (measure_id) join run_partner g on g.run_id = a.run_id and g.partner_no = e.practice_no join run_insurer i on i.run_id = a.run_id and i.insurer_no = e.insurer_no left join run_model m on m.run_id = a.run_id and m.measure = k.key and m.years_elapsed = e.years_elapsed order by a.patient_id collate "C", k.key collate "C", e.index_no;

-- outputs writeExpectations
select "partner_id" as "partnerId", "kind", "member_of" as "memberOf" from "run_partner" where "run_id" = $1 order by "partner_no";
select "insurer" from "run_insurer" where "run_id" = $1 order by "insurer_no";
select "programme" from "contract" where "contract_sha256" = $1;
select "measure", "years_elapsed", "model_id" from "run_model" where "run_id" = $1;
select k.key as measure, k.measure_id as "measureId", y as "yearsBefore" from measure_key k, unnest($2::int[]) y where exists (select from expectation e where e.run_key = $1 and e.measure_id = k.measure_id and e.years_before = y) order by k.key collate "C", y;
copy (select patient_key, patient_id from patient where region_id = 1) to stdout (format binary);
copy (select e.patient_key, e.index_no, h.status::text, e.partner_no, e.practice_no, e.years_elapsed, e.index_on, e.target_on, h.baseline, e.mean, e.sd, e.q05, e.q10, e.q25, e.q50, e.q75, e.q90, e.q95, h.realised, h.realised_on, e.expected_value, h.realised_value, h.gain, a.measured_probability, a.imputed_gain, a.contribution from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) left join gain a using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = 1 and e.measure_id = 1 and e.years_before = 0) to stdout (format binary);
copy (select e.patient_key, e.index_no, h.status::text, e.partner_no, e.practice_no, e.years_elapsed, e.index_on, e.target_on, h.baseline, e.mean, e.sd, e.q05, e.q10, e.q25, e.q50, e.q75, e.q90, e.q95, h.realised, h.realised_on, e.expected_value, h.realised_value, h.gain, a.measured_probability, a.imputed_gain, a.contribution from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no) left join gain a using (run_key, measure_id, years_before, patient_key, index_no) where e.run_key = 1 and e.measure_id = 2 and e.years_before = 0) to stdout (format binary);

-- outputs writePlacebo
select "partner_id" as "partnerId", "kind", "member_of" as "memberOf" from "run_partner" where "run_id" = $1 order by "partner_no";
select "insurer" from "run_insurer" where "run_id" = $1 order by "insurer_no";
select "programme" from "contract" where "contract_sha256" = $1;
select "measure", "years_elapsed", "model_id" from "run_model" where "run_id" = $1;
select k.key as measure, k.measure_id as "measureId", y as "yearsBefore" from measure_key k, unnest($2::int[]) y where exists (select from expectation e where e.run_key = $1 and e.measure_id = k.measure_id and e.years_before = y) order by k.key collate "C", y;
copy (select patient_key, patient_id from patient where region_id = 1) to stdout (format binary);

-- outputs writeLedger
select * from "ledger_entry" where "settlement_id" = $1 order by "seq";

-- settlements appendSettlement
insert into "run" ("run_id", "region_id", "contract_sha256", "as_of", "dataset_sha256", "engine_version") values ($1, $2, $3, $4, $5, $6) on conflict do nothing;
select * from "run" where "run_id" = $1;
select pg_advisory_xact_lock(hashtext('ledger'), 0);
select "contract_sha256", "document", "yaml" from "contract" where "contract_sha256" = $1;
insert into "settlement" ("settlement_id", "run_id", "contract_id", "region_id", "as_of", "period_start", "document", "prepared_by") values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing;
insert into "settlement_excerpt" ("settlement_id", "role", "subject", "document") values ($1, $2, $3, $4), ($5, $6, $7, $8), ($9, $10, $11, $12) on conflict do nothing;
select "ledger_entry".* from "ledger_entry" inner join "settlement" on "settlement"."settlement_id" = "ledger_entry"."settlement_id" where "contract_id" = $1 and "region_id" = $2 and "period_start" is not distinct from $3 order by "ledger_entry"."seq";
select "settlement"."settlement_id" from "settlement" inner join "settlement_state" on "settlement_state"."settlement_id" = "settlement"."settlement_id" where "contract_id" = $1 and "region_id" = $2 and "period_start" is not distinct from $3 and "as_of" > $4 and "state" <> $5 limit $6;
select seq, hash from ledger_head();
insert into ledger_entry select entry.* from jsonb_populate_recordset(null::ledger_entry, $1) entry order by entry.seq;
