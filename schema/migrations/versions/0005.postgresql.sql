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

CREATE FUNCTION consent_channel_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.said_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.said_id)); INSERT INTO kept_doubt (person_id) SELECT subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.said_id) AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER consent_channel_insert_forgets AFTER INSERT ON consent_channel
  FOR EACH ROW EXECUTE FUNCTION consent_channel_insert_forgets();

CREATE FUNCTION consent_purpose_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.said_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.said_id)); INSERT INTO kept_doubt (person_id) SELECT subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.said_id) AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER consent_purpose_insert_forgets AFTER INSERT ON consent_purpose
  FOR EACH ROW EXECUTE FUNCTION consent_purpose_insert_forgets();

CREATE FUNCTION permission_channel_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL); RETURN NULL;
END $$;

CREATE TRIGGER permission_channel_insert_forgets AFTER INSERT ON permission_channel
  FOR EACH ROW EXECUTE FUNCTION permission_channel_insert_forgets();

CREATE FUNCTION permission_purpose_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.said_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL); RETURN NULL;
END $$;

CREATE TRIGGER permission_purpose_insert_forgets AFTER INSERT ON permission_purpose
  FOR EACH ROW EXECUTE FUNCTION permission_purpose_insert_forgets();
