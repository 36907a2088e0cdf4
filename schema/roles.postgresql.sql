-- Roles of a registry on PostgreSQL. Made from the code (registry/engines/postgresql_roles.py).
-- The owner of the registry runs this when it has been made, and after each upgrade:
--   psql --set ON_ERROR_STOP=1 --single-transaction --file roles.postgresql.sql DATABASE
-- Then each user gets a login with one of the roles:
--   CREATE ROLE anna LOGIN PASSWORD '…' IN ROLE photoreg_staff;
-- photoreg_auditor     reads everything, and writes nothing but what it was shown
-- photoreg_staff       records photos, answers, consents, decisions, publications
-- photoreg_coordinator also rules, and sets staff, channels and policy
-- A login acts for the user whose login in the registry is the same, or for whom it is recorded
-- (photoreg staff change). Nobody may change or delete what is in the log, not even coordinators.
-- A program that serves several users (a door) logs in without rights of its own, and takes a
-- user's role for each transaction, with the secret of a live session or key of that user:
--   CREATE ROLE desk LOGIN PASSWORD '…' NOINHERIT IN ROLE photoreg_door, anna;
--   ALTER ROLE desk SET role = photoreg_door;

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

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'photoreg_door') THEN
    CREATE ROLE photoreg_door NOLOGIN;
  END IF;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM photoreg_door;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM photoreg_door;

CREATE OR REPLACE FUNCTION member_with_role(in_force name) RETURNS integer LANGUAGE plpgsql
STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE member record;
BEGIN
  SELECT id, role INTO member FROM staff WHERE coalesce(server_role, login) = in_force AND active;
  IF member.id IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'PR001',
      MESSAGE = 'the role ' || in_force || ' is not recorded for a user';
  END IF;
  IF (in_force <> session_user OR member.role = 'api_key')
    AND NOT EXISTS (SELECT FROM access_secret WHERE staff_id = member.id AND access_secret.valid_until > clock_timestamp() AND greatest(access_secret.added_at, (SELECT used_at FROM session_use WHERE secret_id = access_secret.id)) > clock_timestamp() - interval '1800 seconds'
    AND sha256 = encode(sha256(convert_to(current_setting('photoreg.secret', true), 'UTF8')), 'hex')
  UNION ALL SELECT FROM api_key WHERE staff_id = member.id AND revoked_at IS NULL
    AND last_day >= (clock_timestamp() AT TIME ZONE 'Europe/Helsinki')::date AND sha256 = encode(sha256(convert_to(current_setting('photoreg.secret', true), 'UTF8')), 'hex')) THEN
    RAISE EXCEPTION USING ERRCODE = 'PR002',
      MESSAGE = session_user || ' showed no secret of a live session or key of ' || in_force;
  END IF;
  IF pg_has_role(in_force, 'photoreg_coordinator', 'MEMBER')
      AND member.role NOT IN ('coordinator', 'deputy')
    OR pg_has_role(in_force, 'photoreg_staff', 'MEMBER')
      AND member.role = 'auditor' THEN
    RAISE EXCEPTION USING ERRCODE = 'PR003',
      MESSAGE = 'the role ' || in_force || ' has more rights than its user';
  END IF;
  RETURN member.id;
END $$;

CREATE OR REPLACE FUNCTION acting_member() RETURNS integer LANGUAGE plpgsql
STABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$ BEGIN
  RETURN member_with_role(current_user);
END $$;

CREATE OR REPLACE FUNCTION acts_as_owner() RETURNS boolean LANGUAGE plpgsql
STABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$ BEGIN
  RETURN (SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class
    WHERE oid = 'public.ledger'::regclass);
END $$;

ALTER TABLE access_secret ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS access_secret_of_members ON access_secret;

CREATE POLICY access_secret_of_members ON access_secret
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE api_key ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS api_key_of_members ON api_key;

CREATE POLICY api_key_of_members ON api_key
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE api_key_channel ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS api_key_channel_of_members ON api_key_channel;

CREATE POLICY api_key_channel_of_members ON api_key_channel
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE channel ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS channel_of_members ON channel;

CREATE POLICY channel_of_members ON channel
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE channel_admin ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS channel_admin_of_members ON channel_admin;

CREATE POLICY channel_admin_of_members ON channel_admin
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE consent ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS consent_of_members ON consent;

CREATE POLICY consent_of_members ON consent
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE consent_channel ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS consent_channel_of_members ON consent_channel;

CREATE POLICY consent_channel_of_members ON consent_channel
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE consent_event ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS consent_event_of_members ON consent_event;

CREATE POLICY consent_event_of_members ON consent_event
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE consent_form ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS consent_form_of_members ON consent_form;

CREATE POLICY consent_form_of_members ON consent_form
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE consent_form_answer ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS consent_form_answer_of_members ON consent_form_answer;

CREATE POLICY consent_form_answer_of_members ON consent_form_answer
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE consent_form_channel ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS consent_form_channel_of_members ON consent_form_channel;

CREATE POLICY consent_form_channel_of_members ON consent_form_channel
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE consent_form_purpose ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS consent_form_purpose_of_members ON consent_form_purpose;

CREATE POLICY consent_form_purpose_of_members ON consent_form_purpose
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE consent_form_scan ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS consent_form_scan_of_members ON consent_form_scan;

CREATE POLICY consent_form_scan_of_members ON consent_form_scan
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE consent_purpose ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS consent_purpose_of_members ON consent_purpose;

CREATE POLICY consent_purpose_of_members ON consent_purpose
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE correction ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS correction_of_members ON correction;

CREATE POLICY correction_of_members ON correction
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE decision ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS decision_of_members ON decision;

CREATE POLICY decision_of_members ON decision
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE depiction ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS depiction_of_members ON depiction;

CREATE POLICY depiction_of_members ON depiction
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE disclosure ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS disclosure_of_members ON disclosure;

CREATE POLICY disclosure_of_members ON disclosure
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE event ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS event_of_members ON event;

CREATE POLICY event_of_members ON event
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE event_photographer ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS event_photographer_of_members ON event_photographer;

CREATE POLICY event_photographer_of_members ON event_photographer
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE event_roster ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS event_roster_of_members ON event_roster;

CREATE POLICY event_roster_of_members ON event_roster
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE evidence ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS evidence_of_members ON evidence;

CREATE POLICY evidence_of_members ON evidence
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE guardianship ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS guardianship_of_members ON guardianship;

CREATE POLICY guardianship_of_members ON guardianship
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE history ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS history_of_members ON history;

CREATE POLICY history_of_members ON history
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE ledger ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS ledger_of_members ON ledger;

CREATE POLICY ledger_of_members ON ledger
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE likeness_block ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS likeness_block_of_members ON likeness_block;

CREATE POLICY likeness_block_of_members ON likeness_block
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE list_layout ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS list_layout_of_members ON list_layout;

CREATE POLICY list_layout_of_members ON list_layout
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE log_key ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS log_key_of_members ON log_key;

CREATE POLICY log_key_of_members ON log_key
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE missing_consent ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS missing_consent_of_members ON missing_consent;

CREATE POLICY missing_consent_of_members ON missing_consent
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE moment ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS moment_of_members ON moment;

CREATE POLICY moment_of_members ON moment
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE password ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS password_of_members ON password;

CREATE POLICY password_of_members ON password
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE permission ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS permission_of_members ON permission;

CREATE POLICY permission_of_members ON permission
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE permission_channel ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS permission_channel_of_members ON permission_channel;

CREATE POLICY permission_channel_of_members ON permission_channel
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE permission_event ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS permission_event_of_members ON permission_event;

CREATE POLICY permission_event_of_members ON permission_event
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE permission_purpose ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS permission_purpose_of_members ON permission_purpose;

CREATE POLICY permission_purpose_of_members ON permission_purpose
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE person ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS person_of_members ON person;

CREATE POLICY person_of_members ON person
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE person_name ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS person_name_of_members ON person_name;

CREATE POLICY person_name_of_members ON person_name
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE photo ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS photo_of_members ON photo;

CREATE POLICY photo_of_members ON photo
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE photo_class ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS photo_class_of_members ON photo_class;

CREATE POLICY photo_class_of_members ON photo_class
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE photo_flag ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS photo_flag_of_members ON photo_flag;

CREATE POLICY photo_flag_of_members ON photo_flag
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE photo_likeness ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS photo_likeness_of_members ON photo_likeness;

CREATE POLICY photo_likeness_of_members ON photo_likeness
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE photo_photographer ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS photo_photographer_of_members ON photo_photographer;

CREATE POLICY photo_photographer_of_members ON photo_photographer
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE photo_series ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS photo_series_of_members ON photo_series;

CREATE POLICY photo_series_of_members ON photo_series
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE policy_version ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS policy_version_of_members ON policy_version;

CREATE POLICY policy_version_of_members ON policy_version
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE publication ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS publication_of_members ON publication;

CREATE POLICY publication_of_members ON publication
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE published_photo ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS published_photo_of_members ON published_photo;

CREATE POLICY published_photo_of_members ON published_photo
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE record_hash ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS record_hash_of_members ON record_hash;

CREATE POLICY record_hash_of_members ON record_hash
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE registry_info ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS registry_info_of_members ON registry_info;

CREATE POLICY registry_info_of_members ON registry_info
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE ruling ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS ruling_of_members ON ruling;

CREATE POLICY ruling_of_members ON ruling
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE second_look ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS second_look_of_members ON second_look;

CREATE POLICY second_look_of_members ON second_look
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE separate_person ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS separate_person_of_members ON separate_person;

CREATE POLICY separate_person_of_members ON separate_person
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE session_use ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS session_use_of_members ON session_use;

CREATE POLICY session_use_of_members ON session_use
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE sign_in_attempt ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS sign_in_attempt_of_members ON sign_in_attempt;

CREATE POLICY sign_in_attempt_of_members ON sign_in_attempt
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE staff ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS staff_of_members ON staff;

CREATE POLICY staff_of_members ON staff
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE stale_person ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS stale_person_of_members ON stale_person;

CREATE POLICY stale_person_of_members ON stale_person
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE take_down ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS take_down_of_members ON take_down;

CREATE POLICY take_down_of_members ON take_down
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE touched ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS touched_of_members ON touched;

CREATE POLICY touched_of_members ON touched
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE unclear_case ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS unclear_case_of_members ON unclear_case;

CREATE POLICY unclear_case_of_members ON unclear_case
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE verdict_basis ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS verdict_basis_of_members ON verdict_basis;

CREATE POLICY verdict_basis_of_members ON verdict_basis
  USING ((SELECT acting_member()) IS NOT NULL);

ALTER TABLE verdict_cache ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS verdict_cache_of_members ON verdict_cache;

CREATE POLICY verdict_cache_of_members ON verdict_cache
  USING ((SELECT acting_member()) IS NOT NULL);

CREATE OR REPLACE FUNCTION guard_access_secret() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.staff_id IS DISTINCT FROM OLD.staff_id AND NEW.staff_id <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF (TG_OP = 'UPDATE' AND OLD.staff_id <> acting)
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may end somebody else''s session';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.valid_until > OLD.valid_until OR (NEW.staff_id, NEW.sha256, NEW.added_at) IS DISTINCT FROM (OLD.staff_id, OLD.sha256, OLD.added_at)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may change or lengthen a session';
  END IF;
  IF TG_OP = 'INSERT' AND (session_user <> current_user OR NEW.valid_until > clock_timestamp() + interval '29400 seconds') THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may open a session through a door, or a longer one';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS access_secret_guard ON access_secret;

CREATE CONSTRAINT TRIGGER access_secret_guard AFTER INSERT OR UPDATE ON access_secret
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_access_secret();

CREATE OR REPLACE FUNCTION guard_api_key() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.added_by IS DISTINCT FROM OLD.added_by AND NEW.added_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF NEW.revoked_by IS DISTINCT FROM OLD.revoked_by AND NEW.revoked_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF TG_OP = 'INSERT' AND session_user <> current_user THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may make an API key, or widen one, through a door';
  END IF;
  IF NOT EXISTS (SELECT FROM staff WHERE id = NEW.staff_id AND role = 'api_key') THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may make an API key that acts as a user';
  END IF;
  IF TG_OP = 'UPDATE' AND ((NEW.staff_id, NEW.sha256, NEW.scopes, NEW.last_day, NEW.added_at) IS DISTINCT FROM (OLD.staff_id, OLD.sha256, OLD.scopes, OLD.last_day, OLD.added_at) OR OLD.revoked_at IS NOT NULL) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may change an API key, but revoke it';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS api_key_guard ON api_key;

CREATE CONSTRAINT TRIGGER api_key_guard AFTER INSERT OR UPDATE ON api_key
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_api_key();

CREATE OR REPLACE FUNCTION guard_api_key_channel() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF TG_OP = 'INSERT' AND session_user <> current_user THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may make an API key, or widen one, through a door';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS api_key_channel_guard ON api_key_channel;

CREATE CONSTRAINT TRIGGER api_key_channel_guard AFTER INSERT OR UPDATE ON api_key_channel
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_api_key_channel();

CREATE OR REPLACE FUNCTION guard_channel() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.proposed_by IS DISTINCT FROM OLD.proposed_by AND NEW.proposed_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF (OLD.proposed_by IS NULL OR OLD.proposed_by = acting OR (NEW.proposed_own, NEW.proposed_since, NEW.proposed_by) IS DISTINCT FROM (NULL::boolean, NULL::date, NULL::integer) OR (NEW.controller IS NULL AND OLD.controller IS NOT NULL AND OLD.proposed_own IS NOT TRUE) OR NEW.since < coalesce(OLD.proposed_since, OLD.since))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may change a channel, except to answer a colleague''s proposal';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS channel_guard ON channel;

CREATE CONSTRAINT TRIGGER channel_guard AFTER INSERT OR UPDATE ON channel
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_channel();

CREATE OR REPLACE FUNCTION guard_consent() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF (TG_OP = 'UPDATE' AND (NEW.subject_id, NEW.actor_id) IS DISTINCT FROM (OLD.subject_id, OLD.actor_id))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may move a consent to another person';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS consent_guard ON consent;

CREATE CONSTRAINT TRIGGER consent_guard AFTER INSERT OR UPDATE ON consent
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_consent();

CREATE OR REPLACE FUNCTION guard_consent_event() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.recorded_by IS DISTINCT FROM OLD.recorded_by AND NEW.recorded_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS consent_event_guard ON consent_event;

CREATE CONSTRAINT TRIGGER consent_event_guard AFTER INSERT OR UPDATE ON consent_event
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_consent_event();

CREATE OR REPLACE FUNCTION guard_consent_form() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.printed_by IS DISTINCT FROM OLD.printed_by AND NEW.printed_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF (TG_OP = 'UPDATE' AND (NEW.subject_id, NEW.actor_id) IS DISTINCT FROM (OLD.subject_id, OLD.actor_id))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may move a form to another person';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS consent_form_guard ON consent_form;

CREATE CONSTRAINT TRIGGER consent_form_guard AFTER INSERT OR UPDATE ON consent_form
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_consent_form();

CREATE OR REPLACE FUNCTION guard_consent_form_scan() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.scanned_by IS DISTINCT FROM OLD.scanned_by AND NEW.scanned_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS consent_form_scan_guard ON consent_form_scan;

CREATE CONSTRAINT TRIGGER consent_form_scan_guard AFTER INSERT OR UPDATE ON consent_form_scan
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_consent_form_scan();

CREATE OR REPLACE FUNCTION guard_correction() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.asked_by IS DISTINCT FROM OLD.asked_by AND NEW.asked_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF NEW.ended_by IS DISTINCT FROM OLD.ended_by AND NEW.ended_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF (TG_OP = 'UPDATE' AND (NEW.statement_id, NEW.permission_statement_id, NEW.publication_id, NEW.asked_at, NEW.asked_by) IS DISTINCT FROM (OLD.statement_id, OLD.permission_statement_id, OLD.publication_id, OLD.asked_at, OLD.asked_by))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may change what a correction is about';
  END IF;
  IF OLD.outcome IS NOT NULL AND (NEW.outcome, NEW.ended_at, NEW.ended_by) IS DISTINCT FROM (OLD.outcome, OLD.ended_at, OLD.ended_by) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may change a correction that has ended';
  END IF;
  IF OLD.outcome IS NULL AND NEW.outcome = 'corrected' AND (EXISTS (SELECT FROM consent_event WHERE id = NEW.statement_id AND kind IN ('refused', 'withdrawn') AND (recorded_by <> NEW.ended_by OR NEW.ended_at >= recorded_at + make_interval(mins => coalesce((SELECT (settings::jsonb ->> 'correction_minutes')::integer FROM policy_version ORDER BY version DESC LIMIT 1), 15)))) OR EXISTS (SELECT FROM permission_event WHERE id = NEW.permission_statement_id AND kind IN ('refused', 'withdrawn') AND (recorded_by <> NEW.ended_by OR NEW.ended_at >= recorded_at + make_interval(mins => coalesce((SELECT (settings::jsonb ->> 'correction_minutes')::integer FROM policy_version ORDER BY version DESC LIMIT 1), 15)))) OR EXISTS (SELECT FROM publication WHERE id = NEW.publication_id AND (recorded_by <> NEW.ended_by OR NEW.ended_at >= recorded_at + make_interval(mins => coalesce((SELECT (settings::jsonb ->> 'correction_minutes')::integer FROM policy_version ORDER BY version DESC LIMIT 1), 15))))) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may correct at once what somebody else recorded, or what was recorded longer ago';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS correction_guard ON correction;

CREATE CONSTRAINT TRIGGER correction_guard AFTER INSERT OR UPDATE ON correction
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_correction();

CREATE OR REPLACE FUNCTION guard_decision() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.decided_by IS DISTINCT FROM OLD.decided_by AND NEW.decided_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS decision_guard ON decision;

CREATE CONSTRAINT TRIGGER decision_guard AFTER INSERT OR UPDATE ON decision
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_decision();

CREATE OR REPLACE FUNCTION guard_disclosure() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.actor_id IS DISTINCT FROM OLD.actor_id AND NEW.actor_id <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS disclosure_guard ON disclosure;

CREATE CONSTRAINT TRIGGER disclosure_guard AFTER INSERT OR UPDATE ON disclosure
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_disclosure();

CREATE OR REPLACE FUNCTION guard_event() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.created_by IS DISTINCT FROM OLD.created_by AND NEW.created_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF (OLD.confidentiality = 'publication_block' AND NEW.confidentiality IS DISTINCT FROM 'publication_block')
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may lift the publication block of an event';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS event_guard ON event;

CREATE CONSTRAINT TRIGGER event_guard AFTER INSERT OR UPDATE ON event
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_event();

CREATE OR REPLACE FUNCTION guard_evidence() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.added_by IS DISTINCT FROM OLD.added_by AND NEW.added_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF (TG_OP = 'UPDATE' AND (NEW.size, NEW.suffix, NEW.erased_at) IS DISTINCT FROM (OLD.size, OLD.suffix, OLD.erased_at))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may erase a document';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS evidence_guard ON evidence;

CREATE CONSTRAINT TRIGGER evidence_guard AFTER INSERT OR UPDATE ON evidence
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_evidence();

CREATE OR REPLACE FUNCTION guard_guardianship() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.excused_by IS DISTINCT FROM OLD.excused_by AND NEW.excused_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF NEW.created_by IS DISTINCT FROM OLD.created_by AND NEW.created_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF (TG_OP = 'UPDATE' AND (NEW.child_id, NEW.guardian_id, NEW.basis, NEW.first_day, NEW.last_day, NEW.excused_ground, NEW.excused_by, NEW.excused_evidence, NEW.decides_alone, NEW.decides_alone_reason, NEW.decides_alone_evidence) IS DISTINCT FROM (OLD.child_id, OLD.guardian_id, OLD.basis, OLD.first_day, OLD.last_day, OLD.excused_ground, OLD.excused_by, OLD.excused_evidence, OLD.decides_alone, OLD.decides_alone_reason, OLD.decides_alone_evidence))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may end or change a guardianship, excuse a guardian, or let a body decide alone';
  END IF;
  IF (TG_OP = 'INSERT' AND (NEW.decides_alone OR NEW.excused_ground IS NOT NULL OR NEW.last_day IS NOT NULL))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may excuse a guardian, end a guardianship, or let a body decide alone';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS guardianship_guard ON guardianship;

CREATE CONSTRAINT TRIGGER guardianship_guard AFTER INSERT OR UPDATE ON guardianship
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_guardianship();

CREATE OR REPLACE FUNCTION guard_ledger() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.actor_id IS DISTINCT FROM OLD.actor_id AND NEW.actor_id <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF (NEW.action IN ('registry.copied', 'staff.added', 'staff.changed', 'api_key.added', 'api_key.revoked', 'unit.renamed', 'policy.set', 'channel.added', 'channel.terms_changed', 'channel.changed', 'channel.reviewed', 'blocks.read', 'person.erased', 'person.merged', 'retention.run', 'guardian.excused', 'guardian.ended', 'guardian.decides_alone', 'case.ruled', 'flag.resolved', 'log_key.added', 'clock.wrong', 'registry.backed_up', 'registry.restored', 'registry.stop_carried', 'registry.restore_acknowledged', 'registry.repaired'))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may log what only coordinators do';
  END IF;
  IF NEW.action NOT IN ('names.shown', 'names.read', 'logins.read', 'evidence.shown', 'records.hashed') AND NOT pg_has_role(current_user, 'photoreg_staff', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may log, as an auditor, anything but what they were shown';
  END IF;
  IF NEW.database_login <> session_user OR NEW.database_role <> current_user THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may log another login than their own';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS ledger_guard ON ledger;

CREATE CONSTRAINT TRIGGER ledger_guard AFTER INSERT OR UPDATE ON ledger
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_ledger();

CREATE OR REPLACE FUNCTION guard_list_layout() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.saved_by IS DISTINCT FROM OLD.saved_by AND NEW.saved_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS list_layout_guard ON list_layout;

CREATE CONSTRAINT TRIGGER list_layout_guard AFTER INSERT OR UPDATE ON list_layout
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_list_layout();

CREATE OR REPLACE FUNCTION guard_log_key() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.added_by IS DISTINCT FROM OLD.added_by AND NEW.added_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS log_key_guard ON log_key;

CREATE CONSTRAINT TRIGGER log_key_guard AFTER INSERT OR UPDATE ON log_key
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_log_key();

CREATE OR REPLACE FUNCTION guard_password() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.set_by IS DISTINCT FROM OLD.set_by AND NEW.set_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF (NEW.staff_id <> acting)
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may set somebody else''s password';
  END IF;
  IF session_user <> current_user AND (TG_OP = 'INSERT' OR NEW.staff_id <> acting OR OLD.sha256 IS DISTINCT FROM encode(sha256(convert_to(current_setting('photoreg.password_key', true), 'UTF8')), 'hex')) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may set a password through a door, but their own who shows the old one';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS password_guard ON password;

CREATE CONSTRAINT TRIGGER password_guard AFTER INSERT OR UPDATE ON password
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_password();

CREATE OR REPLACE FUNCTION guard_permission() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF (TG_OP = 'UPDATE' AND (NEW.photographer_id) IS DISTINCT FROM (OLD.photographer_id))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may move a permission to another person';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS permission_guard ON permission;

CREATE CONSTRAINT TRIGGER permission_guard AFTER INSERT OR UPDATE ON permission
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_permission();

CREATE OR REPLACE FUNCTION guard_permission_event() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.recorded_by IS DISTINCT FROM OLD.recorded_by AND NEW.recorded_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS permission_event_guard ON permission_event;

CREATE CONSTRAINT TRIGGER permission_event_guard AFTER INSERT OR UPDATE ON permission_event
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_permission_event();

CREATE OR REPLACE FUNCTION guard_person() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.created_by IS DISTINCT FROM OLD.created_by AND NEW.created_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF (TG_OP = 'UPDATE' AND (NEW.deceased, NEW.died_on) IS DISTINCT FROM (OLD.deceased, OLD.died_on))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may record a death';
  END IF;
  IF (TG_OP = 'UPDATE' AND (NEW.merged_into, NEW.erased_at) IS DISTINCT FROM (OLD.merged_into, OLD.erased_at))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may merge or erase a person';
  END IF;
  IF (OLD.blocked AND (NEW.blocked, NEW.blocked_at, NEW.blocked_by) IS DISTINCT FROM (OLD.blocked, OLD.blocked_at, OLD.blocked_by))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may lift a publication block';
  END IF;
  IF (NEW.blocked_by IS DISTINCT FROM OLD.blocked_by AND NEW.blocked_by <> acting)
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may block a person in somebody else''s name';
  END IF;
  IF (OLD.guardians_total IS NOT NULL AND coalesce(NEW.guardians_total, 0) < OLD.guardians_total)
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may lower the number of guardians';
  END IF;
  IF (coalesce(OLD.born > (clock_timestamp() AT TIME ZONE 'Europe/Helsinki')::date - interval '18 years', OLD.age_group = 'minor') AND NOT coalesce(NEW.born > (clock_timestamp() AT TIME ZONE 'Europe/Helsinki')::date - interval '18 years', NEW.age_group = 'minor') AND EXISTS (SELECT FROM guardianship WHERE child_id = NEW.id))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may end the childhood of a child with guardians';
  END IF;
  IF (TG_OP = 'INSERT' AND (NEW.merged_into IS NOT NULL OR NEW.erased_at IS NOT NULL))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may merge or erase a person';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS person_guard ON person;

CREATE CONSTRAINT TRIGGER person_guard AFTER INSERT OR UPDATE ON person
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_person();

CREATE OR REPLACE FUNCTION guard_person_name() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.created_by IS DISTINCT FROM OLD.created_by AND NEW.created_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS person_name_guard ON person_name;

CREATE CONSTRAINT TRIGGER person_name_guard AFTER INSERT OR UPDATE ON person_name
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_person_name();

CREATE OR REPLACE FUNCTION guard_photo() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.registered_by IS DISTINCT FROM OLD.registered_by AND NEW.registered_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF ((NEW.confidentiality, NEW.event_id) IS DISTINCT FROM (OLD.confidentiality, OLD.event_id) AND 'publication_block' IN (coalesce(OLD.confidentiality, (SELECT confidentiality FROM event WHERE id = OLD.event_id)), (SELECT confidentiality FROM event WHERE id = NEW.event_id)) AND coalesce(NEW.confidentiality, (SELECT confidentiality FROM event WHERE id = NEW.event_id)) IS DISTINCT FROM 'publication_block')
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may lift the publication block of a photo';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS photo_guard ON photo;

CREATE CONSTRAINT TRIGGER photo_guard AFTER INSERT OR UPDATE ON photo
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_photo();

CREATE OR REPLACE FUNCTION guard_photo_flag() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.raised_by IS DISTINCT FROM OLD.raised_by AND NEW.raised_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF NEW.resolved_by IS DISTINCT FROM OLD.resolved_by AND NEW.resolved_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF (NEW.resolved_at IS NOT NULL)
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may resolve a flag';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS photo_flag_guard ON photo_flag;

CREATE CONSTRAINT TRIGGER photo_flag_guard AFTER INSERT OR UPDATE ON photo_flag
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_photo_flag();

CREATE OR REPLACE FUNCTION guard_photo_series() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.settled_by IS DISTINCT FROM OLD.settled_by AND NEW.settled_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS photo_series_guard ON photo_series;

CREATE CONSTRAINT TRIGGER photo_series_guard AFTER INSERT OR UPDATE ON photo_series
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_photo_series();

CREATE OR REPLACE FUNCTION guard_policy_version() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.adopted_by IS DISTINCT FROM OLD.adopted_by AND NEW.adopted_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS policy_version_guard ON policy_version;

CREATE CONSTRAINT TRIGGER policy_version_guard AFTER INSERT OR UPDATE ON policy_version
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_policy_version();

CREATE OR REPLACE FUNCTION guard_publication() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.recorded_by IS DISTINCT FROM OLD.recorded_by AND NEW.recorded_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF (TG_OP = 'UPDATE' AND (NEW.channel_id, NEW.address, NEW.published_on, NEW.recorded_at, NEW.recorded_by, NEW.request_key, NEW.request_digest) IS DISTINCT FROM (OLD.channel_id, OLD.address, OLD.published_on, OLD.recorded_at, OLD.recorded_by, OLD.request_key, OLD.request_digest))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may change where and when something was published';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS publication_guard ON publication;

CREATE CONSTRAINT TRIGGER publication_guard AFTER INSERT OR UPDATE ON publication
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_publication();

CREATE OR REPLACE FUNCTION guard_published_photo() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF (TG_OP = 'UPDATE' AND (NEW.publication_id, NEW.photo_id, NEW.channel_id, NEW.published_on, NEW.decision_id) IS DISTINCT FROM (OLD.publication_id, OLD.photo_id, OLD.channel_id, OLD.published_on, OLD.decision_id))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may change what was published, where and when';
  END IF;
  IF (OLD.removed_on IS NOT NULL AND NEW.removed_on IS DISTINCT FROM OLD.removed_on)
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may change when a publication was taken down';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS published_photo_guard ON published_photo;

CREATE CONSTRAINT TRIGGER published_photo_guard AFTER INSERT OR UPDATE ON published_photo
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_published_photo();

CREATE OR REPLACE FUNCTION guard_record_hash() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.kind <> 'disclosure' AND NOT pg_has_role(current_user, 'photoreg_staff', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may record, as an auditor, anything but what they were shown';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS record_hash_guard ON record_hash;

CREATE CONSTRAINT TRIGGER record_hash_guard AFTER INSERT OR UPDATE ON record_hash
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_record_hash();

CREATE OR REPLACE FUNCTION guard_ruling() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.ruled_by IS DISTINCT FROM OLD.ruled_by AND NEW.ruled_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS ruling_guard ON ruling;

CREATE CONSTRAINT TRIGGER ruling_guard AFTER INSERT OR UPDATE ON ruling
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_ruling();

CREATE OR REPLACE FUNCTION guard_second_look() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.confirmed_by IS DISTINCT FROM OLD.confirmed_by AND NEW.confirmed_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF (TG_OP = 'UPDATE' AND (NEW.photo_id, NEW.about, NEW.before::text, NEW.after::text, NEW.asked_at, NEW.taken_back_by, NEW.correctable_until) IS DISTINCT FROM (OLD.photo_id, OLD.about, OLD.before::text, OLD.after::text, OLD.asked_at, OLD.taken_back_by, OLD.correctable_until))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may change what a second look is about';
  END IF;
  IF OLD.outcome IS NULL AND NEW.outcome = 'put_back' AND (EXISTS (SELECT FROM jsonb_array_elements_text(coalesce(nullif(NEW.before::jsonb -> 'persons', 'null'), '[]')) AS was (person) WHERE person NOT IN (SELECT 'H-' || person_id FROM depiction WHERE photo_id = NEW.photo_id AND person_id IS NOT NULL)) OR EXISTS (SELECT FROM jsonb_each_text(NEW.before::jsonb) AS was (name, value) JOIN photo ON photo.id = NEW.photo_id LEFT JOIN event ON event.id = photo.event_id WHERE was.name ~ '^(event|series|version|.* (record|same_person))$' OR was.name IN ('people', 'context_identifies', 'place', 'shot', 'confidentiality', 'sensitive', 'taken_year', 'photographer_died_year', 'depicted_work', 'digital_source') AND was.value IS DISTINCT FROM coalesce(to_jsonb(photo) ->> was.name, to_jsonb(event) ->> was.name) AND NOT (was.name = 'people' AND was.value = 'recognisable' AND EXISTS (SELECT 'H-' || person_id FROM depiction WHERE photo_id = NEW.photo_id)))) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may end a second look because an answer was put back that was not';
  END IF;
  IF OLD.outcome IS NULL AND NEW.outcome = 'corrected' AND (NEW.correctable_until IS NULL OR NEW.confirmed_at > NEW.correctable_until OR NEW.confirmed_by <> NEW.taken_back_by OR EXISTS (SELECT FROM decision WHERE photo_id = NEW.photo_id) OR EXISTS (SELECT FROM unclear_case WHERE photo_id = NEW.photo_id) OR EXISTS (SELECT FROM published_photo WHERE photo_id = NEW.photo_id) OR (SELECT count(*) FROM (SELECT 'H-' || person_id FROM depiction WHERE photo_id = NEW.photo_id AND person_id IS NOT NULL) AS named) < jsonb_array_length(coalesce(nullif(NEW.before::jsonb -> 'persons', 'null'), '[]'))) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may end a second look because of a correction that is none';
  END IF;
  IF (NEW.outcome IN ('agreed', 'differed') AND OLD.outcome IS NULL AND EXISTS (SELECT FROM ruling JOIN unclear_case ON unclear_case.id = ruling.case_id WHERE unclear_case.photo_id = NEW.photo_id AND ruling.kind = 'refused'))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may confirm an answer about a photo that a coordinator has refused';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS second_look_guard ON second_look;

CREATE CONSTRAINT TRIGGER second_look_guard AFTER INSERT OR UPDATE ON second_look
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_second_look();

CREATE OR REPLACE FUNCTION guard_staff() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF TG_OP = 'UPDATE' AND (NEW.role = 'api_key') <> (OLD.role = 'api_key') THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may make an API key a user, or a user an API key';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS staff_guard ON staff;

CREATE CONSTRAINT TRIGGER staff_guard AFTER INSERT OR UPDATE ON staff
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_staff();

CREATE OR REPLACE FUNCTION guard_take_down() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.done_by IS DISTINCT FROM OLD.done_by AND NEW.done_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  IF (TG_OP = 'UPDATE' AND (NEW.publication_id, NEW.photo_id, NEW.codes, NEW.opened_at, NEW.due_at) IS DISTINCT FROM (OLD.publication_id, OLD.photo_id, OLD.codes, OLD.opened_at, OLD.due_at))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may change what a take-down task is about';
  END IF;
  IF (OLD.done_at IS NOT NULL AND (NEW.done_at, NEW.done_by, NEW.proof, NEW.proof_evidence) IS DISTINCT FROM (OLD.done_at, OLD.done_by, OLD.proof, OLD.proof_evidence))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may change a take-down task that has ended';
  END IF;
  IF (OLD.done_at IS NULL AND NEW.done_at IS NOT NULL AND NOT EXISTS (SELECT FROM published_photo JOIN channel_admin USING (channel_id) WHERE (publication_id, photo_id) = (NEW.publication_id, NEW.photo_id) AND channel_admin.staff_id = acting) AND EXISTS (SELECT FROM published_photo WHERE removed_on IS NULL AND (publication_id, photo_id) = (NEW.publication_id, NEW.photo_id)))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may end a take-down task while the photo is published, or an administrator of the channel';
  END IF;
  IF (TG_OP = 'UPDATE' AND NEW.owner_id IS DISTINCT FROM OLD.owner_id AND NOT EXISTS (SELECT FROM published_photo JOIN channel_admin USING (channel_id) WHERE (publication_id, photo_id) = (NEW.publication_id, NEW.photo_id) AND channel_admin.staff_id = acting))
    AND NOT pg_has_role(current_user, 'photoreg_coordinator', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only coordinators may assign a take-down task, or an administrator of the channel';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS take_down_guard ON take_down;

CREATE CONSTRAINT TRIGGER take_down_guard AFTER INSERT OR UPDATE ON take_down
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_take_down();

CREATE OR REPLACE FUNCTION guard_unclear_case() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ DECLARE acting integer; BEGIN
  IF acts_as_owner() THEN RETURN NULL; END IF;
  acting := acting_member();
  IF NEW.opened_by IS DISTINCT FROM OLD.opened_by AND NEW.opened_by <> acting THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody may act in somebody else''s name';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS unclear_case_guard ON unclear_case;

CREATE CONSTRAINT TRIGGER unclear_case_guard AFTER INSERT OR UPDATE ON unclear_case
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_unclear_case();

CREATE OR REPLACE FUNCTION role_on_server(of_login text) RETURNS text LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  RETURN (SELECT coalesce(server_role, login) FROM staff WHERE id = (SELECT id FROM staff WHERE active AND lower(login) = lower(of_login)
    ORDER BY login <> of_login, id LIMIT 1));
END $$;

CREATE OR REPLACE FUNCTION organisation_of_registry() RETURNS text LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  RETURN (SELECT organisation FROM registry_info WHERE id = 1);
END $$;

CREATE OR REPLACE FUNCTION password_salt(of_login text) RETURNS text LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  RETURN (SELECT salt FROM password WHERE staff_id = (SELECT id FROM staff WHERE active AND lower(login) = lower(of_login)
    ORDER BY login <> of_login, id LIMIT 1));
END $$;

CREATE OR REPLACE FUNCTION open_session(of_login text, shown_key text, from_address text, hash text) RETURNS text LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ DECLARE member integer; folded text := left(lower(of_login), 64); BEGIN
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM sign_in_attempt WHERE at <= clock_timestamp() - interval '900 seconds';
  IF (SELECT count(*) FILTER (WHERE login = folded) >= 5
      OR count(*) FILTER (WHERE address = from_address) >= 20
      FROM sign_in_attempt) THEN
    RETURN 'too_many';
  END IF;
  SELECT staff_id INTO member FROM password
    WHERE staff_id = (SELECT id FROM staff WHERE active AND lower(login) = lower(of_login)
    ORDER BY login <> of_login, id LIMIT 1) AND sha256 = encode(sha256(convert_to(shown_key, 'UTF8')), 'hex');
  IF member IS NULL THEN
    INSERT INTO sign_in_attempt (login, address, at)
      VALUES (folded, left(from_address, 64), clock_timestamp());
    RETURN 'wrong';
  END IF;
  DELETE FROM sign_in_attempt WHERE login = folded;
  INSERT INTO access_secret (staff_id, sha256, valid_until, added_at)
    VALUES (member, hash,
      clock_timestamp() + interval '28800 seconds', clock_timestamp());
  SET CONSTRAINTS access_secret_guard IMMEDIATE;
  RETURN 'opened';
END $$;

CREATE OR REPLACE FUNCTION use_session(secret text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO session_use (secret_id, used_at)
    SELECT id, clock_timestamp() FROM access_secret
    WHERE sha256 = encode(sha256(convert_to(secret, 'UTF8')), 'hex') AND access_secret.valid_until > clock_timestamp() AND greatest(access_secret.added_at, (SELECT used_at FROM session_use WHERE secret_id = access_secret.id)) > clock_timestamp() - interval '1800 seconds'
    ON CONFLICT (secret_id) DO UPDATE SET used_at = excluded.used_at;
END $$;

CREATE OR REPLACE FUNCTION end_session(secret text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  UPDATE access_secret SET valid_until = clock_timestamp()
    WHERE sha256 = encode(sha256(convert_to(secret, 'UTF8')), 'hex') AND valid_until > clock_timestamp();
  SET CONSTRAINTS access_secret_guard IMMEDIATE;
END $$;

CREATE OR REPLACE FUNCTION session_login(secret text) RETURNS text LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  RETURN (SELECT login FROM staff JOIN access_secret ON staff_id = staff.id
    WHERE sha256 = encode(sha256(convert_to(secret, 'UTF8')), 'hex'));
END $$;

GRANT photoreg_auditor TO photoreg_staff;

GRANT photoreg_staff TO photoreg_coordinator;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;

GRANT USAGE ON SCHEMA public TO photoreg_auditor, photoreg_door;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO photoreg_auditor;

GRANT INSERT ON access_secret, consent, consent_channel, consent_event, consent_form, consent_form_answer, consent_form_channel, consent_form_purpose, consent_form_scan, consent_purpose, correction, decision, depiction, disclosure, event, event_photographer, event_roster, evidence, guardianship, ledger, likeness_block, list_layout, moment, password, permission, permission_channel, permission_event, permission_purpose, person, person_name, photo, photo_flag, photo_likeness, photo_photographer, photo_series, publication, published_photo, record_hash, second_look, stale_person, take_down, touched, unclear_case
  TO photoreg_staff;

GRANT UPDATE ON access_secret, consent, consent_form, correction, depiction, event, event_photographer, event_roster, evidence, guardianship, likeness_block, moment, password, permission, person, person_name, photo, photo_likeness, photo_photographer, photo_series, publication, published_photo, second_look, take_down, unclear_case
  TO photoreg_staff;

GRANT UPDATE (controller, since, proposed_own, proposed_since, proposed_by) ON channel TO photoreg_staff;

GRANT DELETE ON depiction, event_photographer, event_roster, likeness_block, person_name, photo, photo_likeness, photo_photographer, photo_series, touched, verdict_cache
  TO photoreg_staff;

GRANT INSERT ON disclosure, ledger, record_hash
  TO photoreg_auditor;

GRANT EXECUTE ON FUNCTION next_id_of_access_secret(), next_id_of_api_key(), next_id_of_channel(), next_id_of_consent(), next_id_of_consent_channel(), next_id_of_consent_event(), next_id_of_consent_form(), next_id_of_correction(), next_id_of_decision(), next_id_of_depiction(), next_id_of_disclosure(), next_id_of_event(), next_id_of_guardianship(), next_id_of_history(), next_seq_of_ledger(), next_id_of_list_layout(), next_id_of_log_key(), next_id_of_permission(), next_id_of_permission_channel(), next_id_of_permission_event(), next_id_of_person(), next_id_of_person_name(), next_id_of_photo(), next_id_of_photo_flag(), next_version_of_policy_version(), next_id_of_publication(), next_id_of_record_hash(), next_id_of_ruling(), next_id_of_second_look(), next_id_of_sign_in_attempt(), next_id_of_staff(), next_id_of_take_down(), next_id_of_unclear_case(), next_id_of_verdict_basis() TO photoreg_staff;

GRANT EXECUTE ON FUNCTION next_id_of_disclosure(), next_seq_of_ledger(), next_id_of_record_hash() TO photoreg_auditor;

GRANT INSERT ON api_key, api_key_channel, channel, channel_admin, log_key, missing_consent, photo_class, policy_version, ruling, separate_person, staff, verdict_basis, verdict_cache
  TO photoreg_coordinator;

GRANT UPDATE ON api_key, channel, channel_admin, photo_class, photo_flag, record_hash, staff, verdict_cache
  TO photoreg_coordinator;

GRANT DELETE ON channel_admin, missing_consent, photo_class, separate_person, stale_person, verdict_basis
  TO photoreg_coordinator;

GRANT UPDATE (old) ON history TO photoreg_coordinator;

GRANT UPDATE (purpose) ON disclosure TO photoreg_coordinator;

GRANT EXECUTE ON FUNCTION acting_member(), member_with_role(name), acts_as_owner() TO photoreg_auditor;

GRANT EXECUTE ON FUNCTION password_salt(text), open_session(text, text, text, text) TO photoreg_door;

GRANT EXECUTE ON FUNCTION role_on_server(text), organisation_of_registry(), use_session(text), end_session(text), session_login(text) TO photoreg_auditor, photoreg_door;

GRANT SELECT ON alembic_version TO photoreg_door;
