CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE integrity_constraint_violation
    USING MESSAGE = TG_TABLE_NAME || ' is append-only';
END $$;

CREATE FUNCTION never_deleted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE integrity_constraint_violation
    USING MESSAGE = TG_TABLE_NAME || ' is never deleted';
END $$;

CREATE FUNCTION follows() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF NEW.seq = 1 AND NEW.previous = repeat('0', 64)
    OR EXISTS (SELECT 1 FROM ledger WHERE seq = NEW.seq - 1 AND hash = NEW.previous)
  THEN RETURN NEW; END IF;
  RAISE integrity_constraint_violation USING MESSAGE = 'an entry follows the last one';
END $$;

CREATE FUNCTION next_id_of_access_secret() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM access_secret) + 1;
END $$;

CREATE FUNCTION next_id_of_api_key() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM api_key) + 1;
END $$;

CREATE FUNCTION next_id_of_channel() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM channel) + 1;
END $$;

CREATE FUNCTION next_id_of_consent() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM consent) + 1;
END $$;

CREATE FUNCTION next_id_of_consent_channel() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM consent_channel) + 1;
END $$;

CREATE FUNCTION next_id_of_consent_event() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM consent_event) + 1;
END $$;

CREATE FUNCTION next_id_of_consent_form() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM consent_form) + 1;
END $$;

CREATE FUNCTION next_id_of_correction() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM correction) + 1;
END $$;

CREATE FUNCTION next_id_of_decision() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM decision) + 1;
END $$;

CREATE FUNCTION next_id_of_depiction() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM depiction) + 1;
END $$;

CREATE FUNCTION next_id_of_disclosure() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM disclosure) + 1;
END $$;

CREATE FUNCTION next_id_of_event() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM event) + 1;
END $$;

CREATE FUNCTION next_id_of_guardianship() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM guardianship) + 1;
END $$;

CREATE FUNCTION next_id_of_history() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM history) + 1;
END $$;

CREATE FUNCTION next_seq_of_ledger() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(seq), 0) FROM ledger) + 1;
END $$;

CREATE FUNCTION next_id_of_list_layout() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM list_layout) + 1;
END $$;

CREATE FUNCTION next_id_of_log_key() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM log_key) + 1;
END $$;

CREATE FUNCTION next_id_of_permission() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM permission) + 1;
END $$;

CREATE FUNCTION next_id_of_permission_channel() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM permission_channel) + 1;
END $$;

CREATE FUNCTION next_id_of_permission_event() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM permission_event) + 1;
END $$;

CREATE FUNCTION next_id_of_person() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM person) + 1;
END $$;

CREATE FUNCTION next_id_of_person_name() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM person_name) + 1;
END $$;

CREATE FUNCTION next_id_of_photo() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN greatest((SELECT coalesce(max(id), 0) FROM photo), (SELECT coalesce(max(row_key::integer), 0) FROM history WHERE table_name = 'photo' AND kind = 'delete')) + 1;
END $$;

CREATE FUNCTION next_id_of_photo_flag() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM photo_flag) + 1;
END $$;

CREATE FUNCTION next_version_of_policy_version() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(version), 0) FROM policy_version) + 1;
END $$;

CREATE FUNCTION next_id_of_publication() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM publication) + 1;
END $$;

CREATE FUNCTION next_id_of_record_hash() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM record_hash) + 1;
END $$;

CREATE FUNCTION next_id_of_ruling() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM ruling) + 1;
END $$;

CREATE FUNCTION next_id_of_second_look() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM second_look) + 1;
END $$;

CREATE FUNCTION next_id_of_sign_in_attempt() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM sign_in_attempt) + 1;
END $$;

CREATE FUNCTION next_id_of_staff() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM staff) + 1;
END $$;

CREATE FUNCTION next_id_of_take_down() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM take_down) + 1;
END $$;

CREATE FUNCTION next_id_of_unclear_case() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM unclear_case) + 1;
END $$;

CREATE FUNCTION next_id_of_verdict_basis() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
  RETURN (SELECT coalesce(max(id), 0) FROM verdict_basis) + 1;
END $$;

CREATE TABLE access_secret (
  id INTEGER DEFAULT next_id_of_access_secret() NOT NULL,
  staff_id INTEGER NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  valid_until TIMESTAMP WITH TIME ZONE NOT NULL,
  added_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_access_secret PRIMARY KEY (id),
  CONSTRAINT ck_access_secret_sha256 CHECK (length(sha256) = 64),
  CONSTRAINT uq_access_secret_sha256 UNIQUE (sha256),
  CONSTRAINT ck_access_secret_valid_until_in_calendar CHECK (valid_until BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_access_secret_added_at_in_calendar CHECK (added_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE api_key (
  id INTEGER DEFAULT next_id_of_api_key() NOT NULL,
  staff_id INTEGER NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  scopes VARCHAR(100) NOT NULL,
  last_day DATE NOT NULL,
  added_at TIMESTAMP WITH TIME ZONE NOT NULL,
  added_by INTEGER NOT NULL,
  revoked_at TIMESTAMP WITH TIME ZONE,
  revoked_by INTEGER,
  CONSTRAINT pk_api_key PRIMARY KEY (id),
  CONSTRAINT ck_api_key_sha256 CHECK (length(sha256) = 64),
  CONSTRAINT ck_api_key_revoked_by CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
  CONSTRAINT uq_api_key_staff_id UNIQUE (staff_id),
  CONSTRAINT uq_api_key_sha256 UNIQUE (sha256),
  CONSTRAINT ck_api_key_last_day_in_calendar CHECK (last_day BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_api_key_added_at_in_calendar CHECK (added_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_api_key_revoked_at_in_calendar CHECK (revoked_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE api_key_channel (
  key_id INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  CONSTRAINT pk_api_key_channel PRIMARY KEY (key_id, channel_id)
);

CREATE TABLE channel (
  id INTEGER DEFAULT next_id_of_channel() NOT NULL,
  name VARCHAR(64) NOT NULL,
  title VARCHAR(200) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  controller VARCHAR(200),
  since DATE NOT NULL,
  terms_url VARCHAR(500) NOT NULL,
  terms_changed_on DATE,
  reviewed_on DATE,
  proposed_own BOOLEAN,
  proposed_since DATE,
  proposed_by INTEGER,
  active BOOLEAN NOT NULL,
  CONSTRAINT pk_channel PRIMARY KEY (id),
  CONSTRAINT ck_channel_other_controller CHECK (kind NOT IN ('press', 'subsidiary_page', 'personal_profile') OR controller IS NOT NULL),
  CONSTRAINT ck_channel_controller CHECK (length(trim(controller)) > 0),
  CONSTRAINT uq_channel_name UNIQUE (name),
  CONSTRAINT ck_channel_kind CHECK (kind IN ('public_page', 'website', 'closed_group', 'closed_work_group', 'print', 'press', 'internal', 'subsidiary_page', 'personal_profile')),
  CONSTRAINT ck_channel_name_not_blank CHECK (length(trim(name)) > 0),
  CONSTRAINT ck_channel_title_not_blank CHECK (length(trim(title)) > 0),
  CONSTRAINT ck_channel_since_in_calendar CHECK (since BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_channel_terms_changed_on_in_calendar CHECK (terms_changed_on BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_channel_reviewed_on_in_calendar CHECK (reviewed_on BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_channel_proposed_since_in_calendar CHECK (proposed_since BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE channel_admin (
  channel_id INTEGER NOT NULL,
  staff_id INTEGER NOT NULL,
  CONSTRAINT pk_channel_admin PRIMARY KEY (channel_id, staff_id)
);

CREATE TABLE consent (
  id INTEGER DEFAULT next_id_of_consent() NOT NULL,
  subject_id INTEGER NOT NULL,
  actor_id INTEGER NOT NULL,
  photo_id INTEGER,
  event_id INTEGER,
  CONSTRAINT pk_consent PRIMARY KEY (id),
  CONSTRAINT ck_consent_one_reach CHECK (photo_id IS NULL OR event_id IS NULL)
);

CREATE TABLE consent_channel (
  id INTEGER DEFAULT next_id_of_consent_channel() NOT NULL,
  statement_id INTEGER NOT NULL,
  kind VARCHAR(32),
  channel_id INTEGER,
  CONSTRAINT pk_consent_channel PRIMARY KEY (id),
  CONSTRAINT ck_consent_channel_kind_or_channel CHECK ((kind IS NULL) <> (channel_id IS NULL)),
  CONSTRAINT ck_consent_channel_kind CHECK (kind IN ('public_page', 'website', 'closed_group', 'closed_work_group', 'print', 'press', 'internal', 'subsidiary_page', 'personal_profile'))
);

CREATE TABLE consent_event (
  kind VARCHAR(32) NOT NULL,
  day DATE NOT NULL,
  is_dated BOOLEAN NOT NULL,
  is_live BOOLEAN NOT NULL,
  names_kind BOOLEAN NOT NULL,
  valid_until DATE,
  open_ended BOOLEAN NOT NULL,
  method VARCHAR(32) NOT NULL,
  evidence VARCHAR(64),
  paper VARCHAR(200) NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  recorded_by INTEGER NOT NULL,
  id INTEGER DEFAULT next_id_of_consent_event() NOT NULL,
  consent_id INTEGER NOT NULL,
  form_language VARCHAR(8) NOT NULL,
  form_version VARCHAR(32) NOT NULL,
  releases_confidentiality BOOLEAN NOT NULL,
  may_be_named BOOLEAN,
  by_attorney BOOLEAN NOT NULL,
  CONSTRAINT pk_consent_event PRIMARY KEY (id),
  CONSTRAINT ck_consent_event_period CHECK (valid_until >= day),
  CONSTRAINT ck_consent_event_one_end CHECK (NOT (open_ended AND valid_until IS NOT NULL)),
  CONSTRAINT ck_consent_event_grant_has_end CHECK (NOT (kind IN ('given', 'renewed')) OR open_ended OR valid_until IS NOT NULL),
  CONSTRAINT ck_consent_event_paper CHECK (paper = '' OR length(trim(paper)) > 0),
  CONSTRAINT ck_consent_event_kind CHECK (kind IN ('requested', 'given', 'refused', 'withdrawn', 'renewed')),
  CONSTRAINT ck_consent_event_method CHECK (method IN ('written', 'electronic', 'oral', 'strong_identification', 'online_code')),
  CONSTRAINT ck_consent_event_day_in_calendar CHECK (day BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_consent_event_valid_until_in_calendar CHECK (valid_until BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_consent_event_recorded_at_in_calendar CHECK (recorded_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE consent_form (
  id INTEGER DEFAULT next_id_of_consent_form() NOT NULL,
  code VARCHAR(32) NOT NULL,
  subject_id INTEGER,
  actor_id INTEGER,
  photo_id INTEGER,
  event_id INTEGER,
  language VARCHAR(32) NOT NULL,
  form_version VARCHAR(32) NOT NULL,
  valid_until DATE,
  printed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  printed_by INTEGER NOT NULL,
  CONSTRAINT pk_consent_form PRIMARY KEY (id),
  CONSTRAINT ck_consent_form_one_reach CHECK (photo_id IS NULL OR event_id IS NULL),
  CONSTRAINT ck_consent_form_code CHECK (length(code) > 0),
  CONSTRAINT uq_consent_form_code UNIQUE (code),
  CONSTRAINT ck_consent_form_language CHECK (language IN ('fi', 'en', 'sv', 'se')),
  CONSTRAINT ck_consent_form_valid_until_in_calendar CHECK (valid_until BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_consent_form_printed_at_in_calendar CHECK (printed_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE consent_form_answer (
  form_id INTEGER NOT NULL,
  statement_id INTEGER NOT NULL,
  CONSTRAINT pk_consent_form_answer PRIMARY KEY (form_id, statement_id)
);

CREATE TABLE consent_form_channel (
  form_id INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  CONSTRAINT pk_consent_form_channel PRIMARY KEY (form_id, channel_id)
);

CREATE TABLE consent_form_purpose (
  form_id INTEGER NOT NULL,
  purpose VARCHAR(32) NOT NULL,
  CONSTRAINT pk_consent_form_purpose PRIMARY KEY (form_id, purpose),
  CONSTRAINT ck_consent_form_purpose_purpose CHECK (purpose IN ('information', 'marketing'))
);

CREATE TABLE consent_form_scan (
  form_id INTEGER NOT NULL,
  evidence VARCHAR(64) NOT NULL,
  source VARCHAR(64) NOT NULL,
  first_page INTEGER NOT NULL,
  last_page INTEGER NOT NULL,
  scanned_at TIMESTAMP WITH TIME ZONE NOT NULL,
  scanned_by INTEGER NOT NULL,
  CONSTRAINT pk_consent_form_scan PRIMARY KEY (form_id),
  CONSTRAINT ck_consent_form_scan_source CHECK (length(source) = 64),
  CONSTRAINT ck_consent_form_scan_pages CHECK (first_page >= 1 AND last_page >= first_page),
  CONSTRAINT ck_consent_form_scan_scanned_at_in_calendar CHECK (scanned_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE consent_purpose (
  statement_id INTEGER NOT NULL,
  purpose VARCHAR(32) NOT NULL,
  CONSTRAINT pk_consent_purpose PRIMARY KEY (statement_id, purpose),
  CONSTRAINT ck_consent_purpose_purpose CHECK (purpose IN ('information', 'marketing'))
);

CREATE TABLE correction (
  id INTEGER DEFAULT next_id_of_correction() NOT NULL,
  statement_id INTEGER,
  permission_statement_id INTEGER,
  publication_id INTEGER,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  asked_by INTEGER NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  ended_by INTEGER,
  outcome VARCHAR(32),
  CONSTRAINT pk_correction PRIMARY KEY (id),
  CONSTRAINT ck_correction_of_one CHECK ((CASE WHEN statement_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN permission_statement_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN publication_id IS NULL THEN 0 ELSE 1 END) = 1),
  CONSTRAINT ck_correction_ended CHECK ((outcome IS NULL) = (ended_at IS NULL)),
  CONSTRAINT ck_correction_ended_by_somebody CHECK ((outcome IS NULL) = (ended_by IS NULL)),
  CONSTRAINT ck_correction_never_put_back CHECK (outcome IS NULL OR outcome <> 'put_back'),
  CONSTRAINT ck_correction_by_another CHECK (outcome NOT IN ('agreed', 'differed') OR ended_by <> asked_by),
  CONSTRAINT ck_correction_by_oneself CHECK (outcome <> 'corrected' OR ended_by = asked_by),
  CONSTRAINT ck_correction_outcome CHECK (outcome IN ('agreed', 'differed', 'put_back', 'corrected')),
  CONSTRAINT ck_correction_asked_at_in_calendar CHECK (asked_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_correction_ended_at_in_calendar CHECK (ended_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE decision (
  photo_id INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  mode VARCHAR(32) NOT NULL,
  purpose VARCHAR(32) NOT NULL,
  day DATE NOT NULL,
  facts JSON NOT NULL,
  facts_digest VARCHAR(64) NOT NULL,
  codes VARCHAR(2000) NOT NULL,
  rules_version VARCHAR(16) NOT NULL,
  policy_version INTEGER NOT NULL,
  id INTEGER DEFAULT next_id_of_decision() NOT NULL,
  made_for VARCHAR(32) NOT NULL,
  outcome VARCHAR(32) NOT NULL,
  ruling_id INTEGER,
  decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
  decided_by INTEGER NOT NULL,
  CONSTRAINT pk_decision PRIMARY KEY (id),
  CONSTRAINT ck_decision_never_refused CHECK (outcome <> 'refused'),
  CONSTRAINT ck_decision_unclear_needs_a_ruling CHECK ((outcome = 'publishable') = (ruling_id IS NULL)),
  CONSTRAINT ck_decision_codes CHECK ((outcome = 'publishable') = (codes = '')),
  CONSTRAINT ck_decision_facts_digest CHECK (length(facts_digest) = 64),
  CONSTRAINT uq_decision_use UNIQUE (id, photo_id, channel_id),
  CONSTRAINT ck_decision_mode CHECK (mode IN ('upload', 'link', 'embed', 'share')),
  CONSTRAINT ck_decision_purpose CHECK (purpose IN ('information', 'marketing')),
  CONSTRAINT ck_decision_made_for CHECK (made_for IN ('approval', 'export', 'publication')),
  CONSTRAINT ck_decision_outcome CHECK (outcome IN ('publishable', 'unclear', 'refused')),
  CONSTRAINT ck_decision_day_in_calendar CHECK (day BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_decision_decided_at_in_calendar CHECK (decided_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE depiction (
  id INTEGER DEFAULT next_id_of_depiction() NOT NULL,
  photo_id INTEGER NOT NULL,
  person_id INTEGER,
  position VARCHAR(200) NOT NULL,
  prominence VARCHAR(32) NOT NULL,
  role VARCHAR(32) NOT NULL,
  CONSTRAINT pk_depiction PRIMARY KEY (id),
  CONSTRAINT uq_depiction_photo_id_person_id UNIQUE (photo_id, person_id),
  CONSTRAINT ck_depiction_prominence CHECK (prominence IN ('subject', 'passing')),
  CONSTRAINT ck_depiction_role CHECK (role IN ('private', 'public_office'))
);

CREATE TABLE disclosure (
  id INTEGER DEFAULT next_id_of_disclosure() NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  actor_id INTEGER NOT NULL,
  list VARCHAR(64) NOT NULL,
  purpose VARCHAR(500) NOT NULL,
  about VARCHAR(400) NOT NULL,
  names INTEGER NOT NULL,
  contacts INTEGER NOT NULL,
  masked INTEGER NOT NULL,
  persons JSON NOT NULL,
  stated_id INTEGER,
  CONSTRAINT pk_disclosure PRIMARY KEY (id),
  CONSTRAINT ck_disclosure_purpose CHECK (length(trim(purpose)) > 0 OR names + contacts + masked > 0),
  CONSTRAINT ck_disclosure_at_in_calendar CHECK (at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE event (
  photographer VARCHAR(32),
  basis VARCHAR(32),
  commissioner VARCHAR(32),
  place VARCHAR(32),
  place_permission BOOLEAN,
  shot VARCHAR(32),
  confidentiality VARCHAR(32),
  sensitive BOOLEAN,
  id INTEGER DEFAULT next_id_of_event() NOT NULL,
  name VARCHAR(200) NOT NULL,
  starts_on DATE NOT NULL,
  ends_on DATE NOT NULL,
  unit VARCHAR(100),
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  created_by INTEGER NOT NULL,
  CONSTRAINT pk_event PRIMARY KEY (id),
  CONSTRAINT ck_event_period CHECK (ends_on >= starts_on),
  CONSTRAINT ck_event_photographer CHECK (photographer IN ('known', 'unknown')),
  CONSTRAINT ck_event_basis CHECK (basis IN ('photographer_permission', 'staff_agreement', 'transferred', 'licence_cc', 'stock', 'staff_no_agreement', 'public_domain', 'none', 'web_found', 'known_unlawful')),
  CONSTRAINT ck_event_commissioner CHECK (commissioner IN ('na', 'consented', 'not_consented')),
  CONSTRAINT ck_event_place CHECK (place IN ('public_outdoor', 'office_lobby', 'shopping_centre', 'care_lobby', 'care_other', 'school_or_daycare', 'municipal_other', 'private_home', 'restricted_area', 'unknown')),
  CONSTRAINT ck_event_shot CHECK (shot IN ('general_view', 'person_subject')),
  CONSTRAINT ck_event_confidentiality CHECK (confidentiality IN ('none', 'care_client', 'pupil_welfare', 'internal', 'publication_block', 'unsure')),
  CONSTRAINT ck_event_name_not_blank CHECK (length(trim(name)) > 0),
  CONSTRAINT ck_event_starts_on_in_calendar CHECK (starts_on BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_event_ends_on_in_calendar CHECK (ends_on BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_event_unit_not_blank CHECK (length(trim(unit)) > 0),
  CONSTRAINT ck_event_created_at_in_calendar CHECK (created_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE event_photographer (
  event_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  CONSTRAINT pk_event_photographer PRIMARY KEY (event_id, person_id)
);

CREATE TABLE event_roster (
  event_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  CONSTRAINT pk_event_roster PRIMARY KEY (event_id, person_id)
);

CREATE TABLE evidence (
  sha256 VARCHAR(64) NOT NULL,
  size INTEGER NOT NULL,
  suffix VARCHAR(16) NOT NULL,
  added_at TIMESTAMP WITH TIME ZONE NOT NULL,
  added_by INTEGER NOT NULL,
  mtime_ns BIGINT,
  damaged_at TIMESTAMP WITH TIME ZONE,
  erased_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_evidence PRIMARY KEY (sha256),
  CONSTRAINT ck_evidence_sha256 CHECK (length(sha256) = 64),
  CONSTRAINT ck_evidence_size CHECK (size > 0),
  CONSTRAINT ck_evidence_added_at_in_calendar CHECK (added_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_evidence_damaged_at_in_calendar CHECK (damaged_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_evidence_erased_at_in_calendar CHECK (erased_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE guardianship (
  id INTEGER DEFAULT next_id_of_guardianship() NOT NULL,
  child_id INTEGER NOT NULL,
  guardian_id INTEGER NOT NULL,
  basis VARCHAR(32) NOT NULL,
  verified_how VARCHAR(200),
  excused_ground VARCHAR(500),
  excused_by INTEGER,
  excused_evidence VARCHAR(64),
  decides_alone BOOLEAN NOT NULL,
  decides_alone_reason VARCHAR(500),
  decides_alone_evidence VARCHAR(64),
  first_day DATE,
  last_day DATE,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  created_by INTEGER NOT NULL,
  CONSTRAINT pk_guardianship PRIMARY KEY (id),
  CONSTRAINT ck_guardianship_not_oneself CHECK (child_id <> guardian_id),
  CONSTRAINT ck_guardianship_days CHECK (first_day <= last_day),
  CONSTRAINT ck_guardianship_decides_alone CHECK (NOT decides_alone OR (basis = 'care_decision' AND decides_alone_reason IS NOT NULL AND decides_alone_evidence IS NOT NULL)),
  CONSTRAINT ck_guardianship_decides_alone_reason CHECK (length(trim(decides_alone_reason)) > 0),
  CONSTRAINT ck_guardianship_excused_by_somebody CHECK ((excused_ground IS NULL) = (excused_by IS NULL)),
  CONSTRAINT ck_guardianship_verified_how CHECK (length(trim(verified_how)) > 0),
  CONSTRAINT ck_guardianship_excused_ground CHECK (length(trim(excused_ground)) > 0),
  CONSTRAINT ck_guardianship_excused_is_verified CHECK (excused_ground IS NULL OR verified_how IS NOT NULL),
  CONSTRAINT ck_guardianship_basis CHECK (basis IN ('parent', 'court_order', 'agreement', 'care_decision')),
  CONSTRAINT ck_guardianship_first_day_in_calendar CHECK (first_day BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_guardianship_last_day_in_calendar CHECK (last_day BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_guardianship_created_at_in_calendar CHECK (created_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE history (
  id INTEGER DEFAULT next_id_of_history() NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  table_name VARCHAR(64) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  row_key VARCHAR(64) NOT NULL,
  "old" JSON NOT NULL,
  CONSTRAINT pk_history PRIMARY KEY (id),
  CONSTRAINT ck_history_kind CHECK (kind IN ('insert', 'update', 'delete')),
  CONSTRAINT ck_history_at_in_calendar CHECK (at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE ledger (
  seq INTEGER DEFAULT next_seq_of_ledger() NOT NULL,
  at VARCHAR(40) NOT NULL,
  actor_id INTEGER NOT NULL,
  action VARCHAR(64) NOT NULL,
  subject VARCHAR(64) NOT NULL,
  details VARCHAR(20000) NOT NULL,
  computer_login VARCHAR(200) NOT NULL,
  database_login VARCHAR(200) NOT NULL,
  database_role VARCHAR(200) NOT NULL,
  previous VARCHAR(64) NOT NULL,
  hash VARCHAR(64) NOT NULL,
  CONSTRAINT pk_ledger PRIMARY KEY (seq),
  CONSTRAINT ck_ledger_hash CHECK (length(hash) = 64),
  CONSTRAINT uq_ledger_previous UNIQUE (previous),
  CONSTRAINT uq_ledger_hash UNIQUE (hash)
);

CREATE TABLE likeness_block (
  number INTEGER NOT NULL,
  offsets BYTEA NOT NULL,
  first_half BYTEA NOT NULL,
  second_half BYTEA NOT NULL,
  CONSTRAINT pk_likeness_block PRIMARY KEY (number),
  CONSTRAINT ck_likeness_block_first_half CHECK (length(first_half) = 8 * length(offsets)),
  CONSTRAINT ck_likeness_block_second_half CHECK (length(second_half) = 8 * length(offsets)),
  CONSTRAINT ck_likeness_block_offsets CHECK (length(offsets) <= 8192)
);

CREATE TABLE list_layout (
  id INTEGER DEFAULT next_id_of_list_layout() NOT NULL,
  kind VARCHAR(32) NOT NULL,
  name VARCHAR(64) NOT NULL,
  shape VARCHAR(64) NOT NULL,
  columns JSON NOT NULL,
  saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
  saved_by INTEGER NOT NULL,
  CONSTRAINT pk_list_layout PRIMARY KEY (id),
  CONSTRAINT ck_list_layout_kind CHECK (kind IN ('class_list', 'permissions')),
  CONSTRAINT ck_list_layout_name_not_blank CHECK (length(trim(name)) > 0),
  CONSTRAINT ck_list_layout_saved_at_in_calendar CHECK (saved_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE log_key (
  id INTEGER DEFAULT next_id_of_log_key() NOT NULL,
  public_key VARCHAR(300) NOT NULL,
  added_at TIMESTAMP WITH TIME ZONE NOT NULL,
  added_by INTEGER NOT NULL,
  CONSTRAINT pk_log_key PRIMARY KEY (id),
  CONSTRAINT uq_log_key_public_key UNIQUE (public_key),
  CONSTRAINT ck_log_key_added_at_in_calendar CHECK (added_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE missing_consent (
  photo_id INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  outcome VARCHAR(32) NOT NULL,
  codes VARCHAR(2000) NOT NULL,
  persons VARCHAR(20000) NOT NULL,
  CONSTRAINT pk_missing_consent PRIMARY KEY (photo_id, channel_id),
  CONSTRAINT ck_missing_consent_has_findings CHECK (outcome <> 'publishable'),
  CONSTRAINT ck_missing_consent_outcome CHECK (outcome IN ('publishable', 'unclear', 'refused'))
);

CREATE TABLE moment (
  id INTEGER NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_moment PRIMARY KEY (id),
  CONSTRAINT ck_moment_one_row CHECK (id = 1),
  CONSTRAINT ck_moment_at_in_calendar CHECK (at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE password (
  staff_id INTEGER NOT NULL,
  salt VARCHAR(32) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  must_change BOOLEAN NOT NULL,
  set_at TIMESTAMP WITH TIME ZONE NOT NULL,
  set_by INTEGER NOT NULL,
  CONSTRAINT pk_password PRIMARY KEY (staff_id),
  CONSTRAINT ck_password_salt CHECK (length(salt) = 32),
  CONSTRAINT ck_password_sha256 CHECK (length(sha256) = 64),
  CONSTRAINT ck_password_set_at_in_calendar CHECK (set_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE permission (
  id INTEGER DEFAULT next_id_of_permission() NOT NULL,
  photographer_id INTEGER,
  licensor VARCHAR(200) NOT NULL,
  photo_id INTEGER,
  event_id INTEGER,
  CONSTRAINT pk_permission PRIMARY KEY (id),
  CONSTRAINT ck_permission_one_reach CHECK (photo_id IS NULL OR event_id IS NULL),
  CONSTRAINT ck_permission_has_holder_or_photo CHECK (photographer_id IS NOT NULL OR photo_id IS NOT NULL)
);

CREATE TABLE permission_channel (
  id INTEGER DEFAULT next_id_of_permission_channel() NOT NULL,
  statement_id INTEGER NOT NULL,
  kind VARCHAR(32),
  channel_id INTEGER,
  CONSTRAINT pk_permission_channel PRIMARY KEY (id),
  CONSTRAINT ck_permission_channel_kind_or_channel CHECK ((kind IS NULL) <> (channel_id IS NULL)),
  CONSTRAINT ck_permission_channel_kind CHECK (kind IN ('public_page', 'website', 'closed_group', 'closed_work_group', 'print', 'press', 'internal', 'subsidiary_page', 'personal_profile'))
);

CREATE TABLE permission_event (
  kind VARCHAR(32) NOT NULL,
  day DATE NOT NULL,
  is_dated BOOLEAN NOT NULL,
  is_live BOOLEAN NOT NULL,
  names_kind BOOLEAN NOT NULL,
  valid_until DATE,
  open_ended BOOLEAN NOT NULL,
  method VARCHAR(32) NOT NULL,
  evidence VARCHAR(64),
  paper VARCHAR(200) NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  recorded_by INTEGER NOT NULL,
  id INTEGER DEFAULT next_id_of_permission_event() NOT NULL,
  permission_id INTEGER NOT NULL,
  basis VARCHAR(32),
  credit VARCHAR(200) NOT NULL,
  credit_waived BOOLEAN NOT NULL,
  by_person_id INTEGER,
  author_id INTEGER,
  licence_terms VARCHAR(16) NOT NULL,
  CONSTRAINT pk_permission_event PRIMARY KEY (id),
  CONSTRAINT ck_permission_event_period CHECK (valid_until >= day),
  CONSTRAINT ck_permission_event_one_end CHECK (NOT (open_ended AND valid_until IS NOT NULL)),
  CONSTRAINT ck_permission_event_grant_has_end CHECK (NOT (kind IN ('given', 'renewed')) OR open_ended OR valid_until IS NOT NULL),
  CONSTRAINT ck_permission_event_paper CHECK (paper = '' OR length(trim(paper)) > 0),
  CONSTRAINT ck_permission_event_grant_has_basis CHECK (NOT (kind IN ('given', 'renewed')) OR (basis IS NOT NULL AND basis IN ('licence_cc', 'photographer_permission', 'staff_agreement', 'stock', 'transferred'))),
  CONSTRAINT ck_permission_event_author_of_transfer CHECK (author_id IS NULL OR (basis IS NOT NULL AND basis = 'transferred')),
  CONSTRAINT ck_permission_event_licence_terms CHECK (licence_terms IN ('', 'by', 'nc', 'nd', 'sa', 'by;nc', 'by;nd', 'by;sa', 'nc;nd', 'nc;sa', 'nd;sa', 'by;nc;nd', 'by;nc;sa', 'by;nd;sa', 'nc;nd;sa', 'by;nc;nd;sa')),
  CONSTRAINT ck_permission_event_terms_of_licence CHECK (licence_terms = '' OR (basis IS NOT NULL AND basis = 'licence_cc')),
  CONSTRAINT ck_permission_event_kind CHECK (kind IN ('requested', 'given', 'refused', 'withdrawn', 'renewed')),
  CONSTRAINT ck_permission_event_method CHECK (method IN ('written', 'electronic', 'oral', 'strong_identification', 'online_code')),
  CONSTRAINT ck_permission_event_basis CHECK (basis IN ('photographer_permission', 'staff_agreement', 'transferred', 'licence_cc', 'stock', 'staff_no_agreement', 'public_domain', 'none', 'web_found', 'known_unlawful')),
  CONSTRAINT ck_permission_event_day_in_calendar CHECK (day BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_permission_event_valid_until_in_calendar CHECK (valid_until BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_permission_event_recorded_at_in_calendar CHECK (recorded_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE permission_purpose (
  statement_id INTEGER NOT NULL,
  purpose VARCHAR(32) NOT NULL,
  CONSTRAINT pk_permission_purpose PRIMARY KEY (statement_id, purpose),
  CONSTRAINT ck_permission_purpose_purpose CHECK (purpose IN ('information', 'marketing'))
);

CREATE TABLE person (
  id INTEGER DEFAULT next_id_of_person() NOT NULL,
  name VARCHAR(200) NOT NULL,
  name_key VARCHAR(200) NOT NULL,
  letters_key VARCHAR(200) NOT NULL,
  born DATE,
  age_group VARCHAR(32) NOT NULL,
  deceased BOOLEAN NOT NULL,
  died_on DATE,
  capacity VARCHAR(32) NOT NULL,
  guardians_total INTEGER,
  contact VARCHAR(200) NOT NULL,
  language VARCHAR(32),
  blocked BOOLEAN NOT NULL,
  blocked_at TIMESTAMP WITH TIME ZONE,
  blocked_by INTEGER,
  merged_into INTEGER,
  erased_at TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  created_by INTEGER NOT NULL,
  CONSTRAINT pk_person PRIMARY KEY (id),
  CONSTRAINT ck_person_guardians_total CHECK (guardians_total BETWEEN 0 AND 20),
  CONSTRAINT ck_person_one_age CHECK (born IS NULL OR age_group = 'unknown'),
  CONSTRAINT ck_person_died_on CHECK (died_on IS NULL OR deceased),
  CONSTRAINT ck_person_died_after_birth CHECK (died_on >= born),
  CONSTRAINT ck_person_blocked_at CHECK (blocked_at IS NULL OR blocked),
  CONSTRAINT ck_person_blocked_by CHECK ((blocked_at IS NULL) = (blocked_by IS NULL)),
  CONSTRAINT ck_person_not_into_oneself CHECK (merged_into <> id),
  CONSTRAINT ck_person_tombstone CHECK (erased_at IS NULL OR (contact = '' AND born IS NULL AND blocked)),
  CONSTRAINT ck_person_age_group CHECK (age_group IN ('adult', 'minor', 'unknown')),
  CONSTRAINT ck_person_capacity CHECK (capacity IN ('ok', 'doubt', 'na')),
  CONSTRAINT ck_person_language CHECK (language IN ('fi', 'en', 'sv', 'se')),
  CONSTRAINT ck_person_name_not_blank CHECK (length(trim(name)) > 0),
  CONSTRAINT ck_person_born_in_calendar CHECK (born BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_person_died_on_in_calendar CHECK (died_on BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_person_blocked_at_in_calendar CHECK (blocked_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_person_erased_at_in_calendar CHECK (erased_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_person_created_at_in_calendar CHECK (created_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE person_name (
  id INTEGER DEFAULT next_id_of_person_name() NOT NULL,
  person_id INTEGER NOT NULL,
  name VARCHAR(200) NOT NULL,
  name_key VARCHAR(200) NOT NULL,
  letters_key VARCHAR(200) NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  created_by INTEGER NOT NULL,
  CONSTRAINT pk_person_name PRIMARY KEY (id),
  CONSTRAINT uq_person_name_person_id_name_key UNIQUE (person_id, name_key),
  CONSTRAINT ck_person_name_name_not_blank CHECK (length(trim(name)) > 0),
  CONSTRAINT ck_person_name_created_at_in_calendar CHECK (created_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE photo (
  photographer VARCHAR(32),
  basis VARCHAR(32),
  commissioner VARCHAR(32),
  place VARCHAR(32),
  place_permission BOOLEAN,
  shot VARCHAR(32),
  confidentiality VARCHAR(32),
  sensitive BOOLEAN,
  id INTEGER DEFAULT next_id_of_photo() NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  path VARCHAR(4096) NOT NULL,
  file_name VARCHAR(255) NOT NULL,
  size INTEGER NOT NULL,
  mtime_ns BIGINT,
  format VARCHAR(8) NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  orientation INTEGER,
  file_changed BOOLEAN NOT NULL,
  taken_at VARCHAR(32),
  file_taken_on DATE,
  file_artist VARCHAR(2000) NOT NULL,
  file_copyright VARCHAR(2000) NOT NULL,
  file_description VARCHAR(2000) NOT NULL,
  camera VARCHAR(200) NOT NULL,
  gps_present BOOLEAN NOT NULL,
  picture_sha256 VARCHAR(64),
  rights_metadata JSON,
  version_of INTEGER,
  event_id INTEGER,
  credit VARCHAR(200),
  credit_waived BOOLEAN NOT NULL,
  taken_year INTEGER,
  photographer_died_year INTEGER,
  rights_removed BOOLEAN NOT NULL,
  depicted_work VARCHAR(32),
  digital_source VARCHAR(32),
  people VARCHAR(32),
  recognisable_count INTEGER,
  context_identifies BOOLEAN,
  registered_at TIMESTAMP WITH TIME ZONE NOT NULL,
  registered_by INTEGER NOT NULL,
  CONSTRAINT pk_photo PRIMARY KEY (id),
  CONSTRAINT ck_photo_sha256 CHECK (length(sha256) = 64),
  CONSTRAINT ck_photo_picture_sha256 CHECK (length(picture_sha256) = 64),
  CONSTRAINT ck_photo_no_version_of_itself CHECK (version_of <> id),
  CONSTRAINT ck_photo_size CHECK (size > 0 AND width > 0 AND height > 0),
  CONSTRAINT ck_photo_recognisable_count CHECK (recognisable_count BETWEEN 1 AND 9999),
  CONSTRAINT ck_photo_counts_people CHECK (recognisable_count IS NULL OR people IN ('recognisable', 'unrecognisable')),
  CONSTRAINT ck_photo_orientation CHECK (orientation BETWEEN 1 AND 8),
  CONSTRAINT ck_photo_one_credit CHECK (NOT credit_waived OR credit IS NULL),
  CONSTRAINT ck_photo_taken_year CHECK (taken_year BETWEEN 1800 AND 9999),
  CONSTRAINT ck_photo_photographer_died_year CHECK (photographer_died_year BETWEEN 1800 AND 9999),
  CONSTRAINT ck_photo_photographer CHECK (photographer IN ('known', 'unknown')),
  CONSTRAINT ck_photo_basis CHECK (basis IN ('photographer_permission', 'staff_agreement', 'transferred', 'licence_cc', 'stock', 'staff_no_agreement', 'public_domain', 'none', 'web_found', 'known_unlawful')),
  CONSTRAINT ck_photo_commissioner CHECK (commissioner IN ('na', 'consented', 'not_consented')),
  CONSTRAINT ck_photo_place CHECK (place IN ('public_outdoor', 'office_lobby', 'shopping_centre', 'care_lobby', 'care_other', 'school_or_daycare', 'municipal_other', 'private_home', 'restricted_area', 'unknown')),
  CONSTRAINT ck_photo_shot CHECK (shot IN ('general_view', 'person_subject')),
  CONSTRAINT ck_photo_confidentiality CHECK (confidentiality IN ('none', 'care_client', 'pupil_welfare', 'internal', 'publication_block', 'unsure')),
  CONSTRAINT uq_photo_sha256 UNIQUE (sha256),
  CONSTRAINT ck_photo_depicted_work CHECK (depicted_work IN ('none', 'main_subject', 'main_subject_permanent_public', 'permitted')),
  CONSTRAINT ck_photo_digital_source CHECK (digital_source IN ('camera', 'ai_generated', 'ai_composite')),
  CONSTRAINT ck_photo_people CHECK (people IN ('none', 'recognisable', 'unrecognisable', 'unsure')),
  CONSTRAINT ck_photo_file_taken_on_in_calendar CHECK (file_taken_on BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_photo_registered_at_in_calendar CHECK (registered_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE photo_class (
  photo_id INTEGER NOT NULL,
  class_key VARCHAR(20000) NOT NULL,
  person_ids VARCHAR(20000) NOT NULL,
  CONSTRAINT pk_photo_class PRIMARY KEY (photo_id)
);

CREATE TABLE photo_flag (
  id INTEGER DEFAULT next_id_of_photo_flag() NOT NULL,
  photo_id INTEGER NOT NULL,
  person_id INTEGER,
  objector VARCHAR(200) NOT NULL,
  objector_kind VARCHAR(32) NOT NULL,
  reason VARCHAR(4000) NOT NULL,
  cause VARCHAR(32) DEFAULT 'reported' NOT NULL,
  like_photo_id INTEGER,
  about_person_id INTEGER,
  concerns_person BOOLEAN NOT NULL,
  raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
  raised_by INTEGER NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  resolved_at TIMESTAMP WITH TIME ZONE,
  resolved_by INTEGER,
  outcome VARCHAR(32),
  resolution VARCHAR(4000) NOT NULL,
  CONSTRAINT pk_photo_flag PRIMARY KEY (id),
  CONSTRAINT ck_photo_flag_reason CHECK (cause <> 'reported' OR length(trim(reason)) > 0),
  CONSTRAINT ck_photo_flag_looks_like_one CHECK ((cause = 'looks_alike') = (like_photo_id IS NOT NULL)),
  CONSTRAINT ck_photo_flag_about_somebody CHECK ((cause IN ('objection', 'not_named', 'removed')) = (about_person_id IS NOT NULL)),
  CONSTRAINT ck_photo_flag_concerns_person CHECK (concerns_person OR (person_id IS NULL AND objector_kind = 'staff' AND cause IN ('reported', 'looks_alike'))),
  CONSTRAINT ck_photo_flag_resolved_by_somebody CHECK ((resolved_at IS NULL) = (resolved_by IS NULL)),
  CONSTRAINT ck_photo_flag_resolved_with_reason CHECK (resolved_at IS NULL OR length(trim(resolution)) > 0),
  CONSTRAINT ck_photo_flag_resolved_somehow CHECK ((resolved_at IS NULL) = (outcome IS NULL)),
  CONSTRAINT ck_photo_flag_objector_erased CHECK (resolved_at IS NULL OR objector = ''),
  CONSTRAINT ck_photo_flag_objector_kind CHECK (objector_kind IN ('staff', 'person', 'outsider')),
  CONSTRAINT ck_photo_flag_cause CHECK (cause IN ('reported', 'looks_alike', 'objection', 'not_named', 'removed', 'taken_out', 'carried_over')),
  CONSTRAINT ck_photo_flag_outcome CHECK (outcome IN ('upheld', 'lifted')),
  CONSTRAINT ck_photo_flag_raised_at_in_calendar CHECK (raised_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_photo_flag_due_at_in_calendar CHECK (due_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_photo_flag_resolved_at_in_calendar CHECK (resolved_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE photo_likeness (
  photo_id INTEGER NOT NULL,
  hash BYTEA NOT NULL,
  quality INTEGER NOT NULL,
  CONSTRAINT pk_photo_likeness PRIMARY KEY (photo_id),
  CONSTRAINT ck_photo_likeness_hash CHECK (length(hash) = 32),
  CONSTRAINT ck_photo_likeness_quality CHECK (quality BETWEEN 0 AND 100)
);

CREATE TABLE photo_photographer (
  photo_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  CONSTRAINT pk_photo_photographer PRIMARY KEY (photo_id, person_id)
);

CREATE TABLE photo_series (
  photo_id INTEGER NOT NULL,
  series_id INTEGER NOT NULL,
  lacks BOOLEAN NOT NULL,
  settled_at TIMESTAMP WITH TIME ZONE,
  settled_by INTEGER,
  CONSTRAINT pk_photo_series PRIMARY KEY (photo_id),
  CONSTRAINT ck_photo_series_settled_by_somebody CHECK ((settled_at IS NULL) = (settled_by IS NULL)),
  CONSTRAINT ck_photo_series_settled_at_in_calendar CHECK (settled_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE policy_version (
  version INTEGER DEFAULT next_version_of_policy_version() NOT NULL,
  settings JSON NOT NULL,
  adopted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  adopted_by INTEGER NOT NULL,
  CONSTRAINT pk_policy_version PRIMARY KEY (version),
  CONSTRAINT ck_policy_version_adopted_at_in_calendar CHECK (adopted_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE publication (
  id INTEGER DEFAULT next_id_of_publication() NOT NULL,
  channel_id INTEGER NOT NULL,
  address VARCHAR(2000) NOT NULL,
  published_on DATE NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  recorded_by INTEGER NOT NULL,
  request_key VARCHAR(64),
  request_digest VARCHAR(64),
  CONSTRAINT pk_publication PRIMARY KEY (id),
  CONSTRAINT ck_publication_address CHECK (length(trim(address)) > 0),
  CONSTRAINT uq_publication_place UNIQUE (id, channel_id, published_on),
  CONSTRAINT uq_publication_request UNIQUE (recorded_by, request_key),
  CONSTRAINT ck_publication_request_digest CHECK ((request_key IS NULL) = (request_digest IS NULL)),
  CONSTRAINT ck_publication_published_on_in_calendar CHECK (published_on BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_publication_recorded_at_in_calendar CHECK (recorded_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE published_photo (
  publication_id INTEGER NOT NULL,
  photo_id INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  published_on DATE NOT NULL,
  decision_id INTEGER NOT NULL,
  removed_on DATE,
  CONSTRAINT pk_published_photo PRIMARY KEY (publication_id, photo_id),
  CONSTRAINT ck_published_photo_period CHECK (removed_on >= published_on),
  CONSTRAINT ck_published_photo_removed_on_in_calendar CHECK (removed_on BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE record_hash (
  id INTEGER DEFAULT next_id_of_record_hash() NOT NULL,
  entry INTEGER NOT NULL,
  kind VARCHAR(64) NOT NULL,
  records BYTEA NOT NULL,
  salts BYTEA NOT NULL,
  CONSTRAINT pk_record_hash PRIMARY KEY (id),
  CONSTRAINT ck_record_hash_salts CHECK (length(records) = 3 * length(salts)),
  CONSTRAINT ck_record_hash_records CHECK (length(records) = 24 * (length(records) / 24))
);

CREATE TABLE registry_info (
  id INTEGER NOT NULL,
  organisation VARCHAR(200) NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_registry_info PRIMARY KEY (id),
  CONSTRAINT ck_registry_info_one_row CHECK (id = 1),
  CONSTRAINT ck_registry_info_organisation_not_blank CHECK (length(trim(organisation)) > 0),
  CONSTRAINT ck_registry_info_created_at_in_calendar CHECK (created_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE ruling (
  id INTEGER DEFAULT next_id_of_ruling() NOT NULL,
  case_id INTEGER NOT NULL,
  kind VARCHAR(32) NOT NULL,
  reason VARCHAR(4000) NOT NULL,
  valid_until DATE,
  evidence VARCHAR(64),
  ruled_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ruled_by INTEGER NOT NULL,
  CONSTRAINT pk_ruling PRIMARY KEY (id),
  CONSTRAINT ck_ruling_reason CHECK (length(trim(reason)) > 0),
  CONSTRAINT uq_ruling_case_id UNIQUE (case_id),
  CONSTRAINT ck_ruling_kind CHECK (kind IN ('publishable', 'refused', 'needs_facts')),
  CONSTRAINT ck_ruling_valid_until_in_calendar CHECK (valid_until BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_ruling_ruled_at_in_calendar CHECK (ruled_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE second_look (
  id INTEGER DEFAULT next_id_of_second_look() NOT NULL,
  photo_id INTEGER NOT NULL,
  about VARCHAR(32) NOT NULL,
  before JSON NOT NULL,
  after JSON NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  taken_back_by INTEGER NOT NULL,
  correctable_until TIMESTAMP WITH TIME ZONE,
  confirmed_at TIMESTAMP WITH TIME ZONE,
  confirmed_by INTEGER,
  outcome VARCHAR(32),
  answer JSON,
  CONSTRAINT pk_second_look PRIMARY KEY (id),
  CONSTRAINT ck_second_look_ended CHECK ((outcome IS NULL) = (confirmed_at IS NULL)),
  CONSTRAINT ck_second_look_ended_by_somebody CHECK ((outcome IS NULL) = (confirmed_by IS NULL)),
  CONSTRAINT ck_second_look_by_another CHECK (outcome NOT IN ('agreed', 'differed') OR confirmed_by <> taken_back_by),
  CONSTRAINT ck_second_look_outcome CHECK (outcome IN ('agreed', 'differed', 'put_back', 'corrected')),
  CONSTRAINT ck_second_look_asked_at_in_calendar CHECK (asked_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_second_look_correctable_until_in_calendar CHECK (correctable_until BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_second_look_confirmed_at_in_calendar CHECK (confirmed_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE separate_person (
  person_id INTEGER NOT NULL,
  day DATE NOT NULL,
  CONSTRAINT pk_separate_person PRIMARY KEY (person_id),
  CONSTRAINT ck_separate_person_day_in_calendar CHECK (day BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE session_use (
  secret_id INTEGER NOT NULL,
  used_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_session_use PRIMARY KEY (secret_id),
  CONSTRAINT ck_session_use_used_at_in_calendar CHECK (used_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE sign_in_attempt (
  id INTEGER DEFAULT next_id_of_sign_in_attempt() NOT NULL,
  login VARCHAR(64) NOT NULL,
  address VARCHAR(64) NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_sign_in_attempt PRIMARY KEY (id),
  CONSTRAINT ck_sign_in_attempt_login_not_blank CHECK (length(trim(login)) > 0),
  CONSTRAINT ck_sign_in_attempt_at_in_calendar CHECK (at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE staff (
  id INTEGER DEFAULT next_id_of_staff() NOT NULL,
  login VARCHAR(64) NOT NULL,
  name VARCHAR(200) NOT NULL,
  role VARCHAR(32) NOT NULL,
  active BOOLEAN NOT NULL,
  person_id INTEGER,
  unit VARCHAR(100),
  server_role VARCHAR(63),
  CONSTRAINT pk_staff PRIMARY KEY (id),
  CONSTRAINT uq_staff_login UNIQUE (login),
  CONSTRAINT ck_staff_role CHECK (role IN ('employee', 'elected_official', 'coordinator', 'deputy', 'auditor', 'api_key')),
  CONSTRAINT ck_staff_login_not_blank CHECK (length(trim(login)) > 0),
  CONSTRAINT ck_staff_name_not_blank CHECK (length(trim(name)) > 0),
  CONSTRAINT ck_staff_unit_not_blank CHECK (length(trim(unit)) > 0)
);

CREATE TABLE stale_person (
  person_id INTEGER NOT NULL,
  CONSTRAINT pk_stale_person PRIMARY KEY (person_id)
);

CREATE TABLE take_down (
  id INTEGER DEFAULT next_id_of_take_down() NOT NULL,
  publication_id INTEGER NOT NULL,
  photo_id INTEGER NOT NULL,
  codes VARCHAR(2000) NOT NULL,
  owner_id INTEGER,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  done_at TIMESTAMP WITH TIME ZONE,
  done_by INTEGER,
  proof VARCHAR(2000) NOT NULL,
  proof_evidence VARCHAR(64),
  CONSTRAINT pk_take_down PRIMARY KEY (id),
  CONSTRAINT ck_take_down_done_by_somebody CHECK ((done_at IS NULL) = (done_by IS NULL)),
  CONSTRAINT ck_take_down_opened_at_in_calendar CHECK (opened_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_take_down_due_at_in_calendar CHECK (due_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_take_down_done_at_in_calendar CHECK (done_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE touched (
  scope VARCHAR(32) NOT NULL,
  number INTEGER NOT NULL,
  CONSTRAINT pk_touched PRIMARY KEY (scope, number),
  CONSTRAINT ck_touched_scope CHECK (scope IN ('photo', 'person', 'taker', 'event', 'channel', 'all', 'stopped', 'seen', 'history'))
);

CREATE TABLE unclear_case (
  photo_id INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  mode VARCHAR(32) NOT NULL,
  purpose VARCHAR(32) NOT NULL,
  day DATE NOT NULL,
  facts JSON NOT NULL,
  facts_digest VARCHAR(64) NOT NULL,
  codes VARCHAR(2000) NOT NULL,
  rules_version VARCHAR(16) NOT NULL,
  policy_version INTEGER NOT NULL,
  id INTEGER DEFAULT next_id_of_unclear_case() NOT NULL,
  leading_id INTEGER,
  corrects_id INTEGER,
  cause VARCHAR(2000) NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  opened_by INTEGER NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  voided_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_unclear_case PRIMARY KEY (id),
  CONSTRAINT ck_unclear_case_mode CHECK (mode IN ('upload', 'link', 'embed', 'share')),
  CONSTRAINT ck_unclear_case_purpose CHECK (purpose IN ('information', 'marketing')),
  CONSTRAINT ck_unclear_case_day_in_calendar CHECK (day BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_unclear_case_opened_at_in_calendar CHECK (opened_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_unclear_case_due_at_in_calendar CHECK (due_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'),
  CONSTRAINT ck_unclear_case_voided_at_in_calendar CHECK (voided_at BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE verdict_basis (
  id INTEGER DEFAULT next_id_of_verdict_basis() NOT NULL,
  day DATE NOT NULL,
  rules_version VARCHAR(16) NOT NULL,
  policy_version INTEGER NOT NULL,
  CONSTRAINT pk_verdict_basis PRIMARY KEY (id),
  CONSTRAINT ck_verdict_basis_day_in_calendar CHECK (day BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE TABLE verdict_cache (
  photo_id INTEGER NOT NULL,
  valid_until DATE NOT NULL,
  basis_id INTEGER NOT NULL,
  CONSTRAINT pk_verdict_cache PRIMARY KEY (photo_id),
  CONSTRAINT ck_verdict_cache_valid_until_in_calendar CHECK (valid_until BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')
);

CREATE INDEX ix_consent_actor_id ON consent (actor_id);

CREATE INDEX ix_consent_photo_id ON consent (photo_id) WHERE photo_id IS NOT NULL;

CREATE INDEX ix_consent_subject_id_reach ON consent (subject_id, photo_id, event_id);

CREATE UNIQUE INDEX uq_consent_record ON consent (subject_id, actor_id, coalesce(photo_id, 0), coalesce(event_id, 0));

CREATE INDEX ix_consent_channel_statement_id ON consent_channel (statement_id);

CREATE INDEX ix_consent_event_consent_id ON consent_event (consent_id);

CREATE INDEX ix_consent_event_evidence ON consent_event (evidence) WHERE evidence IS NOT NULL;

CREATE INDEX ix_consent_form_actor_id ON consent_form (actor_id);

CREATE INDEX ix_consent_form_event_id ON consent_form (event_id);

CREATE INDEX ix_consent_form_subject_id ON consent_form (subject_id);

CREATE INDEX ix_consent_form_scan_evidence ON consent_form_scan (evidence);

CREATE UNIQUE INDEX uq_correction_permission_statement ON correction ((CASE WHEN coalesce(outcome, '') <> 'differed' THEN permission_statement_id END));

CREATE UNIQUE INDEX uq_correction_publication ON correction ((CASE WHEN coalesce(outcome, '') <> 'differed' THEN publication_id END));

CREATE UNIQUE INDEX uq_correction_statement ON correction ((CASE WHEN coalesce(outcome, '') <> 'differed' THEN statement_id END));

CREATE INDEX ix_decision_photo_id ON decision (photo_id);

CREATE INDEX ix_depiction_person_id_photo_id ON depiction (person_id, photo_id);

CREATE INDEX ix_depiction_photo_id ON depiction (photo_id);

CREATE INDEX ix_event_photographer_person_id ON event_photographer (person_id);

CREATE INDEX ix_event_roster_person_id ON event_roster (person_id);

CREATE INDEX ix_evidence_damaged ON evidence (sha256) WHERE damaged_at IS NOT NULL;

CREATE INDEX ix_guardianship_child_id ON guardianship (child_id);

CREATE INDEX ix_guardianship_guardian_id ON guardianship (guardian_id);

CREATE UNIQUE INDEX uq_guardianship_not_ended ON guardianship ((CASE WHEN last_day IS NULL THEN child_id END), guardian_id);

CREATE INDEX ix_history_forgotten ON history (row_key) WHERE table_name = 'photo' AND kind = 'delete';

CREATE INDEX ix_ledger_cases_shown ON ledger (subject) WHERE action = 'case.shown';

CREATE INDEX ix_ledger_not_recallable ON ledger (subject) WHERE action = 'publication.not_recallable';

CREATE INDEX ix_ledger_restores ON ledger (seq) WHERE action IN ('registry.restored', 'registry.stop_carried', 'registry.restore_acknowledged');

CREATE INDEX ix_ledger_roster_doubts ON ledger (seq) WHERE action IN ('event.doubt_asked', 'event.doubt_decided');

CREATE INDEX ix_ledger_staff ON ledger (subject) WHERE action IN ('staff.added', 'staff.changed');

CREATE INDEX ix_list_layout_kind_shape ON list_layout (kind, shape);

CREATE INDEX ix_permission_photo_id ON permission (photo_id) WHERE photo_id IS NOT NULL;

CREATE INDEX ix_permission_photographer_id_photo_id ON permission (photographer_id, photo_id);

CREATE UNIQUE INDEX uq_permission_record ON permission (coalesce(photographer_id, 0), licensor, coalesce(photo_id, 0), coalesce(event_id, 0));

CREATE INDEX ix_permission_channel_statement_id ON permission_channel (statement_id);

CREATE INDEX ix_permission_event_author ON permission_event (author_id) WHERE author_id IS NOT NULL;

CREATE INDEX ix_permission_event_by_person ON permission_event (by_person_id) WHERE by_person_id IS NOT NULL;

CREATE INDEX ix_permission_event_evidence ON permission_event (evidence) WHERE evidence IS NOT NULL;

CREATE INDEX ix_permission_event_permission_id ON permission_event (permission_id);

CREATE INDEX ix_person_born ON person (born);

CREATE INDEX ix_person_letters_key ON person (letters_key);

CREATE INDEX ix_person_name_key ON person (name_key);

CREATE INDEX ix_person_name_letters_key ON person_name (letters_key);

CREATE INDEX ix_photo_event_id ON photo (event_id);

CREATE INDEX ix_photo_mtime_ns ON photo (mtime_ns);

CREATE INDEX ix_photo_picture_sha256 ON photo (picture_sha256);

CREATE INDEX ix_photo_registered_by_event_id ON photo (registered_by, event_id);

CREATE INDEX ix_photo_version_of ON photo (version_of);

CREATE INDEX ix_photo_flag_person_id ON photo_flag (person_id);

CREATE INDEX ix_photo_flag_photo_id ON photo_flag (photo_id);

CREATE INDEX ix_photo_photographer_person_id ON photo_photographer (person_id);

CREATE INDEX ix_photo_series_series_id ON photo_series (series_id);

CREATE INDEX ix_published_photo_photo_id ON published_photo (photo_id);

CREATE INDEX ix_record_hash_kind ON record_hash (kind);

CREATE INDEX ix_second_look_open ON second_look (photo_id) WHERE outcome IS NULL;

CREATE INDEX ix_second_look_photo_id ON second_look (photo_id);

CREATE INDEX ix_sign_in_attempt_address ON sign_in_attempt (address);

CREATE INDEX ix_sign_in_attempt_login ON sign_in_attempt (login);

CREATE UNIQUE INDEX uq_staff_role_on_server ON staff (coalesce(server_role, login));

CREATE UNIQUE INDEX uq_take_down_open ON take_down ((CASE WHEN done_at IS NULL THEN publication_id END), (CASE WHEN done_at IS NULL THEN photo_id END));

CREATE INDEX ix_unclear_case_corrects_id ON unclear_case (corrects_id);

CREATE INDEX ix_unclear_case_leading_id ON unclear_case (leading_id);

CREATE INDEX ix_unclear_case_photo_id ON unclear_case (photo_id);

CREATE INDEX ix_verdict_cache_basis_id_valid_until ON verdict_cache (basis_id, valid_until);

ALTER TABLE access_secret ADD CONSTRAINT fk_access_secret_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id);

ALTER TABLE api_key ADD CONSTRAINT fk_api_key_added_by FOREIGN KEY(added_by) REFERENCES staff (id);

ALTER TABLE api_key ADD CONSTRAINT fk_api_key_revoked_by FOREIGN KEY(revoked_by) REFERENCES staff (id);

ALTER TABLE api_key ADD CONSTRAINT fk_api_key_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id);

ALTER TABLE api_key_channel ADD CONSTRAINT fk_api_key_channel_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id);

ALTER TABLE api_key_channel ADD CONSTRAINT fk_api_key_channel_key_id FOREIGN KEY(key_id) REFERENCES api_key (id);

ALTER TABLE channel ADD CONSTRAINT fk_channel_proposed_by FOREIGN KEY(proposed_by) REFERENCES staff (id);

ALTER TABLE channel_admin ADD CONSTRAINT fk_channel_admin_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id);

ALTER TABLE channel_admin ADD CONSTRAINT fk_channel_admin_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id);

ALTER TABLE consent ADD CONSTRAINT fk_consent_actor_id FOREIGN KEY(actor_id) REFERENCES person (id);

ALTER TABLE consent ADD CONSTRAINT fk_consent_event_id FOREIGN KEY(event_id) REFERENCES event (id);

ALTER TABLE consent ADD CONSTRAINT fk_consent_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id);

ALTER TABLE consent ADD CONSTRAINT fk_consent_subject_id FOREIGN KEY(subject_id) REFERENCES person (id);

ALTER TABLE consent_channel ADD CONSTRAINT fk_consent_channel_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id);

ALTER TABLE consent_channel ADD CONSTRAINT fk_consent_channel_statement_id FOREIGN KEY(statement_id) REFERENCES consent_event (id);

ALTER TABLE consent_event ADD CONSTRAINT fk_consent_event_consent_id FOREIGN KEY(consent_id) REFERENCES consent (id);

ALTER TABLE consent_event ADD CONSTRAINT fk_consent_event_evidence FOREIGN KEY(evidence) REFERENCES evidence (sha256);

ALTER TABLE consent_event ADD CONSTRAINT fk_consent_event_recorded_by FOREIGN KEY(recorded_by) REFERENCES staff (id);

ALTER TABLE consent_form ADD CONSTRAINT fk_consent_form_actor_id FOREIGN KEY(actor_id) REFERENCES person (id);

ALTER TABLE consent_form ADD CONSTRAINT fk_consent_form_event_id FOREIGN KEY(event_id) REFERENCES event (id);

ALTER TABLE consent_form ADD CONSTRAINT fk_consent_form_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id);

ALTER TABLE consent_form ADD CONSTRAINT fk_consent_form_printed_by FOREIGN KEY(printed_by) REFERENCES staff (id);

ALTER TABLE consent_form ADD CONSTRAINT fk_consent_form_subject_id FOREIGN KEY(subject_id) REFERENCES person (id);

ALTER TABLE consent_form_answer ADD CONSTRAINT fk_consent_form_answer_form_id FOREIGN KEY(form_id) REFERENCES consent_form (id);

ALTER TABLE consent_form_answer ADD CONSTRAINT fk_consent_form_answer_statement_id FOREIGN KEY(statement_id) REFERENCES consent_event (id);

ALTER TABLE consent_form_channel ADD CONSTRAINT fk_consent_form_channel_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id);

ALTER TABLE consent_form_channel ADD CONSTRAINT fk_consent_form_channel_form_id FOREIGN KEY(form_id) REFERENCES consent_form (id);

ALTER TABLE consent_form_purpose ADD CONSTRAINT fk_consent_form_purpose_form_id FOREIGN KEY(form_id) REFERENCES consent_form (id);

ALTER TABLE consent_form_scan ADD CONSTRAINT fk_consent_form_scan_evidence FOREIGN KEY(evidence) REFERENCES evidence (sha256);

ALTER TABLE consent_form_scan ADD CONSTRAINT fk_consent_form_scan_form_id FOREIGN KEY(form_id) REFERENCES consent_form (id);

ALTER TABLE consent_form_scan ADD CONSTRAINT fk_consent_form_scan_scanned_by FOREIGN KEY(scanned_by) REFERENCES staff (id);

ALTER TABLE consent_purpose ADD CONSTRAINT fk_consent_purpose_statement_id FOREIGN KEY(statement_id) REFERENCES consent_event (id);

ALTER TABLE correction ADD CONSTRAINT fk_correction_asked_by FOREIGN KEY(asked_by) REFERENCES staff (id);

ALTER TABLE correction ADD CONSTRAINT fk_correction_ended_by FOREIGN KEY(ended_by) REFERENCES staff (id);

ALTER TABLE correction ADD CONSTRAINT fk_correction_permission_statement_id FOREIGN KEY(permission_statement_id) REFERENCES permission_event (id);

ALTER TABLE correction ADD CONSTRAINT fk_correction_publication_id FOREIGN KEY(publication_id) REFERENCES publication (id);

ALTER TABLE correction ADD CONSTRAINT fk_correction_statement_id FOREIGN KEY(statement_id) REFERENCES consent_event (id);

ALTER TABLE decision ADD CONSTRAINT fk_decision_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id);

ALTER TABLE decision ADD CONSTRAINT fk_decision_decided_by FOREIGN KEY(decided_by) REFERENCES staff (id);

ALTER TABLE decision ADD CONSTRAINT fk_decision_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id);

ALTER TABLE decision ADD CONSTRAINT fk_decision_policy_version FOREIGN KEY(policy_version) REFERENCES policy_version (version);

ALTER TABLE decision ADD CONSTRAINT fk_decision_ruling_id FOREIGN KEY(ruling_id) REFERENCES ruling (id);

ALTER TABLE depiction ADD CONSTRAINT fk_depiction_person_id FOREIGN KEY(person_id) REFERENCES person (id);

ALTER TABLE depiction ADD CONSTRAINT fk_depiction_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id);

ALTER TABLE disclosure ADD CONSTRAINT fk_disclosure_actor_id FOREIGN KEY(actor_id) REFERENCES staff (id);

ALTER TABLE disclosure ADD CONSTRAINT fk_disclosure_stated_id FOREIGN KEY(stated_id) REFERENCES disclosure (id);

ALTER TABLE event ADD CONSTRAINT fk_event_created_by FOREIGN KEY(created_by) REFERENCES staff (id);

ALTER TABLE event_photographer ADD CONSTRAINT fk_event_photographer_event_id FOREIGN KEY(event_id) REFERENCES event (id);

ALTER TABLE event_photographer ADD CONSTRAINT fk_event_photographer_person_id FOREIGN KEY(person_id) REFERENCES person (id);

ALTER TABLE event_roster ADD CONSTRAINT fk_event_roster_event_id FOREIGN KEY(event_id) REFERENCES event (id);

ALTER TABLE event_roster ADD CONSTRAINT fk_event_roster_person_id FOREIGN KEY(person_id) REFERENCES person (id);

ALTER TABLE evidence ADD CONSTRAINT fk_evidence_added_by FOREIGN KEY(added_by) REFERENCES staff (id);

ALTER TABLE guardianship ADD CONSTRAINT fk_guardianship_child_id FOREIGN KEY(child_id) REFERENCES person (id);

ALTER TABLE guardianship ADD CONSTRAINT fk_guardianship_created_by FOREIGN KEY(created_by) REFERENCES staff (id);

ALTER TABLE guardianship ADD CONSTRAINT fk_guardianship_decides_alone_evidence FOREIGN KEY(decides_alone_evidence) REFERENCES evidence (sha256);

ALTER TABLE guardianship ADD CONSTRAINT fk_guardianship_excused_by FOREIGN KEY(excused_by) REFERENCES staff (id);

ALTER TABLE guardianship ADD CONSTRAINT fk_guardianship_excused_evidence FOREIGN KEY(excused_evidence) REFERENCES evidence (sha256);

ALTER TABLE guardianship ADD CONSTRAINT fk_guardianship_guardian_id FOREIGN KEY(guardian_id) REFERENCES person (id);

ALTER TABLE ledger ADD CONSTRAINT fk_ledger_actor_id FOREIGN KEY(actor_id) REFERENCES staff (id);

ALTER TABLE list_layout ADD CONSTRAINT fk_list_layout_saved_by FOREIGN KEY(saved_by) REFERENCES staff (id);

ALTER TABLE log_key ADD CONSTRAINT fk_log_key_added_by FOREIGN KEY(added_by) REFERENCES staff (id);

ALTER TABLE missing_consent ADD CONSTRAINT fk_missing_consent_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id);

ALTER TABLE missing_consent ADD CONSTRAINT fk_missing_consent_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id) ON DELETE CASCADE;

ALTER TABLE password ADD CONSTRAINT fk_password_set_by FOREIGN KEY(set_by) REFERENCES staff (id);

ALTER TABLE password ADD CONSTRAINT fk_password_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id);

ALTER TABLE permission ADD CONSTRAINT fk_permission_event_id FOREIGN KEY(event_id) REFERENCES event (id);

ALTER TABLE permission ADD CONSTRAINT fk_permission_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id);

ALTER TABLE permission ADD CONSTRAINT fk_permission_photographer_id FOREIGN KEY(photographer_id) REFERENCES person (id);

ALTER TABLE permission_channel ADD CONSTRAINT fk_permission_channel_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id);

ALTER TABLE permission_channel ADD CONSTRAINT fk_permission_channel_statement_id FOREIGN KEY(statement_id) REFERENCES permission_event (id);

ALTER TABLE permission_event ADD CONSTRAINT fk_permission_event_author_id FOREIGN KEY(author_id) REFERENCES person (id);

ALTER TABLE permission_event ADD CONSTRAINT fk_permission_event_by_person_id FOREIGN KEY(by_person_id) REFERENCES person (id);

ALTER TABLE permission_event ADD CONSTRAINT fk_permission_event_evidence FOREIGN KEY(evidence) REFERENCES evidence (sha256);

ALTER TABLE permission_event ADD CONSTRAINT fk_permission_event_permission_id FOREIGN KEY(permission_id) REFERENCES permission (id);

ALTER TABLE permission_event ADD CONSTRAINT fk_permission_event_recorded_by FOREIGN KEY(recorded_by) REFERENCES staff (id);

ALTER TABLE permission_purpose ADD CONSTRAINT fk_permission_purpose_statement_id FOREIGN KEY(statement_id) REFERENCES permission_event (id);

ALTER TABLE person ADD CONSTRAINT fk_person_blocked_by FOREIGN KEY(blocked_by) REFERENCES staff (id);

ALTER TABLE person ADD CONSTRAINT fk_person_created_by FOREIGN KEY(created_by) REFERENCES staff (id);

ALTER TABLE person ADD CONSTRAINT fk_person_merged_into FOREIGN KEY(merged_into) REFERENCES person (id);

ALTER TABLE person_name ADD CONSTRAINT fk_person_name_created_by FOREIGN KEY(created_by) REFERENCES staff (id);

ALTER TABLE person_name ADD CONSTRAINT fk_person_name_person_id FOREIGN KEY(person_id) REFERENCES person (id);

ALTER TABLE photo ADD CONSTRAINT fk_photo_event_id FOREIGN KEY(event_id) REFERENCES event (id);

ALTER TABLE photo ADD CONSTRAINT fk_photo_registered_by FOREIGN KEY(registered_by) REFERENCES staff (id);

ALTER TABLE photo ADD CONSTRAINT fk_photo_version_of FOREIGN KEY(version_of) REFERENCES photo (id);

ALTER TABLE photo_class ADD CONSTRAINT fk_photo_class_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id) ON DELETE CASCADE;

ALTER TABLE photo_flag ADD CONSTRAINT fk_photo_flag_about_person_id FOREIGN KEY(about_person_id) REFERENCES person (id);

ALTER TABLE photo_flag ADD CONSTRAINT fk_photo_flag_like_photo_id FOREIGN KEY(like_photo_id) REFERENCES photo (id);

ALTER TABLE photo_flag ADD CONSTRAINT fk_photo_flag_person_id FOREIGN KEY(person_id) REFERENCES person (id);

ALTER TABLE photo_flag ADD CONSTRAINT fk_photo_flag_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id);

ALTER TABLE photo_flag ADD CONSTRAINT fk_photo_flag_raised_by FOREIGN KEY(raised_by) REFERENCES staff (id);

ALTER TABLE photo_flag ADD CONSTRAINT fk_photo_flag_resolved_by FOREIGN KEY(resolved_by) REFERENCES staff (id);

ALTER TABLE photo_likeness ADD CONSTRAINT fk_photo_likeness_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id);

ALTER TABLE photo_photographer ADD CONSTRAINT fk_photo_photographer_person_id FOREIGN KEY(person_id) REFERENCES person (id);

ALTER TABLE photo_photographer ADD CONSTRAINT fk_photo_photographer_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id);

ALTER TABLE photo_series ADD CONSTRAINT fk_photo_series_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id);

ALTER TABLE photo_series ADD CONSTRAINT fk_photo_series_series_id FOREIGN KEY(series_id) REFERENCES photo (id);

ALTER TABLE photo_series ADD CONSTRAINT fk_photo_series_settled_by FOREIGN KEY(settled_by) REFERENCES staff (id);

ALTER TABLE policy_version ADD CONSTRAINT fk_policy_version_adopted_by FOREIGN KEY(adopted_by) REFERENCES staff (id);

ALTER TABLE publication ADD CONSTRAINT fk_publication_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id);

ALTER TABLE publication ADD CONSTRAINT fk_publication_recorded_by FOREIGN KEY(recorded_by) REFERENCES staff (id);

ALTER TABLE published_photo ADD CONSTRAINT fk_published_photo_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id);

ALTER TABLE published_photo ADD CONSTRAINT fk_published_photo_decision_id FOREIGN KEY(decision_id) REFERENCES decision (id);

ALTER TABLE published_photo ADD CONSTRAINT fk_published_photo_decision_use FOREIGN KEY(decision_id, photo_id, channel_id) REFERENCES decision (id, photo_id, channel_id);

ALTER TABLE published_photo ADD CONSTRAINT fk_published_photo_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id);

ALTER TABLE published_photo ADD CONSTRAINT fk_published_photo_publication_id FOREIGN KEY(publication_id) REFERENCES publication (id);

ALTER TABLE published_photo ADD CONSTRAINT fk_published_photo_publication_place FOREIGN KEY(publication_id, channel_id, published_on) REFERENCES publication (id, channel_id, published_on);

ALTER TABLE ruling ADD CONSTRAINT fk_ruling_case_id FOREIGN KEY(case_id) REFERENCES unclear_case (id);

ALTER TABLE ruling ADD CONSTRAINT fk_ruling_evidence FOREIGN KEY(evidence) REFERENCES evidence (sha256);

ALTER TABLE ruling ADD CONSTRAINT fk_ruling_ruled_by FOREIGN KEY(ruled_by) REFERENCES staff (id);

ALTER TABLE second_look ADD CONSTRAINT fk_second_look_confirmed_by FOREIGN KEY(confirmed_by) REFERENCES staff (id);

ALTER TABLE second_look ADD CONSTRAINT fk_second_look_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id);

ALTER TABLE second_look ADD CONSTRAINT fk_second_look_taken_back_by FOREIGN KEY(taken_back_by) REFERENCES staff (id);

ALTER TABLE separate_person ADD CONSTRAINT fk_separate_person_person_id FOREIGN KEY(person_id) REFERENCES person (id);

ALTER TABLE session_use ADD CONSTRAINT fk_session_use_secret_id FOREIGN KEY(secret_id) REFERENCES access_secret (id);

ALTER TABLE staff ADD CONSTRAINT fk_staff_person_id FOREIGN KEY(person_id) REFERENCES person (id);

ALTER TABLE stale_person ADD CONSTRAINT fk_stale_person_person_id FOREIGN KEY(person_id) REFERENCES person (id);

ALTER TABLE take_down ADD CONSTRAINT fk_take_down_done_by FOREIGN KEY(done_by) REFERENCES staff (id);

ALTER TABLE take_down ADD CONSTRAINT fk_take_down_owner_id FOREIGN KEY(owner_id) REFERENCES staff (id);

ALTER TABLE take_down ADD CONSTRAINT fk_take_down_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id);

ALTER TABLE take_down ADD CONSTRAINT fk_take_down_proof_evidence FOREIGN KEY(proof_evidence) REFERENCES evidence (sha256);

ALTER TABLE take_down ADD CONSTRAINT fk_take_down_publication_id FOREIGN KEY(publication_id) REFERENCES publication (id);

ALTER TABLE take_down ADD CONSTRAINT fk_take_down_published_photo FOREIGN KEY(publication_id, photo_id) REFERENCES published_photo (publication_id, photo_id);

ALTER TABLE unclear_case ADD CONSTRAINT fk_unclear_case_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id);

ALTER TABLE unclear_case ADD CONSTRAINT fk_unclear_case_corrects_id FOREIGN KEY(corrects_id) REFERENCES unclear_case (id);

ALTER TABLE unclear_case ADD CONSTRAINT fk_unclear_case_leading_id FOREIGN KEY(leading_id) REFERENCES unclear_case (id);

ALTER TABLE unclear_case ADD CONSTRAINT fk_unclear_case_opened_by FOREIGN KEY(opened_by) REFERENCES staff (id);

ALTER TABLE unclear_case ADD CONSTRAINT fk_unclear_case_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id);

ALTER TABLE unclear_case ADD CONSTRAINT fk_unclear_case_policy_version FOREIGN KEY(policy_version) REFERENCES policy_version (version);

ALTER TABLE verdict_basis ADD CONSTRAINT fk_verdict_basis_policy_version FOREIGN KEY(policy_version) REFERENCES policy_version (version);

ALTER TABLE verdict_cache ADD CONSTRAINT fk_verdict_cache_basis_id FOREIGN KEY(basis_id) REFERENCES verdict_basis (id);

ALTER TABLE verdict_cache ADD CONSTRAINT fk_verdict_cache_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id) ON DELETE CASCADE;

CREATE TRIGGER api_key_channel_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON api_key_channel
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER consent_channel_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_channel
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER consent_event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_event
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER consent_form_answer_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_form_answer
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER consent_form_channel_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_form_channel
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER consent_form_purpose_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_form_purpose
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER consent_form_scan_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_form_scan
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER consent_purpose_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_purpose
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER decision_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER list_layout_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON list_layout
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER log_key_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_key
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER permission_channel_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON permission_channel
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER permission_event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON permission_event
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER permission_purpose_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON permission_purpose
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER policy_version_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON policy_version
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER ruling_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ruling
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TRIGGER api_key_is_never_deleted BEFORE DELETE OR TRUNCATE ON api_key
  FOR EACH STATEMENT EXECUTE FUNCTION never_deleted();

CREATE TRIGGER correction_is_never_deleted BEFORE DELETE OR TRUNCATE ON correction
  FOR EACH STATEMENT EXECUTE FUNCTION never_deleted();

CREATE TRIGGER disclosure_is_never_deleted BEFORE DELETE OR TRUNCATE ON disclosure
  FOR EACH STATEMENT EXECUTE FUNCTION never_deleted();

CREATE TRIGGER history_is_never_deleted BEFORE DELETE OR TRUNCATE ON history
  FOR EACH STATEMENT EXECUTE FUNCTION never_deleted();

CREATE TRIGGER photo_flag_is_never_deleted BEFORE DELETE OR TRUNCATE ON photo_flag
  FOR EACH STATEMENT EXECUTE FUNCTION never_deleted();

CREATE TRIGGER publication_is_never_deleted BEFORE DELETE OR TRUNCATE ON publication
  FOR EACH STATEMENT EXECUTE FUNCTION never_deleted();

CREATE TRIGGER published_photo_is_never_deleted BEFORE DELETE OR TRUNCATE ON published_photo
  FOR EACH STATEMENT EXECUTE FUNCTION never_deleted();

CREATE TRIGGER record_hash_is_never_deleted BEFORE DELETE OR TRUNCATE ON record_hash
  FOR EACH STATEMENT EXECUTE FUNCTION never_deleted();

CREATE TRIGGER second_look_is_never_deleted BEFORE DELETE OR TRUNCATE ON second_look
  FOR EACH STATEMENT EXECUTE FUNCTION never_deleted();

CREATE TRIGGER take_down_is_never_deleted BEFORE DELETE OR TRUNCATE ON take_down
  FOR EACH STATEMENT EXECUTE FUNCTION never_deleted();

CREATE TRIGGER unclear_case_is_never_deleted BEFORE DELETE OR TRUNCATE ON unclear_case
  FOR EACH STATEMENT EXECUTE FUNCTION never_deleted();

CREATE TRIGGER ledger_chain BEFORE INSERT ON ledger
  FOR EACH ROW EXECUTE FUNCTION follows();

CREATE FUNCTION record_old_person() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'person', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id, 'name', OLD.name, 'born', to_char(OLD.born, 'YYYY-MM-DD'), 'age_group', OLD.age_group, 'deceased', OLD.deceased::integer, 'died_on', to_char(OLD.died_on, 'YYYY-MM-DD'), 'capacity', OLD.capacity, 'guardians_total', OLD.guardians_total, 'blocked', OLD.blocked::integer, 'blocked_at', to_char(OLD.blocked_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'blocked_by', OLD.blocked_by, 'merged_into', OLD.merged_into, 'erased_at', to_char(OLD.erased_at, 'YYYY-MM-DD HH24:MI:SS.US'));
  RETURN NULL;
END $$;

CREATE TRIGGER person_delete_history AFTER DELETE
  ON person FOR EACH ROW 
  EXECUTE FUNCTION record_old_person();

CREATE TRIGGER person_update_history AFTER UPDATE OF name, born, age_group, deceased, died_on, capacity, guardians_total, blocked, blocked_at, blocked_by, merged_into, erased_at
  ON person FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.born IS DISTINCT FROM NEW.born OR OLD.age_group IS DISTINCT FROM NEW.age_group OR OLD.deceased IS DISTINCT FROM NEW.deceased OR OLD.died_on IS DISTINCT FROM NEW.died_on OR OLD.capacity IS DISTINCT FROM NEW.capacity OR OLD.guardians_total IS DISTINCT FROM NEW.guardians_total OR OLD.blocked IS DISTINCT FROM NEW.blocked OR OLD.blocked_at IS DISTINCT FROM NEW.blocked_at OR OLD.blocked_by IS DISTINCT FROM NEW.blocked_by OR OLD.merged_into IS DISTINCT FROM NEW.merged_into OR OLD.erased_at IS DISTINCT FROM NEW.erased_at) 
  EXECUTE FUNCTION record_old_person();

CREATE FUNCTION record_old_person_name() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'person_name', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id, 'person_id', OLD.person_id, 'created_at', to_char(OLD.created_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'created_by', OLD.created_by);
  RETURN NULL;
END $$;

CREATE TRIGGER person_name_delete_history AFTER DELETE
  ON person_name FOR EACH ROW 
  EXECUTE FUNCTION record_old_person_name();

CREATE TRIGGER person_name_update_history AFTER UPDATE OF person_id, created_at, created_by
  ON person_name FOR EACH ROW WHEN (OLD.person_id IS DISTINCT FROM NEW.person_id OR OLD.created_at IS DISTINCT FROM NEW.created_at OR OLD.created_by IS DISTINCT FROM NEW.created_by) 
  EXECUTE FUNCTION record_old_person_name();

CREATE FUNCTION record_new_person_name() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'person_name', lower(TG_OP),
    (NEW.id)::text, '{}';
  RETURN NULL;
END $$;

CREATE TRIGGER person_name_insert_history AFTER INSERT
  ON person_name FOR EACH ROW 
  EXECUTE FUNCTION record_new_person_name();

CREATE FUNCTION record_old_guardianship() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'guardianship', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id, 'child_id', OLD.child_id, 'guardian_id', OLD.guardian_id, 'basis', OLD.basis, 'verified_how', CASE WHEN OLD.verified_how IS NOT NULL THEN '*' END, 'excused_ground', CASE WHEN OLD.excused_ground IS NOT NULL THEN '*' END, 'excused_by', OLD.excused_by, 'decides_alone', OLD.decides_alone::integer, 'decides_alone_reason', CASE WHEN OLD.decides_alone_reason IS NOT NULL THEN '*' END, 'first_day', to_char(OLD.first_day, 'YYYY-MM-DD'), 'last_day', to_char(OLD.last_day, 'YYYY-MM-DD'));
  RETURN NULL;
END $$;

CREATE TRIGGER guardianship_delete_history AFTER DELETE
  ON guardianship FOR EACH ROW 
  EXECUTE FUNCTION record_old_guardianship();

CREATE TRIGGER guardianship_update_history AFTER UPDATE OF child_id, guardian_id, basis, verified_how, excused_ground, excused_by, decides_alone, decides_alone_reason, first_day, last_day
  ON guardianship FOR EACH ROW WHEN (OLD.child_id IS DISTINCT FROM NEW.child_id OR OLD.guardian_id IS DISTINCT FROM NEW.guardian_id OR OLD.basis IS DISTINCT FROM NEW.basis OR OLD.verified_how IS DISTINCT FROM NEW.verified_how OR OLD.excused_ground IS DISTINCT FROM NEW.excused_ground OR OLD.excused_by IS DISTINCT FROM NEW.excused_by OR OLD.decides_alone IS DISTINCT FROM NEW.decides_alone OR OLD.decides_alone_reason IS DISTINCT FROM NEW.decides_alone_reason OR OLD.first_day IS DISTINCT FROM NEW.first_day OR OLD.last_day IS DISTINCT FROM NEW.last_day) 
  EXECUTE FUNCTION record_old_guardianship();

CREATE FUNCTION record_old_event() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'event', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id, 'photographer', OLD.photographer, 'basis', OLD.basis, 'commissioner', OLD.commissioner, 'place', OLD.place, 'place_permission', OLD.place_permission::integer, 'shot', OLD.shot, 'confidentiality', OLD.confidentiality, 'sensitive', OLD.sensitive::integer, 'starts_on', to_char(OLD.starts_on, 'YYYY-MM-DD'), 'ends_on', to_char(OLD.ends_on, 'YYYY-MM-DD'));
  RETURN NULL;
END $$;

CREATE TRIGGER event_delete_history AFTER DELETE
  ON event FOR EACH ROW 
  EXECUTE FUNCTION record_old_event();

CREATE TRIGGER event_update_history AFTER UPDATE OF photographer, basis, commissioner, place, place_permission, shot, confidentiality, sensitive, starts_on, ends_on
  ON event FOR EACH ROW WHEN (OLD.photographer IS DISTINCT FROM NEW.photographer OR OLD.basis IS DISTINCT FROM NEW.basis OR OLD.commissioner IS DISTINCT FROM NEW.commissioner OR OLD.place IS DISTINCT FROM NEW.place OR OLD.place_permission IS DISTINCT FROM NEW.place_permission OR OLD.shot IS DISTINCT FROM NEW.shot OR OLD.confidentiality IS DISTINCT FROM NEW.confidentiality OR OLD.sensitive IS DISTINCT FROM NEW.sensitive OR OLD.starts_on IS DISTINCT FROM NEW.starts_on OR OLD.ends_on IS DISTINCT FROM NEW.ends_on) 
  EXECUTE FUNCTION record_old_event();

CREATE FUNCTION record_old_event_photographer() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'event_photographer', lower(TG_OP),
    (OLD.event_id || ',' || OLD.person_id)::text, json_build_object('event_id', OLD.event_id, 'person_id', OLD.person_id);
  RETURN NULL;
END $$;

CREATE TRIGGER event_photographer_delete_history AFTER DELETE
  ON event_photographer FOR EACH ROW 
  EXECUTE FUNCTION record_old_event_photographer();

CREATE FUNCTION record_new_event_photographer() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'event_photographer', lower(TG_OP),
    (NEW.event_id || ',' || NEW.person_id)::text, '{}'
  WHERE (SELECT created_at FROM event WHERE id = NEW.event_id) IS DISTINCT FROM (SELECT at FROM moment);
  RETURN NULL;
END $$;

CREATE TRIGGER event_photographer_insert_history AFTER INSERT
  ON event_photographer FOR EACH ROW 
  EXECUTE FUNCTION record_new_event_photographer();

CREATE FUNCTION record_old_event_roster() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'event_roster', lower(TG_OP),
    (OLD.event_id || ',' || OLD.person_id)::text, json_build_object('event_id', OLD.event_id, 'person_id', OLD.person_id);
  RETURN NULL;
END $$;

CREATE TRIGGER event_roster_delete_history AFTER DELETE
  ON event_roster FOR EACH ROW 
  EXECUTE FUNCTION record_old_event_roster();

CREATE FUNCTION record_new_event_roster() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'event_roster', lower(TG_OP),
    (NEW.event_id || ',' || NEW.person_id)::text, '{}'
  WHERE (SELECT created_at FROM event WHERE id = NEW.event_id) IS DISTINCT FROM (SELECT at FROM moment);
  RETURN NULL;
END $$;

CREATE TRIGGER event_roster_insert_history AFTER INSERT
  ON event_roster FOR EACH ROW 
  EXECUTE FUNCTION record_new_event_roster();

CREATE FUNCTION record_old_photo() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'photo', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id, 'photographer', OLD.photographer, 'basis', OLD.basis, 'commissioner', OLD.commissioner, 'place', OLD.place, 'place_permission', OLD.place_permission::integer, 'shot', OLD.shot, 'confidentiality', OLD.confidentiality, 'sensitive', OLD.sensitive::integer, 'event_id', OLD.event_id, 'credit', OLD.credit, 'credit_waived', OLD.credit_waived::integer, 'taken_year', OLD.taken_year, 'photographer_died_year', OLD.photographer_died_year, 'rights_removed', OLD.rights_removed::integer, 'people', OLD.people, 'recognisable_count', OLD.recognisable_count, 'context_identifies', OLD.context_identifies::integer, 'depicted_work', OLD.depicted_work, 'digital_source', OLD.digital_source, 'file_taken_on', to_char(OLD.file_taken_on, 'YYYY-MM-DD'), 'file_changed', OLD.file_changed::integer, 'picture_sha256', OLD.picture_sha256, 'version_of', OLD.version_of);
  RETURN NULL;
END $$;

CREATE TRIGGER photo_delete_history AFTER DELETE
  ON photo FOR EACH ROW 
  EXECUTE FUNCTION record_old_photo();

CREATE TRIGGER photo_update_history AFTER UPDATE OF photographer, basis, commissioner, place, place_permission, shot, confidentiality, sensitive, event_id, credit, credit_waived, taken_year, photographer_died_year, rights_removed, people, recognisable_count, context_identifies, depicted_work, digital_source, file_taken_on, file_changed, picture_sha256, version_of
  ON photo FOR EACH ROW WHEN (OLD.photographer IS DISTINCT FROM NEW.photographer OR OLD.basis IS DISTINCT FROM NEW.basis OR OLD.commissioner IS DISTINCT FROM NEW.commissioner OR OLD.place IS DISTINCT FROM NEW.place OR OLD.place_permission IS DISTINCT FROM NEW.place_permission OR OLD.shot IS DISTINCT FROM NEW.shot OR OLD.confidentiality IS DISTINCT FROM NEW.confidentiality OR OLD.sensitive IS DISTINCT FROM NEW.sensitive OR OLD.event_id IS DISTINCT FROM NEW.event_id OR OLD.credit IS DISTINCT FROM NEW.credit OR OLD.credit_waived IS DISTINCT FROM NEW.credit_waived OR OLD.taken_year IS DISTINCT FROM NEW.taken_year OR OLD.photographer_died_year IS DISTINCT FROM NEW.photographer_died_year OR OLD.rights_removed IS DISTINCT FROM NEW.rights_removed OR OLD.people IS DISTINCT FROM NEW.people OR OLD.recognisable_count IS DISTINCT FROM NEW.recognisable_count OR OLD.context_identifies IS DISTINCT FROM NEW.context_identifies OR OLD.depicted_work IS DISTINCT FROM NEW.depicted_work OR OLD.digital_source IS DISTINCT FROM NEW.digital_source OR OLD.file_taken_on IS DISTINCT FROM NEW.file_taken_on OR OLD.file_changed IS DISTINCT FROM NEW.file_changed OR OLD.picture_sha256 IS DISTINCT FROM NEW.picture_sha256 OR OLD.version_of IS DISTINCT FROM NEW.version_of) 
  EXECUTE FUNCTION record_old_photo();

CREATE FUNCTION record_old_photo_photographer() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'photo_photographer', lower(TG_OP),
    (OLD.photo_id || ',' || OLD.person_id)::text, json_build_object('photo_id', OLD.photo_id, 'person_id', OLD.person_id);
  RETURN NULL;
END $$;

CREATE TRIGGER photo_photographer_delete_history AFTER DELETE
  ON photo_photographer FOR EACH ROW 
  EXECUTE FUNCTION record_old_photo_photographer();

CREATE FUNCTION record_new_photo_photographer() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'photo_photographer', lower(TG_OP),
    (NEW.photo_id || ',' || NEW.person_id)::text, '{}'
  WHERE (SELECT registered_at FROM photo WHERE id = NEW.photo_id) IS DISTINCT FROM (SELECT at FROM moment);
  RETURN NULL;
END $$;

CREATE TRIGGER photo_photographer_insert_history AFTER INSERT
  ON photo_photographer FOR EACH ROW 
  EXECUTE FUNCTION record_new_photo_photographer();

CREATE FUNCTION record_old_depiction() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'depiction', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id, 'photo_id', OLD.photo_id, 'person_id', OLD.person_id, 'prominence', OLD.prominence, 'role', OLD.role);
  RETURN NULL;
END $$;

CREATE TRIGGER depiction_delete_history AFTER DELETE
  ON depiction FOR EACH ROW 
  EXECUTE FUNCTION record_old_depiction();

CREATE TRIGGER depiction_update_history AFTER UPDATE OF photo_id, person_id, prominence, role
  ON depiction FOR EACH ROW WHEN (OLD.photo_id IS DISTINCT FROM NEW.photo_id OR OLD.person_id IS DISTINCT FROM NEW.person_id OR OLD.prominence IS DISTINCT FROM NEW.prominence OR OLD.role IS DISTINCT FROM NEW.role) 
  EXECUTE FUNCTION record_old_depiction();

CREATE FUNCTION record_new_depiction() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'depiction', lower(TG_OP),
    (NEW.id)::text, '{}'
  WHERE (SELECT registered_at FROM photo WHERE id = NEW.photo_id) IS DISTINCT FROM (SELECT at FROM moment);
  RETURN NULL;
END $$;

CREATE TRIGGER depiction_insert_history AFTER INSERT
  ON depiction FOR EACH ROW 
  EXECUTE FUNCTION record_new_depiction();

CREATE FUNCTION record_old_photo_flag() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'photo_flag', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id, 'person_id', OLD.person_id, 'about_person_id', OLD.about_person_id, 'resolved_at', to_char(OLD.resolved_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'resolved_by', OLD.resolved_by, 'outcome', OLD.outcome);
  RETURN NULL;
END $$;

CREATE TRIGGER photo_flag_delete_history AFTER DELETE
  ON photo_flag FOR EACH ROW 
  EXECUTE FUNCTION record_old_photo_flag();

CREATE TRIGGER photo_flag_update_history AFTER UPDATE OF person_id, about_person_id, resolved_at, resolved_by, outcome
  ON photo_flag FOR EACH ROW WHEN (OLD.person_id IS DISTINCT FROM NEW.person_id OR OLD.about_person_id IS DISTINCT FROM NEW.about_person_id OR OLD.resolved_at IS DISTINCT FROM NEW.resolved_at OR OLD.resolved_by IS DISTINCT FROM NEW.resolved_by OR OLD.outcome IS DISTINCT FROM NEW.outcome) 
  EXECUTE FUNCTION record_old_photo_flag();

CREATE FUNCTION record_old_channel() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'channel', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id, 'kind', OLD.kind, 'controller', CASE WHEN OLD.controller IS NOT NULL THEN '*' END, 'since', to_char(OLD.since, 'YYYY-MM-DD'), 'terms_changed_on', to_char(OLD.terms_changed_on, 'YYYY-MM-DD'), 'reviewed_on', to_char(OLD.reviewed_on, 'YYYY-MM-DD'), 'active', OLD.active::integer, 'proposed_own', OLD.proposed_own::integer, 'proposed_since', to_char(OLD.proposed_since, 'YYYY-MM-DD'), 'proposed_by', OLD.proposed_by);
  RETURN NULL;
END $$;

CREATE TRIGGER channel_delete_history AFTER DELETE
  ON channel FOR EACH ROW 
  EXECUTE FUNCTION record_old_channel();

CREATE TRIGGER channel_update_history AFTER UPDATE OF kind, controller, since, terms_changed_on, reviewed_on, active, proposed_own, proposed_since, proposed_by
  ON channel FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind OR OLD.controller IS DISTINCT FROM NEW.controller OR OLD.since IS DISTINCT FROM NEW.since OR OLD.terms_changed_on IS DISTINCT FROM NEW.terms_changed_on OR OLD.reviewed_on IS DISTINCT FROM NEW.reviewed_on OR OLD.active IS DISTINCT FROM NEW.active OR OLD.proposed_own IS DISTINCT FROM NEW.proposed_own OR OLD.proposed_since IS DISTINCT FROM NEW.proposed_since OR OLD.proposed_by IS DISTINCT FROM NEW.proposed_by) 
  EXECUTE FUNCTION record_old_channel();

CREATE FUNCTION record_new_channel() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'channel', lower(TG_OP),
    (NEW.id)::text, '{}';
  RETURN NULL;
END $$;

CREATE TRIGGER channel_insert_history AFTER INSERT
  ON channel FOR EACH ROW 
  EXECUTE FUNCTION record_new_channel();

CREATE FUNCTION record_old_second_look() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'second_look', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id, 'outcome', OLD.outcome, 'confirmed_at', to_char(OLD.confirmed_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'confirmed_by', OLD.confirmed_by);
  RETURN NULL;
END $$;

CREATE TRIGGER second_look_delete_history AFTER DELETE
  ON second_look FOR EACH ROW 
  EXECUTE FUNCTION record_old_second_look();

CREATE TRIGGER second_look_update_history AFTER UPDATE OF outcome, confirmed_at, confirmed_by
  ON second_look FOR EACH ROW WHEN (OLD.outcome IS DISTINCT FROM NEW.outcome OR OLD.confirmed_at IS DISTINCT FROM NEW.confirmed_at OR OLD.confirmed_by IS DISTINCT FROM NEW.confirmed_by) 
  EXECUTE FUNCTION record_old_second_look();

CREATE FUNCTION record_old_correction() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'correction', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id, 'outcome', OLD.outcome, 'ended_at', to_char(OLD.ended_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'ended_by', OLD.ended_by);
  RETURN NULL;
END $$;

CREATE TRIGGER correction_delete_history AFTER DELETE
  ON correction FOR EACH ROW 
  EXECUTE FUNCTION record_old_correction();

CREATE TRIGGER correction_update_history AFTER UPDATE OF outcome, ended_at, ended_by
  ON correction FOR EACH ROW WHEN (OLD.outcome IS DISTINCT FROM NEW.outcome OR OLD.ended_at IS DISTINCT FROM NEW.ended_at OR OLD.ended_by IS DISTINCT FROM NEW.ended_by) 
  EXECUTE FUNCTION record_old_correction();

CREATE FUNCTION record_old_photo_series() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'photo_series', lower(TG_OP),
    (OLD.photo_id)::text, json_build_object('photo_id', OLD.photo_id, 'series_id', OLD.series_id, 'lacks', OLD.lacks::integer, 'settled_at', to_char(OLD.settled_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'settled_by', OLD.settled_by);
  RETURN NULL;
END $$;

CREATE TRIGGER photo_series_delete_history AFTER DELETE
  ON photo_series FOR EACH ROW 
  EXECUTE FUNCTION record_old_photo_series();

CREATE TRIGGER photo_series_update_history AFTER UPDATE OF series_id, lacks, settled_at, settled_by
  ON photo_series FOR EACH ROW WHEN (OLD.series_id IS DISTINCT FROM NEW.series_id OR OLD.lacks IS DISTINCT FROM NEW.lacks OR OLD.settled_at IS DISTINCT FROM NEW.settled_at OR OLD.settled_by IS DISTINCT FROM NEW.settled_by) 
  EXECUTE FUNCTION record_old_photo_series();

CREATE FUNCTION record_new_photo_series() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'photo_series', lower(TG_OP),
    (NEW.photo_id)::text, '{}'
  WHERE (SELECT registered_at FROM photo WHERE id = NEW.photo_id) IS DISTINCT FROM (SELECT at FROM moment);
  RETURN NULL;
END $$;

CREATE TRIGGER photo_series_insert_history AFTER INSERT
  ON photo_series FOR EACH ROW 
  EXECUTE FUNCTION record_new_photo_series();

CREATE FUNCTION record_old_channel_admin() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'channel_admin', lower(TG_OP),
    (OLD.channel_id || ',' || OLD.staff_id)::text, json_build_object('channel_id', OLD.channel_id, 'staff_id', OLD.staff_id);
  RETURN NULL;
END $$;

CREATE TRIGGER channel_admin_delete_history AFTER DELETE
  ON channel_admin FOR EACH ROW 
  EXECUTE FUNCTION record_old_channel_admin();

CREATE FUNCTION record_new_channel_admin() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'channel_admin', lower(TG_OP),
    (NEW.channel_id || ',' || NEW.staff_id)::text, '{}';
  RETURN NULL;
END $$;

CREATE TRIGGER channel_admin_insert_history AFTER INSERT
  ON channel_admin FOR EACH ROW 
  EXECUTE FUNCTION record_new_channel_admin();

CREATE FUNCTION record_old_evidence() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'evidence', lower(TG_OP),
    (OLD.sha256)::text, json_build_object('sha256', OLD.sha256, 'damaged_at', to_char(OLD.damaged_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'erased_at', to_char(OLD.erased_at, 'YYYY-MM-DD HH24:MI:SS.US'));
  RETURN NULL;
END $$;

CREATE TRIGGER evidence_delete_history AFTER DELETE
  ON evidence FOR EACH ROW 
  EXECUTE FUNCTION record_old_evidence();

CREATE TRIGGER evidence_update_history AFTER UPDATE OF damaged_at, erased_at
  ON evidence FOR EACH ROW WHEN (OLD.damaged_at IS DISTINCT FROM NEW.damaged_at OR OLD.erased_at IS DISTINCT FROM NEW.erased_at) 
  EXECUTE FUNCTION record_old_evidence();

CREATE FUNCTION record_old_consent() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'consent', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id, 'subject_id', OLD.subject_id, 'actor_id', OLD.actor_id);
  RETURN NULL;
END $$;

CREATE TRIGGER consent_delete_history AFTER DELETE
  ON consent FOR EACH ROW 
  EXECUTE FUNCTION record_old_consent();

CREATE TRIGGER consent_update_history AFTER UPDATE OF subject_id, actor_id
  ON consent FOR EACH ROW WHEN (OLD.subject_id IS DISTINCT FROM NEW.subject_id OR OLD.actor_id IS DISTINCT FROM NEW.actor_id) 
  EXECUTE FUNCTION record_old_consent();

CREATE FUNCTION record_old_consent_form() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'consent_form', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id, 'subject_id', OLD.subject_id, 'actor_id', OLD.actor_id);
  RETURN NULL;
END $$;

CREATE TRIGGER consent_form_delete_history AFTER DELETE
  ON consent_form FOR EACH ROW 
  EXECUTE FUNCTION record_old_consent_form();

CREATE TRIGGER consent_form_update_history AFTER UPDATE OF subject_id, actor_id
  ON consent_form FOR EACH ROW WHEN (OLD.subject_id IS DISTINCT FROM NEW.subject_id OR OLD.actor_id IS DISTINCT FROM NEW.actor_id) 
  EXECUTE FUNCTION record_old_consent_form();

CREATE FUNCTION record_old_permission() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'permission', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id, 'photographer_id', OLD.photographer_id);
  RETURN NULL;
END $$;

CREATE TRIGGER permission_delete_history AFTER DELETE
  ON permission FOR EACH ROW 
  EXECUTE FUNCTION record_old_permission();

CREATE TRIGGER permission_update_history AFTER UPDATE OF photographer_id
  ON permission FOR EACH ROW WHEN (OLD.photographer_id IS DISTINCT FROM NEW.photographer_id) 
  EXECUTE FUNCTION record_old_permission();

CREATE FUNCTION record_old_unclear_case() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'unclear_case', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id, 'voided_at', to_char(OLD.voided_at, 'YYYY-MM-DD HH24:MI:SS.US'));
  RETURN NULL;
END $$;

CREATE TRIGGER unclear_case_delete_history AFTER DELETE
  ON unclear_case FOR EACH ROW 
  EXECUTE FUNCTION record_old_unclear_case();

CREATE TRIGGER unclear_case_update_history AFTER UPDATE OF voided_at
  ON unclear_case FOR EACH ROW WHEN (OLD.voided_at IS DISTINCT FROM NEW.voided_at) 
  EXECUTE FUNCTION record_old_unclear_case();

CREATE FUNCTION record_old_publication() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'publication', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id);
  RETURN NULL;
END $$;

CREATE TRIGGER publication_delete_history AFTER DELETE
  ON publication FOR EACH ROW 
  EXECUTE FUNCTION record_old_publication();

CREATE FUNCTION record_old_published_photo() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'published_photo', lower(TG_OP),
    (OLD.publication_id || ',' || OLD.photo_id)::text, json_build_object('publication_id', OLD.publication_id, 'photo_id', OLD.photo_id, 'removed_on', to_char(OLD.removed_on, 'YYYY-MM-DD'));
  RETURN NULL;
END $$;

CREATE TRIGGER published_photo_delete_history AFTER DELETE
  ON published_photo FOR EACH ROW 
  EXECUTE FUNCTION record_old_published_photo();

CREATE TRIGGER published_photo_update_history AFTER UPDATE OF removed_on
  ON published_photo FOR EACH ROW WHEN (OLD.removed_on IS DISTINCT FROM NEW.removed_on) 
  EXECUTE FUNCTION record_old_published_photo();

CREATE FUNCTION record_old_take_down() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  INSERT INTO history (at, table_name, kind, row_key, old)
  SELECT coalesce((SELECT at FROM moment), now()), 'take_down', lower(TG_OP),
    (OLD.id)::text, json_build_object('id', OLD.id, 'owner_id', OLD.owner_id, 'done_at', to_char(OLD.done_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'done_by', OLD.done_by);
  RETURN NULL;
END $$;

CREATE TRIGGER take_down_delete_history AFTER DELETE
  ON take_down FOR EACH ROW 
  EXECUTE FUNCTION record_old_take_down();

CREATE TRIGGER take_down_update_history AFTER UPDATE OF owner_id, done_at, done_by
  ON take_down FOR EACH ROW WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id OR OLD.done_at IS DISTINCT FROM NEW.done_at OR OLD.done_by IS DISTINCT FROM NEW.done_by) 
  EXECUTE FUNCTION record_old_take_down();

CREATE FUNCTION note_api_key() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'api_key', (OLD.id)::text, OLD.id::text, json_build_object('staff_id', OLD.staff_id, 'sha256', OLD.sha256, 'scopes', OLD.scopes, 'last_day', to_char(OLD.last_day, 'YYYY-MM-DD'), 'added_at', to_char(OLD.added_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'added_by', OLD.added_by, 'revoked_at', to_char(OLD.revoked_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'revoked_by', OLD.revoked_by)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'api_key'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('api_key', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('api_key', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER api_key_written AFTER INSERT OR UPDATE OR DELETE
  ON api_key FOR EACH ROW EXECUTE FUNCTION note_api_key();

CREATE FUNCTION note_api_key_channel() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('api_key', OLD.key_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('api_key', NEW.key_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER api_key_channel_written AFTER INSERT OR UPDATE OR DELETE
  ON api_key_channel FOR EACH ROW EXECUTE FUNCTION note_api_key_channel();

CREATE FUNCTION note_channel() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'channel', (OLD.id)::text, OLD.id::text, json_build_object('name', OLD.name, 'title', OLD.title, 'kind', OLD.kind, 'controller', OLD.controller, 'since', to_char(OLD.since, 'YYYY-MM-DD'), 'terms_url', OLD.terms_url, 'terms_changed_on', to_char(OLD.terms_changed_on, 'YYYY-MM-DD'), 'reviewed_on', to_char(OLD.reviewed_on, 'YYYY-MM-DD'), 'proposed_own', OLD.proposed_own::integer, 'proposed_since', to_char(OLD.proposed_since, 'YYYY-MM-DD'), 'proposed_by', OLD.proposed_by, 'active', OLD.active::integer)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'channel'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('channel', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('channel', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER channel_written AFTER INSERT OR UPDATE OR DELETE
  ON channel FOR EACH ROW EXECUTE FUNCTION note_channel();

CREATE FUNCTION note_channel_admin() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'channel_admin', (OLD.channel_id || ',' || OLD.staff_id)::text, OLD.channel_id::text, json_build_object('staff_id', OLD.staff_id)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'channel'
        AND key = OLD.channel_id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('channel', OLD.channel_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.former
      SELECT 'channel_admin', (NEW.channel_id || ',' || NEW.staff_id)::text, NEW.channel_id::text, NULL
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'channel'
        AND key = NEW.channel_id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('channel', NEW.channel_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER channel_admin_written AFTER INSERT OR UPDATE OR DELETE
  ON channel_admin FOR EACH ROW EXECUTE FUNCTION note_channel_admin();

CREATE FUNCTION note_consent() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'consent', (OLD.id)::text, OLD.id::text, json_build_object('subject_id', OLD.subject_id, 'actor_id', OLD.actor_id, 'photo_id', OLD.photo_id, 'event_id', OLD.event_id)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'consent'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('consent', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER consent_written AFTER INSERT OR UPDATE OR DELETE
  ON consent FOR EACH ROW EXECUTE FUNCTION note_consent();

CREATE FUNCTION note_consent_event() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent_event', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent_event', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER consent_event_written AFTER INSERT OR UPDATE OR DELETE
  ON consent_event FOR EACH ROW EXECUTE FUNCTION note_consent_event();

CREATE FUNCTION note_consent_channel() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent_event', OLD.statement_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent_event', NEW.statement_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER consent_channel_written AFTER INSERT OR UPDATE OR DELETE
  ON consent_channel FOR EACH ROW EXECUTE FUNCTION note_consent_channel();

CREATE FUNCTION note_consent_form_answer() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent_event', OLD.statement_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent_event', NEW.statement_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER consent_form_answer_written AFTER INSERT OR UPDATE OR DELETE
  ON consent_form_answer FOR EACH ROW EXECUTE FUNCTION note_consent_form_answer();

CREATE FUNCTION note_consent_purpose() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent_event', OLD.statement_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent_event', NEW.statement_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER consent_purpose_written AFTER INSERT OR UPDATE OR DELETE
  ON consent_purpose FOR EACH ROW EXECUTE FUNCTION note_consent_purpose();

CREATE FUNCTION note_consent_form() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'consent_form', (OLD.id)::text, OLD.id::text, json_build_object('code', OLD.code, 'subject_id', OLD.subject_id, 'actor_id', OLD.actor_id, 'photo_id', OLD.photo_id, 'event_id', OLD.event_id, 'language', OLD.language, 'form_version', OLD.form_version, 'valid_until', to_char(OLD.valid_until, 'YYYY-MM-DD'), 'printed_at', to_char(OLD.printed_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'printed_by', OLD.printed_by)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'consent_form'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('consent_form', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent_form', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER consent_form_written AFTER INSERT OR UPDATE OR DELETE
  ON consent_form FOR EACH ROW EXECUTE FUNCTION note_consent_form();

CREATE FUNCTION note_consent_form_channel() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent_form', OLD.form_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent_form', NEW.form_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER consent_form_channel_written AFTER INSERT OR UPDATE OR DELETE
  ON consent_form_channel FOR EACH ROW EXECUTE FUNCTION note_consent_form_channel();

CREATE FUNCTION note_consent_form_purpose() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent_form', OLD.form_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent_form', NEW.form_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER consent_form_purpose_written AFTER INSERT OR UPDATE OR DELETE
  ON consent_form_purpose FOR EACH ROW EXECUTE FUNCTION note_consent_form_purpose();

CREATE FUNCTION note_consent_form_scan() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent_form', OLD.form_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('consent_form', NEW.form_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER consent_form_scan_written AFTER INSERT OR UPDATE OR DELETE
  ON consent_form_scan FOR EACH ROW EXECUTE FUNCTION note_consent_form_scan();

CREATE FUNCTION note_correction() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'correction', (OLD.id)::text, OLD.id::text, json_build_object('statement_id', OLD.statement_id, 'permission_statement_id', OLD.permission_statement_id, 'publication_id', OLD.publication_id, 'asked_at', to_char(OLD.asked_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'asked_by', OLD.asked_by, 'ended_at', to_char(OLD.ended_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'ended_by', OLD.ended_by, 'outcome', OLD.outcome)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'correction'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('correction', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('correction', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER correction_written AFTER INSERT OR UPDATE OR DELETE
  ON correction FOR EACH ROW EXECUTE FUNCTION note_correction();

CREATE FUNCTION note_decision() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('decision', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('decision', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER decision_written AFTER INSERT OR UPDATE OR DELETE
  ON decision FOR EACH ROW EXECUTE FUNCTION note_decision();

CREATE FUNCTION note_disclosure() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('disclosure', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('disclosure', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER disclosure_written AFTER INSERT OR UPDATE OR DELETE
  ON disclosure FOR EACH ROW EXECUTE FUNCTION note_disclosure();

CREATE FUNCTION note_event() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'event', (OLD.id)::text, OLD.id::text, json_build_object('photographer', OLD.photographer, 'basis', OLD.basis, 'commissioner', OLD.commissioner, 'place', OLD.place, 'place_permission', OLD.place_permission::integer, 'shot', OLD.shot, 'confidentiality', OLD.confidentiality, 'sensitive', OLD.sensitive::integer, 'name', OLD.name, 'starts_on', to_char(OLD.starts_on, 'YYYY-MM-DD'), 'ends_on', to_char(OLD.ends_on, 'YYYY-MM-DD'), 'unit', OLD.unit, 'created_at', to_char(OLD.created_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'created_by', OLD.created_by)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'event'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('event', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('event', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER event_written AFTER INSERT OR UPDATE OR DELETE
  ON event FOR EACH ROW EXECUTE FUNCTION note_event();

CREATE FUNCTION note_event_photographer() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'event_photographer', (OLD.event_id || ',' || OLD.person_id)::text, OLD.event_id::text, json_build_object('person_id', OLD.person_id)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'event'
        AND key = OLD.event_id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('event', OLD.event_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.former
      SELECT 'event_photographer', (NEW.event_id || ',' || NEW.person_id)::text, NEW.event_id::text, NULL
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'event'
        AND key = NEW.event_id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('event', NEW.event_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER event_photographer_written AFTER INSERT OR UPDATE OR DELETE
  ON event_photographer FOR EACH ROW EXECUTE FUNCTION note_event_photographer();

CREATE FUNCTION note_event_roster() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'event_roster', (OLD.event_id || ',' || OLD.person_id)::text, OLD.event_id::text, json_build_object('person_id', OLD.person_id)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'event'
        AND key = OLD.event_id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('event', OLD.event_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.former
      SELECT 'event_roster', (NEW.event_id || ',' || NEW.person_id)::text, NEW.event_id::text, NULL
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'event'
        AND key = NEW.event_id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('event', NEW.event_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER event_roster_written AFTER INSERT OR UPDATE OR DELETE
  ON event_roster FOR EACH ROW EXECUTE FUNCTION note_event_roster();

CREATE FUNCTION note_evidence() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'evidence', (OLD.sha256)::text, OLD.sha256::text, json_build_object('size', OLD.size, 'suffix', OLD.suffix, 'added_at', to_char(OLD.added_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'added_by', OLD.added_by, 'damaged_at', to_char(OLD.damaged_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'erased_at', to_char(OLD.erased_at, 'YYYY-MM-DD HH24:MI:SS.US'))::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'evidence'
        AND key = OLD.sha256::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('evidence', OLD.sha256::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('evidence', NEW.sha256::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER evidence_written AFTER INSERT OR UPDATE OR DELETE
  ON evidence FOR EACH ROW EXECUTE FUNCTION note_evidence();

CREATE FUNCTION note_guardianship() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'guardianship', (OLD.id)::text, OLD.id::text, json_build_object('child_id', OLD.child_id, 'guardian_id', OLD.guardian_id, 'basis', OLD.basis, 'verified_how', OLD.verified_how, 'excused_ground', OLD.excused_ground, 'excused_by', OLD.excused_by, 'excused_evidence', OLD.excused_evidence, 'decides_alone', OLD.decides_alone::integer, 'decides_alone_reason', OLD.decides_alone_reason, 'decides_alone_evidence', OLD.decides_alone_evidence, 'first_day', to_char(OLD.first_day, 'YYYY-MM-DD'), 'last_day', to_char(OLD.last_day, 'YYYY-MM-DD'), 'created_at', to_char(OLD.created_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'created_by', OLD.created_by)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'guardianship'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('guardianship', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('guardianship', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER guardianship_written AFTER INSERT OR UPDATE OR DELETE
  ON guardianship FOR EACH ROW EXECUTE FUNCTION note_guardianship();

CREATE FUNCTION note_history() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('history', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('history', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER history_written AFTER INSERT OR UPDATE OR DELETE
  ON history FOR EACH ROW EXECUTE FUNCTION note_history();

CREATE FUNCTION note_list_layout() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('list_layout', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('list_layout', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER list_layout_written AFTER INSERT OR UPDATE OR DELETE
  ON list_layout FOR EACH ROW EXECUTE FUNCTION note_list_layout();

CREATE FUNCTION note_log_key() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('log_key', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('log_key', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER log_key_written AFTER INSERT OR UPDATE OR DELETE
  ON log_key FOR EACH ROW EXECUTE FUNCTION note_log_key();

CREATE FUNCTION note_password() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'password', (OLD.staff_id)::text, OLD.staff_id::text, json_build_object('salt', OLD.salt, 'sha256', OLD.sha256, 'must_change', OLD.must_change::integer, 'set_at', to_char(OLD.set_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'set_by', OLD.set_by)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'password'
        AND key = OLD.staff_id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('password', OLD.staff_id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('password', NEW.staff_id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER password_written AFTER INSERT OR UPDATE OR DELETE
  ON password FOR EACH ROW EXECUTE FUNCTION note_password();

CREATE FUNCTION note_permission() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'permission', (OLD.id)::text, OLD.id::text, json_build_object('photographer_id', OLD.photographer_id, 'licensor', OLD.licensor, 'photo_id', OLD.photo_id, 'event_id', OLD.event_id)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'permission'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('permission', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('permission', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER permission_written AFTER INSERT OR UPDATE OR DELETE
  ON permission FOR EACH ROW EXECUTE FUNCTION note_permission();

CREATE FUNCTION note_permission_event() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('permission_event', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('permission_event', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER permission_event_written AFTER INSERT OR UPDATE OR DELETE
  ON permission_event FOR EACH ROW EXECUTE FUNCTION note_permission_event();

CREATE FUNCTION note_permission_channel() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('permission_event', OLD.statement_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('permission_event', NEW.statement_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER permission_channel_written AFTER INSERT OR UPDATE OR DELETE
  ON permission_channel FOR EACH ROW EXECUTE FUNCTION note_permission_channel();

CREATE FUNCTION note_permission_purpose() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('permission_event', OLD.statement_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('permission_event', NEW.statement_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER permission_purpose_written AFTER INSERT OR UPDATE OR DELETE
  ON permission_purpose FOR EACH ROW EXECUTE FUNCTION note_permission_purpose();

CREATE FUNCTION note_person() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'person', (OLD.id)::text, OLD.id::text, json_build_object('name', OLD.name, 'born', to_char(OLD.born, 'YYYY-MM-DD'), 'age_group', OLD.age_group, 'deceased', OLD.deceased::integer, 'died_on', to_char(OLD.died_on, 'YYYY-MM-DD'), 'capacity', OLD.capacity, 'guardians_total', OLD.guardians_total, 'contact', OLD.contact, 'language', OLD.language, 'blocked', OLD.blocked::integer, 'blocked_at', to_char(OLD.blocked_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'blocked_by', OLD.blocked_by, 'merged_into', OLD.merged_into, 'erased_at', to_char(OLD.erased_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'created_at', to_char(OLD.created_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'created_by', OLD.created_by)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'person'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('person', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('person', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER person_written AFTER INSERT OR UPDATE OR DELETE
  ON person FOR EACH ROW EXECUTE FUNCTION note_person();

CREATE FUNCTION note_person_name() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'person_name', (OLD.id)::text, OLD.id::text, json_build_object('person_id', OLD.person_id, 'name', OLD.name, 'created_at', to_char(OLD.created_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'created_by', OLD.created_by)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'person_name'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('person_name', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('person_name', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER person_name_written AFTER INSERT OR UPDATE OR DELETE
  ON person_name FOR EACH ROW EXECUTE FUNCTION note_person_name();

CREATE FUNCTION note_photo() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'photo', (OLD.id)::text, OLD.id::text, json_build_object('photographer', OLD.photographer, 'basis', OLD.basis, 'commissioner', OLD.commissioner, 'place', OLD.place, 'place_permission', OLD.place_permission::integer, 'shot', OLD.shot, 'confidentiality', OLD.confidentiality, 'sensitive', OLD.sensitive::integer, 'sha256', OLD.sha256, 'file_name', OLD.file_name, 'size', OLD.size, 'format', OLD.format, 'width', OLD.width, 'height', OLD.height, 'orientation', OLD.orientation, 'file_changed', OLD.file_changed::integer, 'taken_at', OLD.taken_at, 'file_taken_on', to_char(OLD.file_taken_on, 'YYYY-MM-DD'), 'file_artist', OLD.file_artist, 'file_copyright', OLD.file_copyright, 'file_description', OLD.file_description, 'camera', OLD.camera, 'gps_present', OLD.gps_present::integer, 'picture_sha256', OLD.picture_sha256, 'rights_metadata', OLD.rights_metadata::text, 'version_of', OLD.version_of, 'event_id', OLD.event_id, 'credit', OLD.credit, 'credit_waived', OLD.credit_waived::integer, 'taken_year', OLD.taken_year, 'photographer_died_year', OLD.photographer_died_year, 'rights_removed', OLD.rights_removed::integer, 'depicted_work', OLD.depicted_work, 'digital_source', OLD.digital_source, 'people', OLD.people, 'recognisable_count', OLD.recognisable_count, 'context_identifies', OLD.context_identifies::integer, 'registered_at', to_char(OLD.registered_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'registered_by', OLD.registered_by)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'photo'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('photo', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('photo', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER photo_written AFTER INSERT OR UPDATE OR DELETE
  ON photo FOR EACH ROW EXECUTE FUNCTION note_photo();

CREATE FUNCTION note_depiction() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'depiction', (OLD.id)::text, OLD.photo_id::text, json_build_object('person_id', OLD.person_id, 'position', OLD.position, 'prominence', OLD.prominence, 'role', OLD.role)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'photo'
        AND key = OLD.photo_id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('photo', OLD.photo_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.former
      SELECT 'depiction', (NEW.id)::text, NEW.photo_id::text, NULL
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'photo'
        AND key = NEW.photo_id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('photo', NEW.photo_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER depiction_written AFTER INSERT OR UPDATE OR DELETE
  ON depiction FOR EACH ROW EXECUTE FUNCTION note_depiction();

CREATE FUNCTION note_photo_likeness() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('photo', OLD.photo_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('photo', NEW.photo_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER photo_likeness_written AFTER INSERT OR UPDATE OR DELETE
  ON photo_likeness FOR EACH ROW EXECUTE FUNCTION note_photo_likeness();

CREATE FUNCTION note_photo_photographer() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'photo_photographer', (OLD.photo_id || ',' || OLD.person_id)::text, OLD.photo_id::text, json_build_object('person_id', OLD.person_id)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'photo'
        AND key = OLD.photo_id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('photo', OLD.photo_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.former
      SELECT 'photo_photographer', (NEW.photo_id || ',' || NEW.person_id)::text, NEW.photo_id::text, NULL
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'photo'
        AND key = NEW.photo_id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('photo', NEW.photo_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER photo_photographer_written AFTER INSERT OR UPDATE OR DELETE
  ON photo_photographer FOR EACH ROW EXECUTE FUNCTION note_photo_photographer();

CREATE FUNCTION note_photo_series() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('photo', OLD.photo_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('photo', NEW.photo_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER photo_series_written AFTER INSERT OR UPDATE OR DELETE
  ON photo_series FOR EACH ROW EXECUTE FUNCTION note_photo_series();

CREATE FUNCTION note_photo_flag() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'photo_flag', (OLD.id)::text, OLD.id::text, json_build_object('photo_id', OLD.photo_id, 'person_id', OLD.person_id, 'objector_kind', OLD.objector_kind, 'reason', OLD.reason, 'cause', OLD.cause, 'like_photo_id', OLD.like_photo_id, 'about_person_id', OLD.about_person_id, 'concerns_person', OLD.concerns_person::integer, 'raised_at', to_char(OLD.raised_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'raised_by', OLD.raised_by, 'due_at', to_char(OLD.due_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'resolved_at', to_char(OLD.resolved_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'resolved_by', OLD.resolved_by, 'outcome', OLD.outcome, 'resolution', OLD.resolution)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'photo_flag'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('photo_flag', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('photo_flag', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER photo_flag_written AFTER INSERT OR UPDATE OR DELETE
  ON photo_flag FOR EACH ROW EXECUTE FUNCTION note_photo_flag();

CREATE FUNCTION note_policy_version() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('policy_version', OLD.version::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('policy_version', NEW.version::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER policy_version_written AFTER INSERT OR UPDATE OR DELETE
  ON policy_version FOR EACH ROW EXECUTE FUNCTION note_policy_version();

CREATE FUNCTION note_publication() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'publication', (OLD.id)::text, OLD.id::text, json_build_object('channel_id', OLD.channel_id, 'address', OLD.address, 'published_on', to_char(OLD.published_on, 'YYYY-MM-DD'), 'recorded_at', to_char(OLD.recorded_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'recorded_by', OLD.recorded_by, 'request_key', OLD.request_key, 'request_digest', OLD.request_digest)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'publication'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('publication', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('publication', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER publication_written AFTER INSERT OR UPDATE OR DELETE
  ON publication FOR EACH ROW EXECUTE FUNCTION note_publication();

CREATE FUNCTION note_published_photo() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'published_photo', (OLD.publication_id || ',' || OLD.photo_id)::text, OLD.publication_id::text, json_build_object('photo_id', OLD.photo_id, 'channel_id', OLD.channel_id, 'published_on', to_char(OLD.published_on, 'YYYY-MM-DD'), 'decision_id', OLD.decision_id, 'removed_on', to_char(OLD.removed_on, 'YYYY-MM-DD'))::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'publication'
        AND key = OLD.publication_id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('publication', OLD.publication_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.former
      SELECT 'published_photo', (NEW.publication_id || ',' || NEW.photo_id)::text, NEW.publication_id::text, NULL
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'publication'
        AND key = NEW.publication_id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('publication', NEW.publication_id::text, false) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER published_photo_written AFTER INSERT OR UPDATE OR DELETE
  ON published_photo FOR EACH ROW EXECUTE FUNCTION note_published_photo();

CREATE FUNCTION note_registry_info() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'registry_info', (OLD.id)::text, OLD.id::text, json_build_object('organisation', OLD.organisation, 'created_at', to_char(OLD.created_at, 'YYYY-MM-DD HH24:MI:SS.US'))::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'registry_info'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('registry_info', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('registry_info', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER registry_info_written AFTER INSERT OR UPDATE OR DELETE
  ON registry_info FOR EACH ROW EXECUTE FUNCTION note_registry_info();

CREATE FUNCTION note_ruling() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.written
      VALUES ('ruling', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('ruling', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER ruling_written AFTER INSERT OR UPDATE OR DELETE
  ON ruling FOR EACH ROW EXECUTE FUNCTION note_ruling();

CREATE FUNCTION note_second_look() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'second_look', (OLD.id)::text, OLD.id::text, json_build_object('photo_id', OLD.photo_id, 'about', OLD.about, 'before', OLD.before::text, 'after', OLD.after::text, 'asked_at', to_char(OLD.asked_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'taken_back_by', OLD.taken_back_by, 'correctable_until', to_char(OLD.correctable_until, 'YYYY-MM-DD HH24:MI:SS.US'), 'confirmed_at', to_char(OLD.confirmed_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'confirmed_by', OLD.confirmed_by, 'outcome', OLD.outcome, 'answer', OLD.answer::text)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'second_look'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('second_look', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('second_look', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER second_look_written AFTER INSERT OR UPDATE OR DELETE
  ON second_look FOR EACH ROW EXECUTE FUNCTION note_second_look();

CREATE FUNCTION note_staff() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'staff', (OLD.id)::text, OLD.id::text, json_build_object('login', OLD.login, 'name', OLD.name, 'role', OLD.role, 'active', OLD.active::integer, 'person_id', OLD.person_id, 'unit', OLD.unit, 'server_role', OLD.server_role)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'staff'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('staff', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('staff', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER staff_written AFTER INSERT OR UPDATE OR DELETE
  ON staff FOR EACH ROW EXECUTE FUNCTION note_staff();

CREATE FUNCTION note_take_down() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'take_down', (OLD.id)::text, OLD.id::text, json_build_object('publication_id', OLD.publication_id, 'photo_id', OLD.photo_id, 'codes', OLD.codes, 'owner_id', OLD.owner_id, 'opened_at', to_char(OLD.opened_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'due_at', to_char(OLD.due_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'done_at', to_char(OLD.done_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'done_by', OLD.done_by, 'proof', OLD.proof, 'proof_evidence', OLD.proof_evidence)::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'take_down'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('take_down', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('take_down', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER take_down_written AFTER INSERT OR UPDATE OR DELETE
  ON take_down FOR EACH ROW EXECUTE FUNCTION note_take_down();

CREATE FUNCTION note_unclear_case() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF to_regclass('pg_temp.written') IS NULL THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO pg_temp.former
      SELECT 'unclear_case', (OLD.id)::text, OLD.id::text, json_build_object('photo_id', OLD.photo_id, 'channel_id', OLD.channel_id, 'mode', OLD.mode, 'purpose', OLD.purpose, 'day', to_char(OLD.day, 'YYYY-MM-DD'), 'facts', OLD.facts::text, 'facts_digest', OLD.facts_digest, 'codes', OLD.codes, 'rules_version', OLD.rules_version, 'policy_version', OLD.policy_version, 'leading_id', OLD.leading_id, 'corrects_id', OLD.corrects_id, 'cause', OLD.cause, 'opened_at', to_char(OLD.opened_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'opened_by', OLD.opened_by, 'due_at', to_char(OLD.due_at, 'YYYY-MM-DD HH24:MI:SS.US'), 'voided_at', to_char(OLD.voided_at, 'YYYY-MM-DD HH24:MI:SS.US'))::text
      WHERE NOT EXISTS (SELECT 1 FROM pg_temp.written WHERE kind = 'unclear_case'
        AND key = OLD.id::text AND is_new)
      ON CONFLICT DO NOTHING;
    INSERT INTO pg_temp.written
      VALUES ('unclear_case', OLD.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO pg_temp.written
      VALUES ('unclear_case', NEW.id::text, TG_OP = 'INSERT') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER unclear_case_written AFTER INSERT OR UPDATE OR DELETE
  ON unclear_case FOR EACH ROW EXECUTE FUNCTION note_unclear_case();

CREATE FUNCTION photo_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (WITH RECURSIVE made_of(id) AS (SELECT NEW.id UNION SELECT photo.id FROM photo JOIN made_of ON photo.version_of = made_of.id WHERE coalesce(OLD.version_of, 0) <> coalesce(NEW.version_of, 0)) SELECT id FROM made_of UNION SELECT id FROM photo WHERE picture_sha256 = OLD.picture_sha256 AND coalesce(OLD.picture_sha256, '') <> coalesce(NEW.picture_sha256, '')); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (WITH RECURSIVE made_of(id) AS (SELECT NEW.id UNION SELECT photo.id FROM photo JOIN made_of ON photo.version_of = made_of.id WHERE coalesce(OLD.version_of, 0) <> coalesce(NEW.version_of, 0)) SELECT id FROM made_of UNION SELECT id FROM photo WHERE picture_sha256 = OLD.picture_sha256 AND coalesce(OLD.picture_sha256, '') <> coalesce(NEW.picture_sha256, '')) ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (WITH RECURSIVE made_of(id) AS (SELECT NEW.id UNION SELECT photo.id FROM photo JOIN made_of ON photo.version_of = made_of.id WHERE coalesce(OLD.version_of, 0) <> coalesce(NEW.version_of, 0)) SELECT id FROM made_of UNION SELECT id FROM photo WHERE picture_sha256 = NEW.picture_sha256 AND coalesce(OLD.picture_sha256, '') <> coalesce(NEW.picture_sha256, '')); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (WITH RECURSIVE made_of(id) AS (SELECT NEW.id UNION SELECT photo.id FROM photo JOIN made_of ON photo.version_of = made_of.id WHERE coalesce(OLD.version_of, 0) <> coalesce(NEW.version_of, 0)) SELECT id FROM made_of UNION SELECT id FROM photo WHERE picture_sha256 = NEW.picture_sha256 AND coalesce(OLD.picture_sha256, '') <> coalesce(NEW.picture_sha256, '')) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', NEW.id WHERE NEW.confidentiality = 'publication_block' AND coalesce(OLD.confidentiality, '') <> coalesce(NEW.confidentiality, '') ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id JOIN depiction ON depiction.person_id = consent.subject_id JOIN photo ON photo.id = depiction.photo_id AND photo.event_id = consent.event_id WHERE consent.event_id IS NOT NULL AND consent_event.kind IN ('refused', 'withdrawn') AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND photo.id = NEW.id AND (coalesce(OLD.event_id, 0) <> coalesce(NEW.event_id, 0) OR coalesce(OLD.photographer, '') <> coalesce(NEW.photographer, '') OR coalesce(OLD.confidentiality, '') <> coalesce(NEW.confidentiality, '')) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN photo_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.id = taker.photo_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND photo.id = NEW.id AND (coalesce(OLD.event_id, 0) <> coalesce(NEW.event_id, 0) OR coalesce(OLD.photographer, '') <> coalesce(NEW.photographer, '') OR coalesce(OLD.confidentiality, '') <> coalesce(NEW.confidentiality, '')) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND photo.id = NEW.id AND (coalesce(OLD.event_id, 0) <> coalesce(NEW.event_id, 0) OR coalesce(OLD.photographer, '') <> coalesce(NEW.photographer, '') OR coalesce(OLD.confidentiality, '') <> coalesce(NEW.confidentiality, '')) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM event JOIN photo ON photo.event_id = event.id WHERE photo.confidentiality IS NULL AND event.confidentiality = 'publication_block' AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND photo.id = NEW.id AND (coalesce(OLD.event_id, 0) <> coalesce(NEW.event_id, 0) OR coalesce(OLD.photographer, '') <> coalesce(NEW.photographer, '') OR coalesce(OLD.confidentiality, '') <> coalesce(NEW.confidentiality, '')) ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER photo_update_invalidates AFTER UPDATE ON photo
  FOR EACH ROW EXECUTE FUNCTION photo_update_invalidates();

CREATE FUNCTION photo_photographer_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN photo_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.id = taker.photo_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND taker.person_id = NEW.person_id AND taker.photo_id = NEW.photo_id ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER photo_photographer_insert_invalidates AFTER INSERT ON photo_photographer
  FOR EACH ROW EXECUTE FUNCTION photo_photographer_insert_invalidates();

CREATE FUNCTION photo_photographer_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT OLD.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', OLD.photo_id WHERE OLD.photo_id IS NOT NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN photo_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.id = taker.photo_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND taker.person_id = NEW.person_id AND taker.photo_id = NEW.photo_id ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER photo_photographer_update_invalidates AFTER UPDATE ON photo_photographer
  FOR EACH ROW EXECUTE FUNCTION photo_photographer_update_invalidates();

CREATE FUNCTION photo_photographer_delete_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT OLD.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', OLD.photo_id WHERE OLD.photo_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER photo_photographer_delete_invalidates AFTER DELETE ON photo_photographer
  FOR EACH ROW EXECUTE FUNCTION photo_photographer_delete_invalidates();

CREATE FUNCTION depiction_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id JOIN depiction ON depiction.person_id = consent.subject_id JOIN photo ON photo.id = depiction.photo_id AND photo.event_id = consent.event_id WHERE consent.event_id IS NOT NULL AND consent_event.kind IN ('refused', 'withdrawn') AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND depiction.id = NEW.id ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER depiction_insert_invalidates AFTER INSERT ON depiction
  FOR EACH ROW EXECUTE FUNCTION depiction_insert_invalidates();

CREATE FUNCTION depiction_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT OLD.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', OLD.photo_id WHERE OLD.photo_id IS NOT NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id JOIN depiction ON depiction.person_id = consent.subject_id JOIN photo ON photo.id = depiction.photo_id AND photo.event_id = consent.event_id WHERE consent.event_id IS NOT NULL AND consent_event.kind IN ('refused', 'withdrawn') AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND depiction.id = NEW.id AND coalesce(OLD.person_id, 0) <> coalesce(NEW.person_id, 0) ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER depiction_update_invalidates AFTER UPDATE ON depiction
  FOR EACH ROW EXECUTE FUNCTION depiction_update_invalidates();

CREATE FUNCTION depiction_delete_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT OLD.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', OLD.photo_id WHERE OLD.photo_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER depiction_delete_invalidates AFTER DELETE ON depiction
  FOR EACH ROW EXECUTE FUNCTION depiction_delete_invalidates();

CREATE FUNCTION event_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT id FROM photo WHERE event_id = NEW.id); INSERT INTO touched (scope, number) SELECT 'event', NEW.id WHERE NEW.id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM event JOIN photo ON photo.event_id = event.id WHERE photo.confidentiality IS NULL AND event.confidentiality = 'publication_block' AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND event.id = NEW.id AND coalesce(OLD.confidentiality, '') <> coalesce(NEW.confidentiality, '') ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER event_update_invalidates AFTER UPDATE ON event
  FOR EACH ROW EXECUTE FUNCTION event_update_invalidates();

CREATE FUNCTION event_photographer_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT id FROM photo WHERE event_id = NEW.event_id); INSERT INTO touched (scope, number) SELECT 'event', NEW.event_id WHERE NEW.event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND taker.person_id = NEW.person_id AND taker.event_id = NEW.event_id ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER event_photographer_insert_invalidates AFTER INSERT ON event_photographer
  FOR EACH ROW EXECUTE FUNCTION event_photographer_insert_invalidates();

CREATE FUNCTION event_photographer_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT id FROM photo WHERE event_id = OLD.event_id); INSERT INTO touched (scope, number) SELECT 'event', OLD.event_id WHERE OLD.event_id IS NOT NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT id FROM photo WHERE event_id = NEW.event_id); INSERT INTO touched (scope, number) SELECT 'event', NEW.event_id WHERE NEW.event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND taker.person_id = NEW.person_id AND taker.event_id = NEW.event_id ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER event_photographer_update_invalidates AFTER UPDATE ON event_photographer
  FOR EACH ROW EXECUTE FUNCTION event_photographer_update_invalidates();

CREATE FUNCTION event_photographer_delete_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT id FROM photo WHERE event_id = OLD.event_id); INSERT INTO touched (scope, number) SELECT 'event', OLD.event_id WHERE OLD.event_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER event_photographer_delete_invalidates AFTER DELETE ON event_photographer
  FOR EACH ROW EXECUTE FUNCTION event_photographer_delete_invalidates();

CREATE FUNCTION person_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = NEW.id UNION SELECT photo_id FROM photo_photographer WHERE person_id = NEW.id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = NEW.id UNION SELECT photo_id FROM permission WHERE id IN (SELECT permission_id FROM permission_event WHERE NEW.merged_into IS NOT NULL AND coalesce(OLD.merged_into, 0) <> NEW.merged_into AND (by_person_id = NEW.id OR author_id = NEW.id)) UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id IN (SELECT permission_id FROM permission_event WHERE NEW.merged_into IS NOT NULL AND coalesce(OLD.merged_into, 0) <> NEW.merged_into AND (by_person_id = NEW.id OR author_id = NEW.id)) UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id IN (SELECT permission_id FROM permission_event WHERE NEW.merged_into IS NOT NULL AND coalesce(OLD.merged_into, 0) <> NEW.merged_into AND (by_person_id = NEW.id OR author_id = NEW.id)) AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id IN (SELECT permission_id FROM permission_event WHERE NEW.merged_into IS NOT NULL AND coalesce(OLD.merged_into, 0) <> NEW.merged_into AND (by_person_id = NEW.id OR author_id = NEW.id)) AND permission.photo_id IS NULL AND permission.event_id IS NULL); INSERT INTO touched (scope, number) SELECT 'person', NEW.id WHERE NEW.id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', NEW.id WHERE NEW.id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM permission WHERE id IN (SELECT permission_id FROM permission_event WHERE NEW.merged_into IS NOT NULL AND coalesce(OLD.merged_into, 0) <> NEW.merged_into AND (by_person_id = NEW.id OR author_id = NEW.id)) AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'event', event_id FROM permission WHERE id IN (SELECT permission_id FROM permission_event WHERE NEW.merged_into IS NOT NULL AND coalesce(OLD.merged_into, 0) <> NEW.merged_into AND (by_person_id = NEW.id OR author_id = NEW.id)) AND event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', photographer_id FROM permission WHERE id IN (SELECT permission_id FROM permission_event WHERE NEW.merged_into IS NOT NULL AND coalesce(OLD.merged_into, 0) <> NEW.merged_into AND (by_person_id = NEW.id OR author_id = NEW.id)) AND photo_id IS NULL AND event_id IS NULL AND photographer_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo_id FROM depiction WHERE person_id = NEW.id AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER person_update_invalidates AFTER UPDATE ON person
  FOR EACH ROW EXECUTE FUNCTION person_update_invalidates();

CREATE FUNCTION person_name_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM photo_photographer WHERE person_id = NEW.person_id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = NEW.person_id); INSERT INTO touched (scope, number) SELECT 'taker', NEW.person_id WHERE NEW.person_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER person_name_insert_invalidates AFTER INSERT ON person_name
  FOR EACH ROW EXECUTE FUNCTION person_name_insert_invalidates();

CREATE FUNCTION person_name_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM photo_photographer WHERE person_id = OLD.person_id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = OLD.person_id); INSERT INTO touched (scope, number) SELECT 'taker', OLD.person_id WHERE OLD.person_id IS NOT NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM photo_photographer WHERE person_id = NEW.person_id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = NEW.person_id); INSERT INTO touched (scope, number) SELECT 'taker', NEW.person_id WHERE NEW.person_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER person_name_update_invalidates AFTER UPDATE ON person_name
  FOR EACH ROW EXECUTE FUNCTION person_name_update_invalidates();

CREATE FUNCTION person_name_delete_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM photo_photographer WHERE person_id = OLD.person_id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = OLD.person_id); INSERT INTO touched (scope, number) SELECT 'taker', OLD.person_id WHERE OLD.person_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER person_name_delete_invalidates AFTER DELETE ON person_name
  FOR EACH ROW EXECUTE FUNCTION person_name_delete_invalidates();

CREATE FUNCTION guardianship_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = NEW.child_id); INSERT INTO touched (scope, number) SELECT 'person', NEW.child_id WHERE NEW.child_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER guardianship_insert_invalidates AFTER INSERT ON guardianship
  FOR EACH ROW EXECUTE FUNCTION guardianship_insert_invalidates();

CREATE FUNCTION guardianship_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = OLD.child_id); INSERT INTO touched (scope, number) SELECT 'person', OLD.child_id WHERE OLD.child_id IS NOT NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = NEW.child_id); INSERT INTO touched (scope, number) SELECT 'person', NEW.child_id WHERE NEW.child_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER guardianship_update_invalidates AFTER UPDATE ON guardianship
  FOR EACH ROW EXECUTE FUNCTION guardianship_update_invalidates();

CREATE FUNCTION guardianship_delete_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = OLD.child_id); INSERT INTO touched (scope, number) SELECT 'person', OLD.child_id WHERE OLD.child_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER guardianship_delete_invalidates AFTER DELETE ON guardianship
  FOR EACH ROW EXECUTE FUNCTION guardianship_delete_invalidates();

CREATE FUNCTION consent_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = OLD.subject_id); INSERT INTO touched (scope, number) SELECT 'person', OLD.subject_id WHERE OLD.subject_id IS NOT NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = NEW.subject_id); INSERT INTO touched (scope, number) SELECT 'person', NEW.subject_id WHERE NEW.subject_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id JOIN depiction ON depiction.person_id = consent.subject_id JOIN photo ON photo.id = depiction.photo_id AND photo.event_id = consent.event_id WHERE consent.event_id IS NOT NULL AND consent_event.kind IN ('refused', 'withdrawn') AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND consent.id = NEW.id ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER consent_update_invalidates AFTER UPDATE ON consent
  FOR EACH ROW EXECUTE FUNCTION consent_update_invalidates();

CREATE FUNCTION consent_event_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = NEW.consent_id UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = NEW.consent_id); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (SELECT photo_id FROM consent WHERE id = NEW.consent_id UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = NEW.consent_id) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'person', subject_id FROM consent WHERE id = NEW.consent_id AND photo_id IS NULL AND event_id IS NULL AND subject_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO stale_person (person_id) SELECT subject_id FROM consent WHERE id = NEW.consent_id AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo_id FROM consent WHERE id = NEW.consent_id AND photo_id IS NOT NULL AND NEW.kind IN ('refused', 'withdrawn') ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id JOIN depiction ON depiction.person_id = consent.subject_id JOIN photo ON photo.id = depiction.photo_id AND photo.event_id = consent.event_id WHERE consent.event_id IS NOT NULL AND consent_event.kind IN ('refused', 'withdrawn') AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND consent_event.id = NEW.id ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER consent_event_insert_invalidates AFTER INSERT ON consent_event
  FOR EACH ROW EXECUTE FUNCTION consent_event_insert_invalidates();

CREATE FUNCTION consent_channel_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'person', subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL AND subject_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO stale_person (person_id) SELECT subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER consent_channel_insert_invalidates AFTER INSERT ON consent_channel
  FOR EACH ROW EXECUTE FUNCTION consent_channel_insert_invalidates();

CREATE FUNCTION consent_purpose_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'person', subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL AND subject_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO stale_person (person_id) SELECT subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER consent_purpose_insert_invalidates AFTER INSERT ON consent_purpose
  FOR EACH ROW EXECUTE FUNCTION consent_purpose_insert_invalidates();

CREATE FUNCTION permission_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM photo_photographer WHERE person_id = OLD.photographer_id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = OLD.photographer_id UNION SELECT OLD.photo_id); INSERT INTO touched (scope, number) SELECT 'taker', OLD.photographer_id WHERE OLD.photographer_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'photo', OLD.photo_id WHERE OLD.photo_id IS NOT NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM photo_photographer WHERE person_id = NEW.photographer_id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = NEW.photographer_id UNION SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'taker', NEW.photographer_id WHERE NEW.photographer_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN photo_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.id = taker.photo_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND permission.id = NEW.id ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND permission.id = NEW.id ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER permission_update_invalidates AFTER UPDATE ON permission
  FOR EACH ROW EXECUTE FUNCTION permission_update_invalidates();

CREATE FUNCTION permission_event_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM permission WHERE id = NEW.permission_id UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id = NEW.permission_id UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id = NEW.permission_id AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = NEW.permission_id AND permission.photo_id IS NULL AND permission.event_id IS NULL); INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM permission WHERE id = NEW.permission_id AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'event', event_id FROM permission WHERE id = NEW.permission_id AND event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', photographer_id FROM permission WHERE id = NEW.permission_id AND photo_id IS NULL AND event_id IS NULL AND photographer_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo_id FROM permission WHERE id = NEW.permission_id AND photo_id IS NOT NULL AND NEW.kind IN ('refused', 'withdrawn') ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN photo_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.id = taker.photo_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND permission_event.id = NEW.id ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND permission_event.id = NEW.id ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER permission_event_insert_invalidates AFTER INSERT ON permission_event
  FOR EACH ROW EXECUTE FUNCTION permission_event_insert_invalidates();

CREATE FUNCTION permission_channel_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL); INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'event', event_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', photographer_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL AND photographer_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER permission_channel_insert_invalidates AFTER INSERT ON permission_channel
  FOR EACH ROW EXECUTE FUNCTION permission_channel_insert_invalidates();

CREATE FUNCTION permission_purpose_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL); INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'event', event_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', photographer_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL AND photographer_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER permission_purpose_insert_invalidates AFTER INSERT ON permission_purpose
  FOR EACH ROW EXECUTE FUNCTION permission_purpose_insert_invalidates();

CREATE FUNCTION correction_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'person', subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL AND subject_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO stale_person (person_id) SELECT subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL); INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'event', event_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', photographer_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND photo_id IS NULL AND event_id IS NULL AND photographer_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM consent_event JOIN consent ON consent.id = consent_event.consent_id JOIN photo ON photo.id = consent.photo_id OR photo.event_id = consent.event_id AND EXISTS (SELECT 1 FROM depiction WHERE photo_id = photo.id AND person_id = consent.subject_id) WHERE consent_event.id = NEW.statement_id AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission_event JOIN permission ON permission.id = permission_event.permission_id JOIN photo ON photo.id = permission.photo_id OR permission.photo_id IS NULL AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (EXISTS (SELECT 1 FROM photo_photographer taker WHERE taker.photo_id = photo.id AND taker.person_id = permission.photographer_id) OR EXISTS (SELECT 1 FROM event_photographer taker WHERE taker.event_id = photo.event_id AND taker.person_id = permission.photographer_id)) WHERE permission_event.id = NEW.permission_statement_id AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER correction_insert_invalidates AFTER INSERT ON correction
  FOR EACH ROW EXECUTE FUNCTION correction_insert_invalidates();

CREATE FUNCTION correction_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'person', subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL AND subject_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO stale_person (person_id) SELECT subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL); INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'event', event_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', photographer_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND photo_id IS NULL AND event_id IS NULL AND photographer_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM consent_event JOIN consent ON consent.id = consent_event.consent_id JOIN photo ON photo.id = consent.photo_id OR photo.event_id = consent.event_id AND EXISTS (SELECT 1 FROM depiction WHERE photo_id = photo.id AND person_id = consent.subject_id) WHERE consent_event.id = NEW.statement_id AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission_event JOIN permission ON permission.id = permission_event.permission_id JOIN photo ON photo.id = permission.photo_id OR permission.photo_id IS NULL AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (EXISTS (SELECT 1 FROM photo_photographer taker WHERE taker.photo_id = photo.id AND taker.person_id = permission.photographer_id) OR EXISTS (SELECT 1 FROM event_photographer taker WHERE taker.event_id = photo.event_id AND taker.person_id = permission.photographer_id)) WHERE permission_event.id = NEW.permission_statement_id AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER correction_update_invalidates AFTER UPDATE ON correction
  FOR EACH ROW EXECUTE FUNCTION correction_update_invalidates();

CREATE FUNCTION evidence_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id IN (SELECT subject_id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id WHERE consent_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL)) UNION SELECT photo_id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id WHERE consent_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL) AND photo_id IS NOT NULL UNION SELECT photo_id FROM photo_photographer WHERE person_id IN (SELECT photographer_id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id WHERE permission_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL)) UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id IN (SELECT photographer_id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id WHERE permission_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL)) UNION SELECT photo_id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id WHERE permission_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL) AND photo_id IS NOT NULL); INSERT INTO touched (scope, number) SELECT 'person', subject_id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id WHERE consent_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL) AND subject_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id WHERE consent_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL) AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', photographer_id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id WHERE permission_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL) AND photographer_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id WHERE permission_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL) AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER evidence_update_invalidates AFTER UPDATE ON evidence
  FOR EACH ROW EXECUTE FUNCTION evidence_update_invalidates();

CREATE FUNCTION photo_flag_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (WITH RECURSIVE stopped(id) AS (SELECT NEW.photo_id UNION SELECT photo.id FROM photo JOIN stopped ON photo.version_of = stopped.id) SELECT id FROM stopped UNION SELECT alike.id FROM photo JOIN photo alike ON alike.picture_sha256 = photo.picture_sha256 WHERE photo.id = NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (WITH RECURSIVE stopped(id) AS (SELECT NEW.photo_id UNION SELECT photo.id FROM photo JOIN stopped ON photo.version_of = stopped.id) SELECT id FROM stopped UNION SELECT alike.id FROM photo JOIN photo alike ON alike.picture_sha256 = photo.picture_sha256 WHERE photo.id = NEW.photo_id) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', NEW.photo_id WHERE TRUE ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER photo_flag_insert_invalidates AFTER INSERT ON photo_flag
  FOR EACH ROW EXECUTE FUNCTION photo_flag_insert_invalidates();

CREATE FUNCTION photo_flag_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (WITH RECURSIVE stopped(id) AS (SELECT NEW.photo_id UNION SELECT photo.id FROM photo JOIN stopped ON photo.version_of = stopped.id) SELECT id FROM stopped UNION SELECT alike.id FROM photo JOIN photo alike ON alike.picture_sha256 = photo.picture_sha256 WHERE photo.id = NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (WITH RECURSIVE stopped(id) AS (SELECT NEW.photo_id UNION SELECT photo.id FROM photo JOIN stopped ON photo.version_of = stopped.id) SELECT id FROM stopped UNION SELECT alike.id FROM photo JOIN photo alike ON alike.picture_sha256 = photo.picture_sha256 WHERE photo.id = NEW.photo_id) ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER photo_flag_update_invalidates AFTER UPDATE ON photo_flag
  FOR EACH ROW EXECUTE FUNCTION photo_flag_update_invalidates();

CREATE FUNCTION second_look_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER second_look_insert_invalidates AFTER INSERT ON second_look
  FOR EACH ROW EXECUTE FUNCTION second_look_insert_invalidates();

CREATE FUNCTION second_look_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER second_look_update_invalidates AFTER UPDATE ON second_look
  FOR EACH ROW EXECUTE FUNCTION second_look_update_invalidates();

CREATE FUNCTION history_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  INSERT INTO touched (scope, number) SELECT 'history', NEW.id WHERE NOT EXISTS (SELECT 1 FROM touched WHERE scope = 'history') ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER history_insert_invalidates AFTER INSERT ON history
  FOR EACH ROW EXECUTE FUNCTION history_insert_invalidates();

CREATE FUNCTION unclear_case_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER unclear_case_update_invalidates AFTER UPDATE ON unclear_case
  FOR EACH ROW EXECUTE FUNCTION unclear_case_update_invalidates();

CREATE FUNCTION ruling_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM unclear_case WHERE id = NEW.case_id); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (SELECT photo_id FROM unclear_case WHERE id = NEW.case_id) ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER ruling_insert_invalidates AFTER INSERT ON ruling
  FOR EACH ROW EXECUTE FUNCTION ruling_insert_invalidates();

CREATE FUNCTION channel_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache; INSERT INTO touched (scope, number) SELECT 'channel', id FROM channel WHERE kind = 'closed_group' AND NEW.kind = 'public_page' ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER channel_insert_invalidates AFTER INSERT ON channel
  FOR EACH ROW EXECUTE FUNCTION channel_insert_invalidates();

CREATE FUNCTION channel_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache; INSERT INTO touched (scope, number) SELECT 'channel', id FROM channel WHERE kind = 'closed_group' AND NEW.kind = 'public_page' ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'channel', NEW.id WHERE coalesce(OLD.reviewed_on, '0001-01-01') = coalesce(NEW.reviewed_on, '0001-01-01') ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER channel_update_invalidates AFTER UPDATE ON channel
  FOR EACH ROW EXECUTE FUNCTION channel_update_invalidates();

CREATE FUNCTION registry_info_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache; INSERT INTO touched (scope, number) SELECT 'all', 0 WHERE TRUE ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER registry_info_update_invalidates AFTER UPDATE ON registry_info
  FOR EACH ROW EXECUTE FUNCTION registry_info_update_invalidates();

CREATE FUNCTION policy_version_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  INSERT INTO touched (scope, number) SELECT 'all', 0 WHERE TRUE ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER policy_version_insert_invalidates AFTER INSERT ON policy_version
  FOR EACH ROW EXECUTE FUNCTION policy_version_insert_invalidates();

CREATE FUNCTION photo_likeness_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  INSERT INTO touched (scope, number) SELECT 'seen', NEW.photo_id WHERE TRUE ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER photo_likeness_insert_invalidates AFTER INSERT ON photo_likeness
  FOR EACH ROW EXECUTE FUNCTION photo_likeness_insert_invalidates();

CREATE FUNCTION photo_series_insert_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER photo_series_insert_invalidates AFTER INSERT ON photo_series
  FOR EACH ROW EXECUTE FUNCTION photo_series_insert_invalidates();

CREATE FUNCTION photo_likeness_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  INSERT INTO touched (scope, number) SELECT 'seen', NEW.photo_id WHERE TRUE ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER photo_likeness_update_invalidates AFTER UPDATE ON photo_likeness
  FOR EACH ROW EXECUTE FUNCTION photo_likeness_update_invalidates();

CREATE FUNCTION photo_series_update_invalidates() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$ BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'a registry is written at READ COMMITTED'; END IF;
  PERFORM pg_advisory_xact_lock(77032025);
  DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL;
END $$;

CREATE TRIGGER photo_series_update_invalidates AFTER UPDATE ON photo_series
  FOR EACH ROW EXECUTE FUNCTION photo_series_update_invalidates();
