CREATE FUNCTION next_id_of_kept_basis() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) + 1 FROM kept_basis);
END $$;

CREATE TABLE kept_apart (
  person_id INTEGER NOT NULL,
  day DATE NOT NULL,
  CONSTRAINT pk_kept_apart PRIMARY KEY (person_id),
  CONSTRAINT ck_kept_apart_day_in_calendar CHECK (day BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE kept_basis (
  id INTEGER DEFAULT next_id_of_kept_basis() NOT NULL,
  day DATE NOT NULL,
  rules_version VARCHAR(16) NOT NULL,
  policy_version INTEGER NOT NULL,
  CONSTRAINT pk_kept_basis PRIMARY KEY (id),
  CONSTRAINT ck_kept_basis_day_in_calendar CHECK (day BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

TRUNCATE kept_verdict;

ALTER TABLE kept_verdict DROP COLUMN day, DROP COLUMN rules_version, DROP COLUMN policy_version, ADD COLUMN basis_id INTEGER NOT NULL;

CREATE INDEX ix_kept_verdict_basis_id_until ON kept_verdict (basis_id, until);

ALTER TABLE kept_apart ADD CONSTRAINT fk_kept_apart_person_id FOREIGN KEY(person_id) REFERENCES person (id);

ALTER TABLE kept_basis ADD CONSTRAINT fk_kept_basis_policy_version FOREIGN KEY(policy_version) REFERENCES policy_version (version);

ALTER TABLE kept_verdict ADD CONSTRAINT fk_kept_verdict_basis_id FOREIGN KEY(basis_id) REFERENCES kept_basis (id);

CREATE OR REPLACE FUNCTION photo_update_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (WITH RECURSIVE made_of(id) AS (SELECT NEW.id UNION SELECT photo.id FROM photo JOIN made_of ON photo.version_of = made_of.id WHERE coalesce(OLD.version_of, 0) <> coalesce(NEW.version_of, 0)) SELECT id FROM made_of UNION SELECT id FROM photo WHERE picture_sha256 = OLD.picture_sha256 AND coalesce(OLD.picture_sha256, '') <> coalesce(NEW.picture_sha256, '')); DELETE FROM kept_verdict WHERE photo_id IN (WITH RECURSIVE made_of(id) AS (SELECT NEW.id UNION SELECT photo.id FROM photo JOIN made_of ON photo.version_of = made_of.id WHERE coalesce(OLD.version_of, 0) <> coalesce(NEW.version_of, 0)) SELECT id FROM made_of UNION SELECT id FROM photo WHERE picture_sha256 = NEW.picture_sha256 AND coalesce(OLD.picture_sha256, '') <> coalesce(NEW.picture_sha256, '')); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION photo_photographer_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (NEW.photo_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION photo_photographer_update_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (OLD.photo_id); DELETE FROM kept_verdict WHERE photo_id IN (NEW.photo_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION photo_photographer_delete_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (OLD.photo_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION depiction_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (NEW.photo_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION depiction_update_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (OLD.photo_id); DELETE FROM kept_verdict WHERE photo_id IN (NEW.photo_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION depiction_delete_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (OLD.photo_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION event_update_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT id FROM photo WHERE event_id = NEW.id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION event_photographer_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT id FROM photo WHERE event_id = NEW.event_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION event_photographer_update_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT id FROM photo WHERE event_id = OLD.event_id); DELETE FROM kept_verdict WHERE photo_id IN (SELECT id FROM photo WHERE event_id = NEW.event_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION event_photographer_delete_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT id FROM photo WHERE event_id = OLD.event_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION person_update_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = NEW.id UNION SELECT photo_id FROM photo_photographer WHERE person_id = NEW.id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = NEW.id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION guardianship_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = NEW.child_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION guardianship_update_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = OLD.child_id); DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = NEW.child_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION guardianship_delete_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = OLD.child_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION consent_update_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = OLD.subject_id); DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = NEW.subject_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION consent_event_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = NEW.consent_id UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = NEW.consent_id); INSERT INTO kept_doubt (person_id) SELECT subject_id FROM consent WHERE id = NEW.consent_id AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE FUNCTION consent_channel_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.said_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.said_id)); INSERT INTO kept_doubt (person_id) SELECT subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.said_id) AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER consent_channel_insert_forgets AFTER INSERT ON consent_channel
  FOR EACH ROW EXECUTE FUNCTION consent_channel_insert_forgets();

CREATE FUNCTION consent_purpose_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.said_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.said_id)); INSERT INTO kept_doubt (person_id) SELECT subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.said_id) AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER consent_purpose_insert_forgets AFTER INSERT ON consent_purpose
  FOR EACH ROW EXECUTE FUNCTION consent_purpose_insert_forgets();

CREATE OR REPLACE FUNCTION permission_update_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM photo_photographer WHERE person_id = OLD.photographer_id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = OLD.photographer_id UNION SELECT OLD.photo_id); DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM photo_photographer WHERE person_id = NEW.photographer_id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = NEW.photographer_id UNION SELECT NEW.photo_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION permission_event_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM permission WHERE id = NEW.permission_id UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id = NEW.permission_id UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id = NEW.permission_id AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = NEW.permission_id AND permission.photo_id IS NULL AND permission.event_id IS NULL); RETURN NULL;
END $$;

CREATE FUNCTION permission_channel_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL); RETURN NULL;
END $$;

CREATE TRIGGER permission_channel_insert_forgets AFTER INSERT ON permission_channel
  FOR EACH ROW EXECUTE FUNCTION permission_channel_insert_forgets();

CREATE FUNCTION permission_purpose_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL); RETURN NULL;
END $$;

CREATE TRIGGER permission_purpose_insert_forgets AFTER INSERT ON permission_purpose
  FOR EACH ROW EXECUTE FUNCTION permission_purpose_insert_forgets();

CREATE OR REPLACE FUNCTION photo_flag_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (WITH RECURSIVE stopped(id) AS (SELECT NEW.photo_id UNION SELECT photo.id FROM photo JOIN stopped ON photo.version_of = stopped.id) SELECT id FROM stopped UNION SELECT alike.id FROM photo JOIN photo alike ON alike.picture_sha256 = photo.picture_sha256 WHERE photo.id = NEW.photo_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION photo_flag_update_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (WITH RECURSIVE stopped(id) AS (SELECT NEW.photo_id UNION SELECT photo.id FROM photo JOIN stopped ON photo.version_of = stopped.id) SELECT id FROM stopped UNION SELECT alike.id FROM photo JOIN photo alike ON alike.picture_sha256 = photo.picture_sha256 WHERE photo.id = NEW.photo_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION unclear_case_update_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (NEW.photo_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ruling_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM unclear_case WHERE id = NEW.case_id); RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION channel_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict; RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION channel_update_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict; RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION registry_info_update_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM kept_verdict; RETURN NULL;
END $$;

ALTER TABLE photo_flag
  ADD COLUMN cause VARCHAR(32) DEFAULT 'said' NOT NULL,
  ADD COLUMN like_photo_id INTEGER,
  ADD COLUMN about_person_id INTEGER,
  DROP CONSTRAINT ck_photo_flag_words,
  ADD CONSTRAINT ck_photo_flag_words CHECK (cause <> 'said' OR length(trim(words)) > 0),
  ADD CONSTRAINT ck_photo_flag_looks_like_one CHECK ((cause = 'looks_alike') = (like_photo_id IS NOT NULL)),
  ADD CONSTRAINT ck_photo_flag_about_somebody CHECK ((cause IN ('objection', 'not_named')) = (about_person_id IS NOT NULL)),
  ADD CONSTRAINT ck_photo_flag_cause CHECK (cause IN ('said', 'looks_alike', 'objection', 'not_named', 'taken_out'));

ALTER TABLE photo_flag ADD CONSTRAINT fk_photo_flag_about_person_id FOREIGN KEY(about_person_id) REFERENCES person (id);

ALTER TABLE photo_flag ADD CONSTRAINT fk_photo_flag_like_photo_id FOREIGN KEY(like_photo_id) REFERENCES photo (id);
