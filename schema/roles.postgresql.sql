-- Roles of a registry on PostgreSQL. Made from the code (registry/engines/postgresql_roles.py).
-- The owner of the registry runs this when it has been made, and after each upgrade:
--   psql --set ON_ERROR_STOP=1 --single-transaction --file roles.postgresql.sql DATABASE
-- Then each login gets one role:  CREATE ROLE anna LOGIN PASSWORD '…' IN ROLE photoreg_staff;
-- photoreg_auditor     reads everything and writes nothing
-- photoreg_staff       records photos, answers, consents, decisions, publications
-- photoreg_coordinator also rules, and sets staff, channels and policy
-- Nobody may change or delete what is in the log, not even the coordinator.

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'photoreg_auditor') THEN
    CREATE ROLE photoreg_auditor NOLOGIN;
  END IF;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM photoreg_auditor;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM photoreg_auditor;

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'photoreg_staff') THEN
    CREATE ROLE photoreg_staff NOLOGIN;
  END IF;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM photoreg_staff;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM photoreg_staff;

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'photoreg_coordinator') THEN
    CREATE ROLE photoreg_coordinator NOLOGIN;
  END IF;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM photoreg_coordinator;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM photoreg_coordinator;

GRANT photoreg_auditor TO photoreg_staff;

GRANT photoreg_staff TO photoreg_coordinator;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;

GRANT USAGE ON SCHEMA public TO photoreg_auditor;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO photoreg_auditor;

GRANT INSERT ON consent, consent_channel, consent_event, consent_form, consent_form_answer, consent_form_channel, consent_form_purpose, consent_purpose, decision, depiction, disclosure, event, event_photographer, event_roster, evidence, guardianship, ledger, likeness_block, moment, permission, permission_channel, permission_event, permission_purpose, person, person_name, photo, photo_flag, photo_likeness, photo_photographer, photo_series, publication, record_hash, second_look, stale_person, take_down, touched, unclear_case
  TO photoreg_staff;

GRANT UPDATE ON consent, consent_form, depiction, event, event_photographer, event_roster, evidence, guardianship, likeness_block, moment, permission, person, person_name, photo, photo_flag, photo_likeness, photo_photographer, photo_series, publication, record_hash, second_look, take_down, unclear_case
  TO photoreg_staff;

GRANT DELETE ON depiction, event_photographer, event_roster, likeness_block, photo_likeness, photo_photographer, photo_series, touched, verdict_cache
  TO photoreg_staff;

GRANT EXECUTE ON FUNCTION next_id_of_channel(), next_id_of_consent(), next_id_of_consent_channel(), next_id_of_consent_event(), next_id_of_consent_form(), next_id_of_decision(), next_id_of_depiction(), next_id_of_disclosure(), next_id_of_event(), next_id_of_guardianship(), next_id_of_history(), next_seq_of_ledger(), next_id_of_log_key(), next_id_of_permission(), next_id_of_permission_channel(), next_id_of_permission_event(), next_id_of_person(), next_id_of_person_name(), next_id_of_photo(), next_id_of_photo_flag(), next_version_of_policy_version(), next_id_of_publication(), next_id_of_record_hash(), next_id_of_ruling(), next_id_of_second_look(), next_id_of_staff(), next_id_of_take_down(), next_id_of_unclear_case(), next_id_of_verdict_basis() TO photoreg_staff;

GRANT INSERT ON channel, channel_admin, log_key, missing_consent, photo_class, policy_version, ruling, separate_person, staff, verdict_basis, verdict_cache
  TO photoreg_coordinator;

GRANT UPDATE ON channel, channel_admin, photo_class, staff, verdict_cache
  TO photoreg_coordinator;

GRANT DELETE ON channel_admin, missing_consent, photo_class, separate_person, stale_person, verdict_basis
  TO photoreg_coordinator;

GRANT UPDATE (old) ON history TO photoreg_coordinator;
