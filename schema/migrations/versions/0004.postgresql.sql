CREATE TABLE kept_doubt (
  person_id INTEGER NOT NULL,
  CONSTRAINT pk_kept_doubt PRIMARY KEY (person_id)
);

CREATE TABLE kept_kind (
  photo_id INTEGER NOT NULL,
  parts VARCHAR(20000) NOT NULL,
  who VARCHAR(20000) NOT NULL,
  CONSTRAINT pk_kept_kind PRIMARY KEY (photo_id)
);

ALTER TABLE kept_doubt ADD CONSTRAINT fk_kept_doubt_person_id FOREIGN KEY(person_id) REFERENCES person (id);

ALTER TABLE kept_kind ADD CONSTRAINT fk_kept_kind_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id);

DROP INDEX ix_consent_photo_id, ix_consent_subject_id_photo_id, ix_depiction_person_id, ix_permission_photo_id;

CREATE INDEX ix_consent_photo_id ON consent (photo_id) WHERE photo_id IS NOT NULL;

CREATE INDEX ix_consent_subject_id_reach ON consent (subject_id, photo_id, event_id);

CREATE INDEX ix_depiction_person_id_photo_id ON depiction (person_id, photo_id);

CREATE INDEX ix_permission_photo_id ON permission (photo_id) WHERE photo_id IS NOT NULL;

CREATE INDEX ix_ledger_out_for_good ON ledger (subject) WHERE action = 'publication.out_for_good';

CREATE OR REPLACE FUNCTION consent_event_insert_forgets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  DELETE FROM kept_verdict WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = NEW.consent_id UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = NEW.consent_id); INSERT INTO kept_doubt (person_id) SELECT subject_id FROM consent WHERE id = NEW.consent_id AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

ALTER FUNCTION photo_update_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION photo_photographer_insert_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION photo_photographer_update_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION photo_photographer_delete_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION depiction_insert_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION depiction_update_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION depiction_delete_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION event_update_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION event_photographer_insert_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION event_photographer_update_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION event_photographer_delete_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION person_update_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION guardianship_insert_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION guardianship_update_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION guardianship_delete_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION consent_update_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION permission_update_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION permission_event_insert_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION photo_flag_insert_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION photo_flag_update_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION unclear_case_update_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION ruling_insert_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION channel_insert_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION channel_update_forgets() SET search_path = public, pg_temp;

ALTER FUNCTION registry_info_update_forgets() SET search_path = public, pg_temp;
