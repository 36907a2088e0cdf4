CREATE TABLE access_secret (
  id INTEGER NOT NULL,
  staff_id INTEGER NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  valid_until DATETIME NOT NULL,
  added_at DATETIME NOT NULL,
  CONSTRAINT pk_access_secret PRIMARY KEY (id),
  CONSTRAINT ck_access_secret_sha256 CHECK (length(sha256) = 64),
  CONSTRAINT fk_access_secret_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id),
  CONSTRAINT uq_access_secret_sha256 UNIQUE (sha256),
  CONSTRAINT ck_access_secret_sha256_length CHECK (length(sha256) <= 64),
  CONSTRAINT ck_access_secret_valid_until_is_a_time CHECK (valid_until IS NULL OR datetime(valid_until) IS NOT NULL),
  CONSTRAINT ck_access_secret_added_at_is_a_time CHECK (added_at IS NULL OR datetime(added_at) IS NOT NULL)
);

CREATE TABLE api_key (
  id INTEGER NOT NULL,
  staff_id INTEGER NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  scopes VARCHAR(100) NOT NULL,
  last_day DATE NOT NULL,
  added_at DATETIME NOT NULL,
  added_by INTEGER NOT NULL,
  revoked_at DATETIME,
  revoked_by INTEGER,
  CONSTRAINT pk_api_key PRIMARY KEY (id),
  CONSTRAINT ck_api_key_sha256 CHECK (length(sha256) = 64),
  CONSTRAINT ck_api_key_revoked_by CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
  CONSTRAINT uq_api_key_staff_id UNIQUE (staff_id),
  CONSTRAINT fk_api_key_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id),
  CONSTRAINT uq_api_key_sha256 UNIQUE (sha256),
  CONSTRAINT fk_api_key_added_by FOREIGN KEY(added_by) REFERENCES staff (id),
  CONSTRAINT fk_api_key_revoked_by FOREIGN KEY(revoked_by) REFERENCES staff (id),
  CONSTRAINT ck_api_key_sha256_length CHECK (length(sha256) <= 64),
  CONSTRAINT ck_api_key_scopes_length CHECK (length(scopes) <= 100),
  CONSTRAINT ck_api_key_last_day_is_a_day CHECK (last_day IS date(last_day, '+0 days')),
  CONSTRAINT ck_api_key_added_at_is_a_time CHECK (added_at IS NULL OR datetime(added_at) IS NOT NULL),
  CONSTRAINT ck_api_key_revoked_at_is_a_time CHECK (revoked_at IS NULL OR datetime(revoked_at) IS NOT NULL)
);

CREATE TABLE api_key_channel (
  key_id INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  CONSTRAINT pk_api_key_channel PRIMARY KEY (key_id, channel_id),
  CONSTRAINT fk_api_key_channel_key_id FOREIGN KEY(key_id) REFERENCES api_key (id),
  CONSTRAINT fk_api_key_channel_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id)
);

CREATE TABLE channel (
  id INTEGER NOT NULL,
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
  CONSTRAINT fk_channel_proposed_by FOREIGN KEY(proposed_by) REFERENCES staff (id),
  CONSTRAINT ck_channel_name_not_blank CHECK (length(trim(name)) > 0),
  CONSTRAINT ck_channel_name_length CHECK (length(name) <= 64),
  CONSTRAINT ck_channel_title_not_blank CHECK (length(trim(title)) > 0),
  CONSTRAINT ck_channel_title_length CHECK (length(title) <= 200),
  CONSTRAINT ck_channel_controller_length CHECK (length(controller) <= 200),
  CONSTRAINT ck_channel_since_is_a_day CHECK (since IS date(since, '+0 days')),
  CONSTRAINT ck_channel_terms_url_length CHECK (length(terms_url) <= 500),
  CONSTRAINT ck_channel_terms_changed_on_is_a_day CHECK (terms_changed_on IS date(terms_changed_on, '+0 days')),
  CONSTRAINT ck_channel_reviewed_on_is_a_day CHECK (reviewed_on IS date(reviewed_on, '+0 days')),
  CONSTRAINT ck_channel_proposed_own_is_yes_or_no CHECK (proposed_own IN (0, 1)),
  CONSTRAINT ck_channel_proposed_since_is_a_day CHECK (proposed_since IS date(proposed_since, '+0 days')),
  CONSTRAINT ck_channel_active_is_yes_or_no CHECK (active IN (0, 1))
);

CREATE TABLE channel_admin (
  channel_id INTEGER NOT NULL,
  staff_id INTEGER NOT NULL,
  CONSTRAINT pk_channel_admin PRIMARY KEY (channel_id, staff_id),
  CONSTRAINT fk_channel_admin_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id),
  CONSTRAINT fk_channel_admin_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id)
);

CREATE TABLE consent (
  id INTEGER NOT NULL,
  subject_id INTEGER NOT NULL,
  actor_id INTEGER NOT NULL,
  photo_id INTEGER,
  event_id INTEGER,
  CONSTRAINT pk_consent PRIMARY KEY (id),
  CONSTRAINT ck_consent_one_reach CHECK (photo_id IS NULL OR event_id IS NULL),
  CONSTRAINT fk_consent_subject_id FOREIGN KEY(subject_id) REFERENCES person (id),
  CONSTRAINT fk_consent_actor_id FOREIGN KEY(actor_id) REFERENCES person (id),
  CONSTRAINT fk_consent_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id),
  CONSTRAINT fk_consent_event_id FOREIGN KEY(event_id) REFERENCES event (id)
);

CREATE TABLE consent_channel (
  id INTEGER NOT NULL,
  statement_id INTEGER NOT NULL,
  kind VARCHAR(32),
  channel_id INTEGER,
  CONSTRAINT pk_consent_channel PRIMARY KEY (id),
  CONSTRAINT ck_consent_channel_kind_or_channel CHECK ((kind IS NULL) <> (channel_id IS NULL)),
  CONSTRAINT fk_consent_channel_statement_id FOREIGN KEY(statement_id) REFERENCES consent_event (id),
  CONSTRAINT ck_consent_channel_kind CHECK (kind IN ('public_page', 'website', 'closed_group', 'closed_work_group', 'print', 'press', 'internal', 'subsidiary_page', 'personal_profile')),
  CONSTRAINT fk_consent_channel_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id)
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
  recorded_at DATETIME NOT NULL,
  recorded_by INTEGER NOT NULL,
  id INTEGER NOT NULL,
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
  CONSTRAINT fk_consent_event_evidence FOREIGN KEY(evidence) REFERENCES evidence (sha256),
  CONSTRAINT fk_consent_event_recorded_by FOREIGN KEY(recorded_by) REFERENCES staff (id),
  CONSTRAINT fk_consent_event_consent_id FOREIGN KEY(consent_id) REFERENCES consent (id),
  CONSTRAINT ck_consent_event_day_is_a_day CHECK (day IS date(day, '+0 days')),
  CONSTRAINT ck_consent_event_is_dated_is_yes_or_no CHECK (is_dated IN (0, 1)),
  CONSTRAINT ck_consent_event_is_live_is_yes_or_no CHECK (is_live IN (0, 1)),
  CONSTRAINT ck_consent_event_names_kind_is_yes_or_no CHECK (names_kind IN (0, 1)),
  CONSTRAINT ck_consent_event_valid_until_is_a_day CHECK (valid_until IS date(valid_until, '+0 days')),
  CONSTRAINT ck_consent_event_open_ended_is_yes_or_no CHECK (open_ended IN (0, 1)),
  CONSTRAINT ck_consent_event_paper_length CHECK (length(paper) <= 200),
  CONSTRAINT ck_consent_event_recorded_at_is_a_time CHECK (recorded_at IS NULL OR datetime(recorded_at) IS NOT NULL),
  CONSTRAINT ck_consent_event_form_language_length CHECK (length(form_language) <= 8),
  CONSTRAINT ck_consent_event_form_version_length CHECK (length(form_version) <= 32),
  CONSTRAINT ck_consent_event_releases_confidentiality_is_yes_or_no CHECK (releases_confidentiality IN (0, 1)),
  CONSTRAINT ck_consent_event_may_be_named_is_yes_or_no CHECK (may_be_named IN (0, 1)),
  CONSTRAINT ck_consent_event_by_attorney_is_yes_or_no CHECK (by_attorney IN (0, 1))
);

CREATE TABLE consent_form (
  id INTEGER NOT NULL,
  code VARCHAR(32) NOT NULL,
  subject_id INTEGER,
  actor_id INTEGER,
  photo_id INTEGER,
  event_id INTEGER,
  language VARCHAR(32) NOT NULL,
  form_version VARCHAR(32) NOT NULL,
  valid_until DATE,
  printed_at DATETIME NOT NULL,
  printed_by INTEGER NOT NULL,
  CONSTRAINT pk_consent_form PRIMARY KEY (id),
  CONSTRAINT ck_consent_form_one_reach CHECK (photo_id IS NULL OR event_id IS NULL),
  CONSTRAINT ck_consent_form_code CHECK (length(code) > 0),
  CONSTRAINT uq_consent_form_code UNIQUE (code),
  CONSTRAINT fk_consent_form_subject_id FOREIGN KEY(subject_id) REFERENCES person (id),
  CONSTRAINT fk_consent_form_actor_id FOREIGN KEY(actor_id) REFERENCES person (id),
  CONSTRAINT fk_consent_form_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id),
  CONSTRAINT fk_consent_form_event_id FOREIGN KEY(event_id) REFERENCES event (id),
  CONSTRAINT ck_consent_form_language CHECK (language IN ('fi', 'en', 'sv', 'se')),
  CONSTRAINT fk_consent_form_printed_by FOREIGN KEY(printed_by) REFERENCES staff (id),
  CONSTRAINT ck_consent_form_code_length CHECK (length(code) <= 32),
  CONSTRAINT ck_consent_form_form_version_length CHECK (length(form_version) <= 32),
  CONSTRAINT ck_consent_form_valid_until_is_a_day CHECK (valid_until IS date(valid_until, '+0 days')),
  CONSTRAINT ck_consent_form_printed_at_is_a_time CHECK (printed_at IS NULL OR datetime(printed_at) IS NOT NULL)
);

CREATE TABLE consent_form_answer (
  form_id INTEGER NOT NULL,
  statement_id INTEGER NOT NULL,
  CONSTRAINT pk_consent_form_answer PRIMARY KEY (form_id, statement_id),
  CONSTRAINT fk_consent_form_answer_form_id FOREIGN KEY(form_id) REFERENCES consent_form (id),
  CONSTRAINT fk_consent_form_answer_statement_id FOREIGN KEY(statement_id) REFERENCES consent_event (id)
);

CREATE TABLE consent_form_channel (
  form_id INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  CONSTRAINT pk_consent_form_channel PRIMARY KEY (form_id, channel_id),
  CONSTRAINT fk_consent_form_channel_form_id FOREIGN KEY(form_id) REFERENCES consent_form (id),
  CONSTRAINT fk_consent_form_channel_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id)
);

CREATE TABLE consent_form_purpose (
  form_id INTEGER NOT NULL,
  purpose VARCHAR(32) NOT NULL,
  CONSTRAINT pk_consent_form_purpose PRIMARY KEY (form_id, purpose),
  CONSTRAINT fk_consent_form_purpose_form_id FOREIGN KEY(form_id) REFERENCES consent_form (id),
  CONSTRAINT ck_consent_form_purpose_purpose CHECK (purpose IN ('information', 'marketing'))
);

CREATE TABLE consent_form_scan (
  form_id INTEGER NOT NULL,
  evidence VARCHAR(64) NOT NULL,
  source VARCHAR(64) NOT NULL,
  first_page INTEGER NOT NULL,
  last_page INTEGER NOT NULL,
  scanned_at DATETIME NOT NULL,
  scanned_by INTEGER NOT NULL,
  CONSTRAINT pk_consent_form_scan PRIMARY KEY (form_id),
  CONSTRAINT ck_consent_form_scan_source CHECK (length(source) = 64),
  CONSTRAINT ck_consent_form_scan_pages CHECK (first_page >= 1 AND last_page >= first_page),
  CONSTRAINT fk_consent_form_scan_form_id FOREIGN KEY(form_id) REFERENCES consent_form (id),
  CONSTRAINT fk_consent_form_scan_evidence FOREIGN KEY(evidence) REFERENCES evidence (sha256),
  CONSTRAINT fk_consent_form_scan_scanned_by FOREIGN KEY(scanned_by) REFERENCES staff (id),
  CONSTRAINT ck_consent_form_scan_source_length CHECK (length(source) <= 64),
  CONSTRAINT ck_consent_form_scan_first_page_is_a_number CHECK (typeof(first_page) IN ('integer', 'null')),
  CONSTRAINT ck_consent_form_scan_last_page_is_a_number CHECK (typeof(last_page) IN ('integer', 'null')),
  CONSTRAINT ck_consent_form_scan_scanned_at_is_a_time CHECK (scanned_at IS NULL OR datetime(scanned_at) IS NOT NULL)
);

CREATE TABLE consent_purpose (
  statement_id INTEGER NOT NULL,
  purpose VARCHAR(32) NOT NULL,
  CONSTRAINT pk_consent_purpose PRIMARY KEY (statement_id, purpose),
  CONSTRAINT fk_consent_purpose_statement_id FOREIGN KEY(statement_id) REFERENCES consent_event (id),
  CONSTRAINT ck_consent_purpose_purpose CHECK (purpose IN ('information', 'marketing'))
);

CREATE TABLE correction (
  id INTEGER NOT NULL,
  statement_id INTEGER,
  permission_statement_id INTEGER,
  publication_id INTEGER,
  asked_at DATETIME NOT NULL,
  asked_by INTEGER NOT NULL,
  ended_at DATETIME,
  ended_by INTEGER,
  outcome VARCHAR(32),
  CONSTRAINT pk_correction PRIMARY KEY (id),
  CONSTRAINT ck_correction_of_one CHECK ((CASE WHEN statement_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN permission_statement_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN publication_id IS NULL THEN 0 ELSE 1 END) = 1),
  CONSTRAINT ck_correction_ended CHECK ((outcome IS NULL) = (ended_at IS NULL)),
  CONSTRAINT ck_correction_ended_by_somebody CHECK ((outcome IS NULL) = (ended_by IS NULL)),
  CONSTRAINT ck_correction_never_put_back CHECK (outcome IS NULL OR outcome <> 'put_back'),
  CONSTRAINT ck_correction_by_another CHECK (outcome NOT IN ('agreed', 'differed') OR ended_by <> asked_by),
  CONSTRAINT ck_correction_by_oneself CHECK (outcome <> 'corrected' OR ended_by = asked_by),
  CONSTRAINT fk_correction_statement_id FOREIGN KEY(statement_id) REFERENCES consent_event (id),
  CONSTRAINT fk_correction_permission_statement_id FOREIGN KEY(permission_statement_id) REFERENCES permission_event (id),
  CONSTRAINT fk_correction_publication_id FOREIGN KEY(publication_id) REFERENCES publication (id),
  CONSTRAINT fk_correction_asked_by FOREIGN KEY(asked_by) REFERENCES staff (id),
  CONSTRAINT fk_correction_ended_by FOREIGN KEY(ended_by) REFERENCES staff (id),
  CONSTRAINT ck_correction_outcome CHECK (outcome IN ('agreed', 'differed', 'put_back', 'corrected')),
  CONSTRAINT ck_correction_asked_at_is_a_time CHECK (asked_at IS NULL OR datetime(asked_at) IS NOT NULL),
  CONSTRAINT ck_correction_ended_at_is_a_time CHECK (ended_at IS NULL OR datetime(ended_at) IS NOT NULL)
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
  id INTEGER NOT NULL,
  made_for VARCHAR(32) NOT NULL,
  outcome VARCHAR(32) NOT NULL,
  ruling_id INTEGER,
  decided_at DATETIME NOT NULL,
  decided_by INTEGER NOT NULL,
  CONSTRAINT pk_decision PRIMARY KEY (id),
  CONSTRAINT ck_decision_never_refused CHECK (outcome <> 'refused'),
  CONSTRAINT ck_decision_unclear_needs_a_ruling CHECK ((outcome = 'publishable') = (ruling_id IS NULL)),
  CONSTRAINT ck_decision_codes CHECK ((outcome = 'publishable') = (codes = '')),
  CONSTRAINT ck_decision_facts_digest CHECK (length(facts_digest) = 64),
  CONSTRAINT uq_decision_use UNIQUE (id, photo_id, channel_id),
  CONSTRAINT fk_decision_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id),
  CONSTRAINT fk_decision_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id),
  CONSTRAINT ck_decision_mode CHECK (mode IN ('upload', 'link', 'embed', 'share')),
  CONSTRAINT ck_decision_purpose CHECK (purpose IN ('information', 'marketing')),
  CONSTRAINT fk_decision_policy_version FOREIGN KEY(policy_version) REFERENCES policy_version (version),
  CONSTRAINT ck_decision_made_for CHECK (made_for IN ('approval', 'export', 'publication')),
  CONSTRAINT ck_decision_outcome CHECK (outcome IN ('publishable', 'unclear', 'refused')),
  CONSTRAINT fk_decision_ruling_id FOREIGN KEY(ruling_id) REFERENCES ruling (id),
  CONSTRAINT fk_decision_decided_by FOREIGN KEY(decided_by) REFERENCES staff (id),
  CONSTRAINT ck_decision_day_is_a_day CHECK (day IS date(day, '+0 days')),
  CONSTRAINT ck_decision_facts_is_json CHECK (json_valid(facts)),
  CONSTRAINT ck_decision_facts_digest_length CHECK (length(facts_digest) <= 64),
  CONSTRAINT ck_decision_codes_length CHECK (length(codes) <= 2000),
  CONSTRAINT ck_decision_rules_version_length CHECK (length(rules_version) <= 16),
  CONSTRAINT ck_decision_decided_at_is_a_time CHECK (decided_at IS NULL OR datetime(decided_at) IS NOT NULL)
);

CREATE TABLE depiction (
  id INTEGER NOT NULL,
  photo_id INTEGER NOT NULL,
  person_id INTEGER,
  position VARCHAR(200) NOT NULL,
  prominence VARCHAR(32) NOT NULL,
  role VARCHAR(32) NOT NULL,
  CONSTRAINT pk_depiction PRIMARY KEY (id),
  CONSTRAINT uq_depiction_photo_id_person_id UNIQUE (photo_id, person_id),
  CONSTRAINT fk_depiction_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id),
  CONSTRAINT fk_depiction_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT ck_depiction_prominence CHECK (prominence IN ('subject', 'passing')),
  CONSTRAINT ck_depiction_role CHECK (role IN ('private', 'public_office')),
  CONSTRAINT ck_depiction_position_length CHECK (length(position) <= 200)
);

CREATE TABLE disclosure (
  id INTEGER NOT NULL,
  at DATETIME NOT NULL,
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
  CONSTRAINT fk_disclosure_actor_id FOREIGN KEY(actor_id) REFERENCES staff (id),
  CONSTRAINT fk_disclosure_stated_id FOREIGN KEY(stated_id) REFERENCES disclosure (id),
  CONSTRAINT ck_disclosure_at_is_a_time CHECK (at IS NULL OR datetime(at) IS NOT NULL),
  CONSTRAINT ck_disclosure_list_length CHECK (length(list) <= 64),
  CONSTRAINT ck_disclosure_purpose_length CHECK (length(purpose) <= 500),
  CONSTRAINT ck_disclosure_about_length CHECK (length(about) <= 400),
  CONSTRAINT ck_disclosure_names_is_a_number CHECK (typeof(names) IN ('integer', 'null')),
  CONSTRAINT ck_disclosure_contacts_is_a_number CHECK (typeof(contacts) IN ('integer', 'null')),
  CONSTRAINT ck_disclosure_masked_is_a_number CHECK (typeof(masked) IN ('integer', 'null')),
  CONSTRAINT ck_disclosure_persons_is_json CHECK (json_valid(persons))
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
  id INTEGER NOT NULL,
  name VARCHAR(200) NOT NULL,
  starts_on DATE NOT NULL,
  ends_on DATE NOT NULL,
  unit VARCHAR(100),
  created_at DATETIME NOT NULL,
  created_by INTEGER NOT NULL,
  CONSTRAINT pk_event PRIMARY KEY (id),
  CONSTRAINT ck_event_period CHECK (ends_on >= starts_on),
  CONSTRAINT ck_event_photographer CHECK (photographer IN ('known', 'unknown')),
  CONSTRAINT ck_event_basis CHECK (basis IN ('photographer_permission', 'staff_agreement', 'transferred', 'licence_cc', 'stock', 'staff_no_agreement', 'public_domain', 'none', 'web_found', 'known_unlawful')),
  CONSTRAINT ck_event_commissioner CHECK (commissioner IN ('na', 'consented', 'not_consented')),
  CONSTRAINT ck_event_place CHECK (place IN ('public_outdoor', 'office_lobby', 'shopping_centre', 'care_lobby', 'care_other', 'school_or_daycare', 'municipal_other', 'private_home', 'restricted_area', 'unknown')),
  CONSTRAINT ck_event_shot CHECK (shot IN ('general_view', 'person_subject')),
  CONSTRAINT ck_event_confidentiality CHECK (confidentiality IN ('none', 'care_client', 'pupil_welfare', 'internal', 'publication_block', 'unsure')),
  CONSTRAINT fk_event_created_by FOREIGN KEY(created_by) REFERENCES staff (id),
  CONSTRAINT ck_event_place_permission_is_yes_or_no CHECK (place_permission IN (0, 1)),
  CONSTRAINT ck_event_sensitive_is_yes_or_no CHECK (sensitive IN (0, 1)),
  CONSTRAINT ck_event_name_not_blank CHECK (length(trim(name)) > 0),
  CONSTRAINT ck_event_name_length CHECK (length(name) <= 200),
  CONSTRAINT ck_event_starts_on_is_a_day CHECK (starts_on IS date(starts_on, '+0 days')),
  CONSTRAINT ck_event_ends_on_is_a_day CHECK (ends_on IS date(ends_on, '+0 days')),
  CONSTRAINT ck_event_unit_not_blank CHECK (length(trim(unit)) > 0),
  CONSTRAINT ck_event_unit_length CHECK (length(unit) <= 100),
  CONSTRAINT ck_event_created_at_is_a_time CHECK (created_at IS NULL OR datetime(created_at) IS NOT NULL)
);

CREATE TABLE event_photographer (
  event_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  CONSTRAINT pk_event_photographer PRIMARY KEY (event_id, person_id),
  CONSTRAINT fk_event_photographer_event_id FOREIGN KEY(event_id) REFERENCES event (id),
  CONSTRAINT fk_event_photographer_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE event_roster (
  event_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  CONSTRAINT pk_event_roster PRIMARY KEY (event_id, person_id),
  CONSTRAINT fk_event_roster_event_id FOREIGN KEY(event_id) REFERENCES event (id),
  CONSTRAINT fk_event_roster_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE evidence (
  sha256 VARCHAR(64) NOT NULL,
  size INTEGER NOT NULL,
  suffix VARCHAR(16) NOT NULL,
  added_at DATETIME NOT NULL,
  added_by INTEGER NOT NULL,
  mtime_ns BIGINT,
  damaged_at DATETIME,
  erased_at DATETIME,
  CONSTRAINT pk_evidence PRIMARY KEY (sha256),
  CONSTRAINT ck_evidence_sha256 CHECK (length(sha256) = 64),
  CONSTRAINT ck_evidence_size CHECK (size > 0),
  CONSTRAINT fk_evidence_added_by FOREIGN KEY(added_by) REFERENCES staff (id),
  CONSTRAINT ck_evidence_size_is_a_number CHECK (typeof(size) IN ('integer', 'null')),
  CONSTRAINT ck_evidence_suffix_length CHECK (length(suffix) <= 16),
  CONSTRAINT ck_evidence_added_at_is_a_time CHECK (added_at IS NULL OR datetime(added_at) IS NOT NULL),
  CONSTRAINT ck_evidence_mtime_ns_is_a_number CHECK (typeof(mtime_ns) IN ('integer', 'null')),
  CONSTRAINT ck_evidence_damaged_at_is_a_time CHECK (damaged_at IS NULL OR datetime(damaged_at) IS NOT NULL),
  CONSTRAINT ck_evidence_erased_at_is_a_time CHECK (erased_at IS NULL OR datetime(erased_at) IS NOT NULL)
);

CREATE TABLE guardianship (
  id INTEGER NOT NULL,
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
  created_at DATETIME NOT NULL,
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
  CONSTRAINT fk_guardianship_child_id FOREIGN KEY(child_id) REFERENCES person (id),
  CONSTRAINT fk_guardianship_guardian_id FOREIGN KEY(guardian_id) REFERENCES person (id),
  CONSTRAINT ck_guardianship_basis CHECK (basis IN ('parent', 'court_order', 'agreement', 'care_decision')),
  CONSTRAINT fk_guardianship_excused_by FOREIGN KEY(excused_by) REFERENCES staff (id),
  CONSTRAINT fk_guardianship_excused_evidence FOREIGN KEY(excused_evidence) REFERENCES evidence (sha256),
  CONSTRAINT fk_guardianship_decides_alone_evidence FOREIGN KEY(decides_alone_evidence) REFERENCES evidence (sha256),
  CONSTRAINT fk_guardianship_created_by FOREIGN KEY(created_by) REFERENCES staff (id),
  CONSTRAINT ck_guardianship_verified_how_length CHECK (length(verified_how) <= 200),
  CONSTRAINT ck_guardianship_excused_ground_length CHECK (length(excused_ground) <= 500),
  CONSTRAINT ck_guardianship_decides_alone_is_yes_or_no CHECK (decides_alone IN (0, 1)),
  CONSTRAINT ck_guardianship_decides_alone_reason_length CHECK (length(decides_alone_reason) <= 500),
  CONSTRAINT ck_guardianship_first_day_is_a_day CHECK (first_day IS date(first_day, '+0 days')),
  CONSTRAINT ck_guardianship_last_day_is_a_day CHECK (last_day IS date(last_day, '+0 days')),
  CONSTRAINT ck_guardianship_created_at_is_a_time CHECK (created_at IS NULL OR datetime(created_at) IS NOT NULL)
);

CREATE TABLE history (
  id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  table_name VARCHAR(64) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  row_key VARCHAR(64) NOT NULL,
  old JSON NOT NULL,
  CONSTRAINT pk_history PRIMARY KEY (id),
  CONSTRAINT ck_history_kind CHECK (kind IN ('insert', 'update', 'delete')),
  CONSTRAINT ck_history_at_is_a_time CHECK (at IS NULL OR datetime(at) IS NOT NULL),
  CONSTRAINT ck_history_table_name_length CHECK (length(table_name) <= 64),
  CONSTRAINT ck_history_row_key_length CHECK (length(row_key) <= 64),
  CONSTRAINT ck_history_old_is_json CHECK (json_valid(old))
);

CREATE TABLE ledger (
  seq INTEGER NOT NULL,
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
  CONSTRAINT fk_ledger_actor_id FOREIGN KEY(actor_id) REFERENCES staff (id),
  CONSTRAINT uq_ledger_previous UNIQUE (previous),
  CONSTRAINT uq_ledger_hash UNIQUE (hash),
  CONSTRAINT ck_ledger_at_length CHECK (length(at) <= 40),
  CONSTRAINT ck_ledger_action_length CHECK (length(action) <= 64),
  CONSTRAINT ck_ledger_subject_length CHECK (length(subject) <= 64),
  CONSTRAINT ck_ledger_details_length CHECK (length(details) <= 20000),
  CONSTRAINT ck_ledger_computer_login_length CHECK (length(computer_login) <= 200),
  CONSTRAINT ck_ledger_database_login_length CHECK (length(database_login) <= 200),
  CONSTRAINT ck_ledger_database_role_length CHECK (length(database_role) <= 200),
  CONSTRAINT ck_ledger_previous_length CHECK (length(previous) <= 64),
  CONSTRAINT ck_ledger_hash_length CHECK (length(hash) <= 64)
);

CREATE TABLE likeness_block (
  number INTEGER NOT NULL,
  offsets BLOB NOT NULL,
  first_half BLOB NOT NULL,
  second_half BLOB NOT NULL,
  CONSTRAINT pk_likeness_block PRIMARY KEY (number),
  CONSTRAINT ck_likeness_block_first_half CHECK (length(first_half) = 8 * length(offsets)),
  CONSTRAINT ck_likeness_block_second_half CHECK (length(second_half) = 8 * length(offsets)),
  CONSTRAINT ck_likeness_block_offsets CHECK (length(offsets) <= 8192)
);

CREATE TABLE list_layout (
  id INTEGER NOT NULL,
  kind VARCHAR(32) NOT NULL,
  name VARCHAR(64) NOT NULL,
  shape VARCHAR(64) NOT NULL,
  columns JSON NOT NULL,
  saved_at DATETIME NOT NULL,
  saved_by INTEGER NOT NULL,
  CONSTRAINT pk_list_layout PRIMARY KEY (id),
  CONSTRAINT ck_list_layout_kind CHECK (kind IN ('class_list', 'permissions')),
  CONSTRAINT fk_list_layout_saved_by FOREIGN KEY(saved_by) REFERENCES staff (id),
  CONSTRAINT ck_list_layout_name_not_blank CHECK (length(trim(name)) > 0),
  CONSTRAINT ck_list_layout_name_length CHECK (length(name) <= 64),
  CONSTRAINT ck_list_layout_shape_length CHECK (length(shape) <= 64),
  CONSTRAINT ck_list_layout_columns_is_json CHECK (json_valid(columns)),
  CONSTRAINT ck_list_layout_saved_at_is_a_time CHECK (saved_at IS NULL OR datetime(saved_at) IS NOT NULL)
);

CREATE TABLE log_key (
  id INTEGER NOT NULL,
  public_key VARCHAR(300) NOT NULL,
  added_at DATETIME NOT NULL,
  added_by INTEGER NOT NULL,
  CONSTRAINT pk_log_key PRIMARY KEY (id),
  CONSTRAINT uq_log_key_public_key UNIQUE (public_key),
  CONSTRAINT fk_log_key_added_by FOREIGN KEY(added_by) REFERENCES staff (id),
  CONSTRAINT ck_log_key_public_key_length CHECK (length(public_key) <= 300),
  CONSTRAINT ck_log_key_added_at_is_a_time CHECK (added_at IS NULL OR datetime(added_at) IS NOT NULL)
);

CREATE TABLE missing_consent (
  photo_id INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  outcome VARCHAR(32) NOT NULL,
  codes VARCHAR(2000) NOT NULL,
  persons VARCHAR(20000) NOT NULL,
  CONSTRAINT pk_missing_consent PRIMARY KEY (photo_id, channel_id),
  CONSTRAINT ck_missing_consent_has_findings CHECK (outcome <> 'publishable'),
  CONSTRAINT fk_missing_consent_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id) ON DELETE CASCADE,
  CONSTRAINT fk_missing_consent_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id),
  CONSTRAINT ck_missing_consent_outcome CHECK (outcome IN ('publishable', 'unclear', 'refused')),
  CONSTRAINT ck_missing_consent_codes_length CHECK (length(codes) <= 2000),
  CONSTRAINT ck_missing_consent_persons_length CHECK (length(persons) <= 20000)
)
 WITHOUT ROWID

;

CREATE TABLE moment (
  id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  CONSTRAINT pk_moment PRIMARY KEY (id),
  CONSTRAINT ck_moment_one_row CHECK (id = 1),
  CONSTRAINT ck_moment_at_is_a_time CHECK (at IS NULL OR datetime(at) IS NOT NULL)
);

CREATE TABLE password (
  staff_id INTEGER NOT NULL,
  salt VARCHAR(32) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  must_change BOOLEAN NOT NULL,
  set_at DATETIME NOT NULL,
  set_by INTEGER NOT NULL,
  CONSTRAINT pk_password PRIMARY KEY (staff_id),
  CONSTRAINT ck_password_salt CHECK (length(salt) = 32),
  CONSTRAINT ck_password_sha256 CHECK (length(sha256) = 64),
  CONSTRAINT fk_password_staff_id FOREIGN KEY(staff_id) REFERENCES staff (id),
  CONSTRAINT fk_password_set_by FOREIGN KEY(set_by) REFERENCES staff (id),
  CONSTRAINT ck_password_salt_length CHECK (length(salt) <= 32),
  CONSTRAINT ck_password_sha256_length CHECK (length(sha256) <= 64),
  CONSTRAINT ck_password_must_change_is_yes_or_no CHECK (must_change IN (0, 1)),
  CONSTRAINT ck_password_set_at_is_a_time CHECK (set_at IS NULL OR datetime(set_at) IS NOT NULL)
);

CREATE TABLE permission (
  id INTEGER NOT NULL,
  photographer_id INTEGER,
  licensor VARCHAR(200) NOT NULL,
  photo_id INTEGER,
  event_id INTEGER,
  CONSTRAINT pk_permission PRIMARY KEY (id),
  CONSTRAINT ck_permission_one_reach CHECK (photo_id IS NULL OR event_id IS NULL),
  CONSTRAINT ck_permission_has_holder_or_photo CHECK (photographer_id IS NOT NULL OR photo_id IS NOT NULL),
  CONSTRAINT fk_permission_photographer_id FOREIGN KEY(photographer_id) REFERENCES person (id),
  CONSTRAINT fk_permission_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id),
  CONSTRAINT fk_permission_event_id FOREIGN KEY(event_id) REFERENCES event (id),
  CONSTRAINT ck_permission_licensor_length CHECK (length(licensor) <= 200)
);

CREATE TABLE permission_channel (
  id INTEGER NOT NULL,
  statement_id INTEGER NOT NULL,
  kind VARCHAR(32),
  channel_id INTEGER,
  CONSTRAINT pk_permission_channel PRIMARY KEY (id),
  CONSTRAINT ck_permission_channel_kind_or_channel CHECK ((kind IS NULL) <> (channel_id IS NULL)),
  CONSTRAINT fk_permission_channel_statement_id FOREIGN KEY(statement_id) REFERENCES permission_event (id),
  CONSTRAINT ck_permission_channel_kind CHECK (kind IN ('public_page', 'website', 'closed_group', 'closed_work_group', 'print', 'press', 'internal', 'subsidiary_page', 'personal_profile')),
  CONSTRAINT fk_permission_channel_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id)
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
  recorded_at DATETIME NOT NULL,
  recorded_by INTEGER NOT NULL,
  id INTEGER NOT NULL,
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
  CONSTRAINT fk_permission_event_evidence FOREIGN KEY(evidence) REFERENCES evidence (sha256),
  CONSTRAINT fk_permission_event_recorded_by FOREIGN KEY(recorded_by) REFERENCES staff (id),
  CONSTRAINT fk_permission_event_permission_id FOREIGN KEY(permission_id) REFERENCES permission (id),
  CONSTRAINT ck_permission_event_basis CHECK (basis IN ('photographer_permission', 'staff_agreement', 'transferred', 'licence_cc', 'stock', 'staff_no_agreement', 'public_domain', 'none', 'web_found', 'known_unlawful')),
  CONSTRAINT fk_permission_event_by_person_id FOREIGN KEY(by_person_id) REFERENCES person (id),
  CONSTRAINT fk_permission_event_author_id FOREIGN KEY(author_id) REFERENCES person (id),
  CONSTRAINT ck_permission_event_day_is_a_day CHECK (day IS date(day, '+0 days')),
  CONSTRAINT ck_permission_event_is_dated_is_yes_or_no CHECK (is_dated IN (0, 1)),
  CONSTRAINT ck_permission_event_is_live_is_yes_or_no CHECK (is_live IN (0, 1)),
  CONSTRAINT ck_permission_event_names_kind_is_yes_or_no CHECK (names_kind IN (0, 1)),
  CONSTRAINT ck_permission_event_valid_until_is_a_day CHECK (valid_until IS date(valid_until, '+0 days')),
  CONSTRAINT ck_permission_event_open_ended_is_yes_or_no CHECK (open_ended IN (0, 1)),
  CONSTRAINT ck_permission_event_paper_length CHECK (length(paper) <= 200),
  CONSTRAINT ck_permission_event_recorded_at_is_a_time CHECK (recorded_at IS NULL OR datetime(recorded_at) IS NOT NULL),
  CONSTRAINT ck_permission_event_credit_length CHECK (length(credit) <= 200),
  CONSTRAINT ck_permission_event_credit_waived_is_yes_or_no CHECK (credit_waived IN (0, 1)),
  CONSTRAINT ck_permission_event_licence_terms_length CHECK (length(licence_terms) <= 16)
);

CREATE TABLE permission_purpose (
  statement_id INTEGER NOT NULL,
  purpose VARCHAR(32) NOT NULL,
  CONSTRAINT pk_permission_purpose PRIMARY KEY (statement_id, purpose),
  CONSTRAINT fk_permission_purpose_statement_id FOREIGN KEY(statement_id) REFERENCES permission_event (id),
  CONSTRAINT ck_permission_purpose_purpose CHECK (purpose IN ('information', 'marketing'))
);

CREATE TABLE person (
  id INTEGER NOT NULL,
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
  blocked_at DATETIME,
  blocked_by INTEGER,
  merged_into INTEGER,
  erased_at DATETIME,
  created_at DATETIME NOT NULL,
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
  CONSTRAINT fk_person_blocked_by FOREIGN KEY(blocked_by) REFERENCES staff (id),
  CONSTRAINT fk_person_merged_into FOREIGN KEY(merged_into) REFERENCES person (id),
  CONSTRAINT fk_person_created_by FOREIGN KEY(created_by) REFERENCES staff (id),
  CONSTRAINT ck_person_name_not_blank CHECK (length(trim(name)) > 0),
  CONSTRAINT ck_person_name_length CHECK (length(name) <= 200),
  CONSTRAINT ck_person_name_key_length CHECK (length(name_key) <= 200),
  CONSTRAINT ck_person_letters_key_length CHECK (length(letters_key) <= 200),
  CONSTRAINT ck_person_born_is_a_day CHECK (born IS date(born, '+0 days')),
  CONSTRAINT ck_person_deceased_is_yes_or_no CHECK (deceased IN (0, 1)),
  CONSTRAINT ck_person_died_on_is_a_day CHECK (died_on IS date(died_on, '+0 days')),
  CONSTRAINT ck_person_guardians_total_is_a_number CHECK (typeof(guardians_total) IN ('integer', 'null')),
  CONSTRAINT ck_person_contact_length CHECK (length(contact) <= 200),
  CONSTRAINT ck_person_blocked_is_yes_or_no CHECK (blocked IN (0, 1)),
  CONSTRAINT ck_person_blocked_at_is_a_time CHECK (blocked_at IS NULL OR datetime(blocked_at) IS NOT NULL),
  CONSTRAINT ck_person_erased_at_is_a_time CHECK (erased_at IS NULL OR datetime(erased_at) IS NOT NULL),
  CONSTRAINT ck_person_created_at_is_a_time CHECK (created_at IS NULL OR datetime(created_at) IS NOT NULL)
);

CREATE TABLE person_name (
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  name VARCHAR(200) NOT NULL,
  name_key VARCHAR(200) NOT NULL,
  letters_key VARCHAR(200) NOT NULL,
  created_at DATETIME NOT NULL,
  created_by INTEGER NOT NULL,
  CONSTRAINT pk_person_name PRIMARY KEY (id),
  CONSTRAINT uq_person_name_person_id_name_key UNIQUE (person_id, name_key),
  CONSTRAINT fk_person_name_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_person_name_created_by FOREIGN KEY(created_by) REFERENCES staff (id),
  CONSTRAINT ck_person_name_name_not_blank CHECK (length(trim(name)) > 0),
  CONSTRAINT ck_person_name_name_length CHECK (length(name) <= 200),
  CONSTRAINT ck_person_name_name_key_length CHECK (length(name_key) <= 200),
  CONSTRAINT ck_person_name_letters_key_length CHECK (length(letters_key) <= 200),
  CONSTRAINT ck_person_name_created_at_is_a_time CHECK (created_at IS NULL OR datetime(created_at) IS NOT NULL)
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
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
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
  registered_at DATETIME NOT NULL,
  registered_by INTEGER NOT NULL,
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
  CONSTRAINT fk_photo_version_of FOREIGN KEY(version_of) REFERENCES photo (id),
  CONSTRAINT fk_photo_event_id FOREIGN KEY(event_id) REFERENCES event (id),
  CONSTRAINT ck_photo_depicted_work CHECK (depicted_work IN ('none', 'main_subject', 'main_subject_permanent_public', 'permitted')),
  CONSTRAINT ck_photo_digital_source CHECK (digital_source IN ('camera', 'ai_generated', 'ai_composite')),
  CONSTRAINT ck_photo_people CHECK (people IN ('none', 'recognisable', 'unrecognisable', 'unsure')),
  CONSTRAINT fk_photo_registered_by FOREIGN KEY(registered_by) REFERENCES staff (id),
  CONSTRAINT ck_photo_place_permission_is_yes_or_no CHECK (place_permission IN (0, 1)),
  CONSTRAINT ck_photo_sensitive_is_yes_or_no CHECK (sensitive IN (0, 1)),
  CONSTRAINT ck_photo_sha256_length CHECK (length(sha256) <= 64),
  CONSTRAINT ck_photo_path_length CHECK (length(path) <= 4096),
  CONSTRAINT ck_photo_file_name_length CHECK (length(file_name) <= 255),
  CONSTRAINT ck_photo_size_is_a_number CHECK (typeof(size) IN ('integer', 'null')),
  CONSTRAINT ck_photo_mtime_ns_is_a_number CHECK (typeof(mtime_ns) IN ('integer', 'null')),
  CONSTRAINT ck_photo_format_length CHECK (length(format) <= 8),
  CONSTRAINT ck_photo_width_is_a_number CHECK (typeof(width) IN ('integer', 'null')),
  CONSTRAINT ck_photo_height_is_a_number CHECK (typeof(height) IN ('integer', 'null')),
  CONSTRAINT ck_photo_orientation_is_a_number CHECK (typeof(orientation) IN ('integer', 'null')),
  CONSTRAINT ck_photo_file_changed_is_yes_or_no CHECK (file_changed IN (0, 1)),
  CONSTRAINT ck_photo_taken_at_length CHECK (length(taken_at) <= 32),
  CONSTRAINT ck_photo_file_taken_on_is_a_day CHECK (file_taken_on IS date(file_taken_on, '+0 days')),
  CONSTRAINT ck_photo_file_artist_length CHECK (length(file_artist) <= 2000),
  CONSTRAINT ck_photo_file_copyright_length CHECK (length(file_copyright) <= 2000),
  CONSTRAINT ck_photo_file_description_length CHECK (length(file_description) <= 2000),
  CONSTRAINT ck_photo_camera_length CHECK (length(camera) <= 200),
  CONSTRAINT ck_photo_gps_present_is_yes_or_no CHECK (gps_present IN (0, 1)),
  CONSTRAINT ck_photo_picture_sha256_length CHECK (length(picture_sha256) <= 64),
  CONSTRAINT ck_photo_rights_metadata_is_json CHECK (rights_metadata IS NULL OR json_valid(rights_metadata)),
  CONSTRAINT ck_photo_credit_length CHECK (length(credit) <= 200),
  CONSTRAINT ck_photo_credit_waived_is_yes_or_no CHECK (credit_waived IN (0, 1)),
  CONSTRAINT ck_photo_taken_year_is_a_number CHECK (typeof(taken_year) IN ('integer', 'null')),
  CONSTRAINT ck_photo_photographer_died_year_is_a_number CHECK (typeof(photographer_died_year) IN ('integer', 'null')),
  CONSTRAINT ck_photo_rights_removed_is_yes_or_no CHECK (rights_removed IN (0, 1)),
  CONSTRAINT ck_photo_recognisable_count_is_a_number CHECK (typeof(recognisable_count) IN ('integer', 'null')),
  CONSTRAINT ck_photo_context_identifies_is_yes_or_no CHECK (context_identifies IN (0, 1)),
  CONSTRAINT ck_photo_registered_at_is_a_time CHECK (registered_at IS NULL OR datetime(registered_at) IS NOT NULL)
);

CREATE TABLE photo_class (
  photo_id INTEGER NOT NULL,
  class_key VARCHAR(20000) NOT NULL,
  person_ids VARCHAR(20000) NOT NULL,
  CONSTRAINT pk_photo_class PRIMARY KEY (photo_id),
  CONSTRAINT fk_photo_class_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id) ON DELETE CASCADE,
  CONSTRAINT ck_photo_class_class_key_length CHECK (length(class_key) <= 20000),
  CONSTRAINT ck_photo_class_person_ids_length CHECK (length(person_ids) <= 20000)
);

CREATE TABLE photo_flag (
  id INTEGER NOT NULL,
  photo_id INTEGER NOT NULL,
  person_id INTEGER,
  objector VARCHAR(200) NOT NULL,
  objector_kind VARCHAR(32) NOT NULL,
  reason VARCHAR(4000) NOT NULL,
  cause VARCHAR(32) DEFAULT 'reported' NOT NULL,
  like_photo_id INTEGER,
  about_person_id INTEGER,
  concerns_person BOOLEAN NOT NULL,
  raised_at DATETIME NOT NULL,
  raised_by INTEGER NOT NULL,
  due_at DATETIME NOT NULL,
  resolved_at DATETIME,
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
  CONSTRAINT fk_photo_flag_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id),
  CONSTRAINT fk_photo_flag_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT ck_photo_flag_objector_kind CHECK (objector_kind IN ('staff', 'person', 'outsider')),
  CONSTRAINT ck_photo_flag_cause CHECK (cause IN ('reported', 'looks_alike', 'objection', 'not_named', 'removed', 'taken_out', 'carried_over')),
  CONSTRAINT fk_photo_flag_like_photo_id FOREIGN KEY(like_photo_id) REFERENCES photo (id),
  CONSTRAINT fk_photo_flag_about_person_id FOREIGN KEY(about_person_id) REFERENCES person (id),
  CONSTRAINT fk_photo_flag_raised_by FOREIGN KEY(raised_by) REFERENCES staff (id),
  CONSTRAINT fk_photo_flag_resolved_by FOREIGN KEY(resolved_by) REFERENCES staff (id),
  CONSTRAINT ck_photo_flag_outcome CHECK (outcome IN ('upheld', 'lifted')),
  CONSTRAINT ck_photo_flag_objector_length CHECK (length(objector) <= 200),
  CONSTRAINT ck_photo_flag_reason_length CHECK (length(reason) <= 4000),
  CONSTRAINT ck_photo_flag_concerns_person_is_yes_or_no CHECK (concerns_person IN (0, 1)),
  CONSTRAINT ck_photo_flag_raised_at_is_a_time CHECK (raised_at IS NULL OR datetime(raised_at) IS NOT NULL),
  CONSTRAINT ck_photo_flag_due_at_is_a_time CHECK (due_at IS NULL OR datetime(due_at) IS NOT NULL),
  CONSTRAINT ck_photo_flag_resolved_at_is_a_time CHECK (resolved_at IS NULL OR datetime(resolved_at) IS NOT NULL),
  CONSTRAINT ck_photo_flag_resolution_length CHECK (length(resolution) <= 4000)
);

CREATE TABLE photo_likeness (
  photo_id INTEGER NOT NULL,
  hash BLOB NOT NULL,
  quality INTEGER NOT NULL,
  CONSTRAINT pk_photo_likeness PRIMARY KEY (photo_id),
  CONSTRAINT ck_photo_likeness_hash CHECK (length(hash) = 32),
  CONSTRAINT ck_photo_likeness_quality CHECK (quality BETWEEN 0 AND 100),
  CONSTRAINT fk_photo_likeness_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id),
  CONSTRAINT ck_photo_likeness_quality_is_a_number CHECK (typeof(quality) IN ('integer', 'null'))
);

CREATE TABLE photo_photographer (
  photo_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  CONSTRAINT pk_photo_photographer PRIMARY KEY (photo_id, person_id),
  CONSTRAINT fk_photo_photographer_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id),
  CONSTRAINT fk_photo_photographer_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE photo_series (
  photo_id INTEGER NOT NULL,
  series_id INTEGER NOT NULL,
  lacks BOOLEAN NOT NULL,
  settled_at DATETIME,
  settled_by INTEGER,
  CONSTRAINT pk_photo_series PRIMARY KEY (photo_id),
  CONSTRAINT ck_photo_series_settled_by_somebody CHECK ((settled_at IS NULL) = (settled_by IS NULL)),
  CONSTRAINT fk_photo_series_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id),
  CONSTRAINT fk_photo_series_series_id FOREIGN KEY(series_id) REFERENCES photo (id),
  CONSTRAINT fk_photo_series_settled_by FOREIGN KEY(settled_by) REFERENCES staff (id),
  CONSTRAINT ck_photo_series_lacks_is_yes_or_no CHECK (lacks IN (0, 1)),
  CONSTRAINT ck_photo_series_settled_at_is_a_time CHECK (settled_at IS NULL OR datetime(settled_at) IS NOT NULL)
);

CREATE TABLE policy_version (
  version INTEGER NOT NULL,
  settings JSON NOT NULL,
  adopted_at DATETIME NOT NULL,
  adopted_by INTEGER NOT NULL,
  CONSTRAINT pk_policy_version PRIMARY KEY (version),
  CONSTRAINT fk_policy_version_adopted_by FOREIGN KEY(adopted_by) REFERENCES staff (id),
  CONSTRAINT ck_policy_version_settings_is_json CHECK (json_valid(settings)),
  CONSTRAINT ck_policy_version_adopted_at_is_a_time CHECK (adopted_at IS NULL OR datetime(adopted_at) IS NOT NULL)
);

CREATE TABLE publication (
  id INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  address VARCHAR(2000) NOT NULL,
  published_on DATE NOT NULL,
  recorded_at DATETIME NOT NULL,
  recorded_by INTEGER NOT NULL,
  request_key VARCHAR(64),
  request_digest VARCHAR(64),
  CONSTRAINT pk_publication PRIMARY KEY (id),
  CONSTRAINT ck_publication_address CHECK (length(trim(address)) > 0),
  CONSTRAINT uq_publication_place UNIQUE (id, channel_id, published_on),
  CONSTRAINT uq_publication_request UNIQUE (recorded_by, request_key),
  CONSTRAINT ck_publication_request_digest CHECK ((request_key IS NULL) = (request_digest IS NULL)),
  CONSTRAINT fk_publication_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id),
  CONSTRAINT fk_publication_recorded_by FOREIGN KEY(recorded_by) REFERENCES staff (id),
  CONSTRAINT ck_publication_address_length CHECK (length(address) <= 2000),
  CONSTRAINT ck_publication_published_on_is_a_day CHECK (published_on IS date(published_on, '+0 days')),
  CONSTRAINT ck_publication_recorded_at_is_a_time CHECK (recorded_at IS NULL OR datetime(recorded_at) IS NOT NULL),
  CONSTRAINT ck_publication_request_key_length CHECK (length(request_key) <= 64),
  CONSTRAINT ck_publication_request_digest_length CHECK (length(request_digest) <= 64)
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
  CONSTRAINT fk_published_photo_publication_place FOREIGN KEY(publication_id, channel_id, published_on) REFERENCES publication (id, channel_id, published_on),
  CONSTRAINT fk_published_photo_decision_use FOREIGN KEY(decision_id, photo_id, channel_id) REFERENCES decision (id, photo_id, channel_id),
  CONSTRAINT fk_published_photo_publication_id FOREIGN KEY(publication_id) REFERENCES publication (id),
  CONSTRAINT fk_published_photo_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id),
  CONSTRAINT fk_published_photo_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id),
  CONSTRAINT fk_published_photo_decision_id FOREIGN KEY(decision_id) REFERENCES decision (id),
  CONSTRAINT ck_published_photo_removed_on_is_a_day CHECK (removed_on IS date(removed_on, '+0 days'))
);

CREATE TABLE record_hash (
  id INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  kind VARCHAR(64) NOT NULL,
  records BLOB NOT NULL,
  salts BLOB NOT NULL,
  CONSTRAINT pk_record_hash PRIMARY KEY (id),
  CONSTRAINT ck_record_hash_salts CHECK (length(records) = 3 * length(salts)),
  CONSTRAINT ck_record_hash_records CHECK (length(records) = 24 * (length(records) / 24)),
  CONSTRAINT ck_record_hash_entry_is_a_number CHECK (typeof(entry) IN ('integer', 'null')),
  CONSTRAINT ck_record_hash_kind_length CHECK (length(kind) <= 64)
);

CREATE TABLE registry_info (
  id INTEGER NOT NULL,
  organisation VARCHAR(200) NOT NULL,
  created_at DATETIME NOT NULL,
  CONSTRAINT pk_registry_info PRIMARY KEY (id),
  CONSTRAINT ck_registry_info_one_row CHECK (id = 1),
  CONSTRAINT ck_registry_info_organisation_not_blank CHECK (length(trim(organisation)) > 0),
  CONSTRAINT ck_registry_info_organisation_length CHECK (length(organisation) <= 200),
  CONSTRAINT ck_registry_info_created_at_is_a_time CHECK (created_at IS NULL OR datetime(created_at) IS NOT NULL)
);

CREATE TABLE ruling (
  id INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  kind VARCHAR(32) NOT NULL,
  reason VARCHAR(4000) NOT NULL,
  valid_until DATE,
  evidence VARCHAR(64),
  ruled_at DATETIME NOT NULL,
  ruled_by INTEGER NOT NULL,
  CONSTRAINT pk_ruling PRIMARY KEY (id),
  CONSTRAINT ck_ruling_reason CHECK (length(trim(reason)) > 0),
  CONSTRAINT uq_ruling_case_id UNIQUE (case_id),
  CONSTRAINT fk_ruling_case_id FOREIGN KEY(case_id) REFERENCES unclear_case (id),
  CONSTRAINT ck_ruling_kind CHECK (kind IN ('publishable', 'refused', 'needs_facts')),
  CONSTRAINT fk_ruling_evidence FOREIGN KEY(evidence) REFERENCES evidence (sha256),
  CONSTRAINT fk_ruling_ruled_by FOREIGN KEY(ruled_by) REFERENCES staff (id),
  CONSTRAINT ck_ruling_reason_length CHECK (length(reason) <= 4000),
  CONSTRAINT ck_ruling_valid_until_is_a_day CHECK (valid_until IS date(valid_until, '+0 days')),
  CONSTRAINT ck_ruling_ruled_at_is_a_time CHECK (ruled_at IS NULL OR datetime(ruled_at) IS NOT NULL)
);

CREATE TABLE second_look (
  id INTEGER NOT NULL,
  photo_id INTEGER NOT NULL,
  about VARCHAR(32) NOT NULL,
  "before" JSON NOT NULL,
  "after" JSON NOT NULL,
  asked_at DATETIME NOT NULL,
  taken_back_by INTEGER NOT NULL,
  correctable_until DATETIME,
  confirmed_at DATETIME,
  confirmed_by INTEGER,
  outcome VARCHAR(32),
  answer JSON,
  CONSTRAINT pk_second_look PRIMARY KEY (id),
  CONSTRAINT ck_second_look_ended CHECK ((outcome IS NULL) = (confirmed_at IS NULL)),
  CONSTRAINT ck_second_look_ended_by_somebody CHECK ((outcome IS NULL) = (confirmed_by IS NULL)),
  CONSTRAINT ck_second_look_by_another CHECK (outcome NOT IN ('agreed', 'differed') OR confirmed_by <> taken_back_by),
  CONSTRAINT fk_second_look_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id),
  CONSTRAINT fk_second_look_taken_back_by FOREIGN KEY(taken_back_by) REFERENCES staff (id),
  CONSTRAINT fk_second_look_confirmed_by FOREIGN KEY(confirmed_by) REFERENCES staff (id),
  CONSTRAINT ck_second_look_outcome CHECK (outcome IN ('agreed', 'differed', 'put_back', 'corrected')),
  CONSTRAINT ck_second_look_about_length CHECK (length(about) <= 32),
  CONSTRAINT ck_second_look_before_is_json CHECK (json_valid(before)),
  CONSTRAINT ck_second_look_after_is_json CHECK (json_valid(after)),
  CONSTRAINT ck_second_look_asked_at_is_a_time CHECK (asked_at IS NULL OR datetime(asked_at) IS NOT NULL),
  CONSTRAINT ck_second_look_correctable_until_is_a_time CHECK (correctable_until IS NULL OR datetime(correctable_until) IS NOT NULL),
  CONSTRAINT ck_second_look_confirmed_at_is_a_time CHECK (confirmed_at IS NULL OR datetime(confirmed_at) IS NOT NULL),
  CONSTRAINT ck_second_look_answer_is_json CHECK (answer IS NULL OR json_valid(answer))
);

CREATE TABLE separate_person (
  person_id INTEGER NOT NULL,
  day DATE NOT NULL,
  CONSTRAINT pk_separate_person PRIMARY KEY (person_id),
  CONSTRAINT fk_separate_person_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT ck_separate_person_day_is_a_day CHECK (day IS date(day, '+0 days'))
);

CREATE TABLE session_use (
  secret_id INTEGER NOT NULL,
  used_at DATETIME NOT NULL,
  CONSTRAINT pk_session_use PRIMARY KEY (secret_id),
  CONSTRAINT fk_session_use_secret_id FOREIGN KEY(secret_id) REFERENCES access_secret (id),
  CONSTRAINT ck_session_use_used_at_is_a_time CHECK (used_at IS NULL OR datetime(used_at) IS NOT NULL)
);

CREATE TABLE sign_in_attempt (
  id INTEGER NOT NULL,
  login VARCHAR(64) NOT NULL,
  address VARCHAR(64) NOT NULL,
  at DATETIME NOT NULL,
  CONSTRAINT pk_sign_in_attempt PRIMARY KEY (id),
  CONSTRAINT ck_sign_in_attempt_login_not_blank CHECK (length(trim(login)) > 0),
  CONSTRAINT ck_sign_in_attempt_login_length CHECK (length(login) <= 64),
  CONSTRAINT ck_sign_in_attempt_address_length CHECK (length(address) <= 64),
  CONSTRAINT ck_sign_in_attempt_at_is_a_time CHECK (at IS NULL OR datetime(at) IS NOT NULL)
);

CREATE TABLE staff (
  id INTEGER NOT NULL,
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
  CONSTRAINT fk_staff_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT ck_staff_login_not_blank CHECK (length(trim(login)) > 0),
  CONSTRAINT ck_staff_login_length CHECK (length(login) <= 64),
  CONSTRAINT ck_staff_name_not_blank CHECK (length(trim(name)) > 0),
  CONSTRAINT ck_staff_name_length CHECK (length(name) <= 200),
  CONSTRAINT ck_staff_active_is_yes_or_no CHECK (active IN (0, 1)),
  CONSTRAINT ck_staff_unit_not_blank CHECK (length(trim(unit)) > 0),
  CONSTRAINT ck_staff_unit_length CHECK (length(unit) <= 100),
  CONSTRAINT ck_staff_server_role_length CHECK (length(server_role) <= 63)
);

CREATE TABLE stale_person (
  person_id INTEGER NOT NULL,
  CONSTRAINT pk_stale_person PRIMARY KEY (person_id),
  CONSTRAINT fk_stale_person_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE take_down (
  id INTEGER NOT NULL,
  publication_id INTEGER NOT NULL,
  photo_id INTEGER NOT NULL,
  codes VARCHAR(2000) NOT NULL,
  owner_id INTEGER,
  opened_at DATETIME NOT NULL,
  due_at DATETIME NOT NULL,
  done_at DATETIME,
  done_by INTEGER,
  proof VARCHAR(2000) NOT NULL,
  proof_evidence VARCHAR(64),
  CONSTRAINT pk_take_down PRIMARY KEY (id),
  CONSTRAINT ck_take_down_done_by_somebody CHECK ((done_at IS NULL) = (done_by IS NULL)),
  CONSTRAINT fk_take_down_published_photo FOREIGN KEY(publication_id, photo_id) REFERENCES published_photo (publication_id, photo_id),
  CONSTRAINT fk_take_down_publication_id FOREIGN KEY(publication_id) REFERENCES publication (id),
  CONSTRAINT fk_take_down_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id),
  CONSTRAINT fk_take_down_owner_id FOREIGN KEY(owner_id) REFERENCES staff (id),
  CONSTRAINT fk_take_down_done_by FOREIGN KEY(done_by) REFERENCES staff (id),
  CONSTRAINT fk_take_down_proof_evidence FOREIGN KEY(proof_evidence) REFERENCES evidence (sha256),
  CONSTRAINT ck_take_down_codes_length CHECK (length(codes) <= 2000),
  CONSTRAINT ck_take_down_opened_at_is_a_time CHECK (opened_at IS NULL OR datetime(opened_at) IS NOT NULL),
  CONSTRAINT ck_take_down_due_at_is_a_time CHECK (due_at IS NULL OR datetime(due_at) IS NOT NULL),
  CONSTRAINT ck_take_down_done_at_is_a_time CHECK (done_at IS NULL OR datetime(done_at) IS NOT NULL),
  CONSTRAINT ck_take_down_proof_length CHECK (length(proof) <= 2000)
);

CREATE TABLE touched (
  scope VARCHAR(32) NOT NULL,
  number INTEGER NOT NULL,
  CONSTRAINT pk_touched PRIMARY KEY (scope, number),
  CONSTRAINT ck_touched_scope CHECK (scope IN ('photo', 'person', 'taker', 'event', 'channel', 'all', 'stopped', 'seen', 'history'))
)
 WITHOUT ROWID

;

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
  id INTEGER NOT NULL,
  leading_id INTEGER,
  corrects_id INTEGER,
  cause VARCHAR(2000) NOT NULL,
  opened_at DATETIME NOT NULL,
  opened_by INTEGER NOT NULL,
  due_at DATETIME NOT NULL,
  voided_at DATETIME,
  CONSTRAINT pk_unclear_case PRIMARY KEY (id),
  CONSTRAINT fk_unclear_case_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id),
  CONSTRAINT fk_unclear_case_channel_id FOREIGN KEY(channel_id) REFERENCES channel (id),
  CONSTRAINT ck_unclear_case_mode CHECK (mode IN ('upload', 'link', 'embed', 'share')),
  CONSTRAINT ck_unclear_case_purpose CHECK (purpose IN ('information', 'marketing')),
  CONSTRAINT fk_unclear_case_policy_version FOREIGN KEY(policy_version) REFERENCES policy_version (version),
  CONSTRAINT fk_unclear_case_leading_id FOREIGN KEY(leading_id) REFERENCES unclear_case (id),
  CONSTRAINT fk_unclear_case_corrects_id FOREIGN KEY(corrects_id) REFERENCES unclear_case (id),
  CONSTRAINT fk_unclear_case_opened_by FOREIGN KEY(opened_by) REFERENCES staff (id),
  CONSTRAINT ck_unclear_case_day_is_a_day CHECK (day IS date(day, '+0 days')),
  CONSTRAINT ck_unclear_case_facts_is_json CHECK (json_valid(facts)),
  CONSTRAINT ck_unclear_case_facts_digest_length CHECK (length(facts_digest) <= 64),
  CONSTRAINT ck_unclear_case_codes_length CHECK (length(codes) <= 2000),
  CONSTRAINT ck_unclear_case_rules_version_length CHECK (length(rules_version) <= 16),
  CONSTRAINT ck_unclear_case_cause_length CHECK (length(cause) <= 2000),
  CONSTRAINT ck_unclear_case_opened_at_is_a_time CHECK (opened_at IS NULL OR datetime(opened_at) IS NOT NULL),
  CONSTRAINT ck_unclear_case_due_at_is_a_time CHECK (due_at IS NULL OR datetime(due_at) IS NOT NULL),
  CONSTRAINT ck_unclear_case_voided_at_is_a_time CHECK (voided_at IS NULL OR datetime(voided_at) IS NOT NULL)
);

CREATE TABLE verdict_basis (
  id INTEGER NOT NULL,
  day DATE NOT NULL,
  rules_version VARCHAR(16) NOT NULL,
  policy_version INTEGER NOT NULL,
  CONSTRAINT pk_verdict_basis PRIMARY KEY (id),
  CONSTRAINT fk_verdict_basis_policy_version FOREIGN KEY(policy_version) REFERENCES policy_version (version),
  CONSTRAINT ck_verdict_basis_day_is_a_day CHECK (day IS date(day, '+0 days')),
  CONSTRAINT ck_verdict_basis_rules_version_length CHECK (length(rules_version) <= 16)
);

CREATE TABLE verdict_cache (
  photo_id INTEGER NOT NULL,
  valid_until DATE NOT NULL,
  basis_id INTEGER NOT NULL,
  CONSTRAINT pk_verdict_cache PRIMARY KEY (photo_id),
  CONSTRAINT fk_verdict_cache_photo_id FOREIGN KEY(photo_id) REFERENCES photo (id) ON DELETE CASCADE,
  CONSTRAINT fk_verdict_cache_basis_id FOREIGN KEY(basis_id) REFERENCES verdict_basis (id),
  CONSTRAINT ck_verdict_cache_valid_until_is_a_day CHECK (valid_until IS date(valid_until, '+0 days'))
);

CREATE INDEX ix_consent_actor_id ON consent (actor_id);

CREATE INDEX ix_consent_channel_statement_id ON consent_channel (statement_id);

CREATE INDEX ix_consent_event_consent_id ON consent_event (consent_id);

CREATE INDEX ix_consent_event_evidence ON consent_event (evidence) WHERE evidence IS NOT NULL;

CREATE INDEX ix_consent_form_actor_id ON consent_form (actor_id);

CREATE INDEX ix_consent_form_event_id ON consent_form (event_id);

CREATE INDEX ix_consent_form_scan_evidence ON consent_form_scan (evidence);

CREATE INDEX ix_consent_form_subject_id ON consent_form (subject_id);

CREATE INDEX ix_consent_photo_id ON consent (photo_id) WHERE photo_id IS NOT NULL;

CREATE INDEX ix_consent_subject_id_reach ON consent (subject_id, photo_id, event_id);

CREATE INDEX ix_decision_photo_id ON decision (photo_id);

CREATE INDEX ix_depiction_person_id_photo_id ON depiction (person_id, photo_id);

CREATE INDEX ix_depiction_photo_id ON depiction (photo_id);

CREATE INDEX ix_event_photographer_person_id ON event_photographer (person_id);

CREATE INDEX ix_event_roster_person_id ON event_roster (person_id);

CREATE INDEX ix_evidence_damaged ON evidence (sha256) WHERE damaged_at IS NOT NULL;

CREATE INDEX ix_guardianship_child_id ON guardianship (child_id);

CREATE INDEX ix_guardianship_guardian_id ON guardianship (guardian_id);

CREATE INDEX ix_history_forgotten ON history (row_key) WHERE table_name = 'photo' AND kind = 'delete';

CREATE INDEX ix_ledger_cases_shown ON ledger (subject) WHERE action = 'case.shown';

CREATE INDEX ix_ledger_not_recallable ON ledger (subject) WHERE action = 'publication.not_recallable';

CREATE INDEX ix_ledger_restores ON ledger (seq) WHERE action IN ('registry.restored', 'registry.stop_carried', 'registry.restore_acknowledged');

CREATE INDEX ix_ledger_roster_doubts ON ledger (seq) WHERE action IN ('event.doubt_asked', 'event.doubt_decided');

CREATE INDEX ix_ledger_staff ON ledger (subject) WHERE action IN ('staff.added', 'staff.changed');

CREATE INDEX ix_list_layout_kind_shape ON list_layout (kind, shape);

CREATE INDEX ix_permission_channel_statement_id ON permission_channel (statement_id);

CREATE INDEX ix_permission_event_author ON permission_event (author_id) WHERE author_id IS NOT NULL;

CREATE INDEX ix_permission_event_by_person ON permission_event (by_person_id) WHERE by_person_id IS NOT NULL;

CREATE INDEX ix_permission_event_evidence ON permission_event (evidence) WHERE evidence IS NOT NULL;

CREATE INDEX ix_permission_event_permission_id ON permission_event (permission_id);

CREATE INDEX ix_permission_photo_id ON permission (photo_id) WHERE photo_id IS NOT NULL;

CREATE INDEX ix_permission_photographer_id_photo_id ON permission (photographer_id, photo_id);

CREATE INDEX ix_person_born ON person (born);

CREATE INDEX ix_person_letters_key ON person (letters_key);

CREATE INDEX ix_person_name_key ON person (name_key);

CREATE INDEX ix_person_name_letters_key ON person_name (letters_key);

CREATE INDEX ix_photo_event_id ON photo (event_id);

CREATE INDEX ix_photo_flag_person_id ON photo_flag (person_id);

CREATE INDEX ix_photo_flag_photo_id ON photo_flag (photo_id);

CREATE INDEX ix_photo_mtime_ns ON photo (mtime_ns);

CREATE INDEX ix_photo_photographer_person_id ON photo_photographer (person_id);

CREATE INDEX ix_photo_picture_sha256 ON photo (picture_sha256);

CREATE INDEX ix_photo_registered_by_event_id ON photo (registered_by, event_id);

CREATE INDEX ix_photo_series_series_id ON photo_series (series_id);

CREATE INDEX ix_photo_version_of ON photo (version_of);

CREATE INDEX ix_published_photo_photo_id ON published_photo (photo_id);

CREATE INDEX ix_record_hash_kind ON record_hash (kind);

CREATE INDEX ix_second_look_open ON second_look (photo_id) WHERE outcome IS NULL;

CREATE INDEX ix_second_look_photo_id ON second_look (photo_id);

CREATE INDEX ix_sign_in_attempt_address ON sign_in_attempt (address);

CREATE INDEX ix_sign_in_attempt_login ON sign_in_attempt (login);

CREATE INDEX ix_unclear_case_corrects_id ON unclear_case (corrects_id);

CREATE INDEX ix_unclear_case_leading_id ON unclear_case (leading_id);

CREATE INDEX ix_unclear_case_photo_id ON unclear_case (photo_id);

CREATE INDEX ix_verdict_cache_basis_id_valid_until ON verdict_cache (basis_id, valid_until);

CREATE UNIQUE INDEX uq_consent_record ON consent (subject_id, actor_id, coalesce(photo_id, 0), coalesce(event_id, 0));

CREATE UNIQUE INDEX uq_correction_permission_statement ON correction ((CASE WHEN coalesce(outcome, '') <> 'differed' THEN permission_statement_id END));

CREATE UNIQUE INDEX uq_correction_publication ON correction ((CASE WHEN coalesce(outcome, '') <> 'differed' THEN publication_id END));

CREATE UNIQUE INDEX uq_correction_statement ON correction ((CASE WHEN coalesce(outcome, '') <> 'differed' THEN statement_id END));

CREATE UNIQUE INDEX uq_guardianship_not_ended ON guardianship ((CASE WHEN last_day IS NULL THEN child_id END), guardian_id);

CREATE UNIQUE INDEX uq_permission_record ON permission (coalesce(photographer_id, 0), licensor, coalesce(photo_id, 0), coalesce(event_id, 0));

CREATE UNIQUE INDEX uq_staff_role_on_server ON staff (coalesce(server_role, login));

CREATE UNIQUE INDEX uq_take_down_open ON take_down ((CASE WHEN done_at IS NULL THEN publication_id END), (CASE WHEN done_at IS NULL THEN photo_id END));

CREATE TRIGGER api_key_channel_no_delete BEFORE DELETE ON api_key_channel BEGIN SELECT RAISE(ABORT, 'api_key_channel is append-only'); END;

CREATE TRIGGER api_key_channel_no_insert BEFORE INSERT ON api_key_channel WHEN EXISTS (SELECT 1 FROM api_key_channel WHERE (key_id = NEW.key_id AND channel_id = NEW.channel_id)) BEGIN SELECT RAISE(ABORT, 'api_key_channel is append-only'); END;

CREATE TRIGGER api_key_channel_no_update BEFORE UPDATE ON api_key_channel BEGIN SELECT RAISE(ABORT, 'api_key_channel is append-only'); END;

CREATE TRIGGER api_key_no_delete BEFORE DELETE ON api_key BEGIN SELECT RAISE(ABORT, 'api_key is never deleted'); END;

CREATE TRIGGER api_key_no_insert BEFORE INSERT ON api_key WHEN EXISTS (SELECT 1 FROM api_key WHERE (id = NEW.id) OR staff_id = NEW.staff_id OR sha256 = NEW.sha256) BEGIN SELECT RAISE(ABORT, 'api_key is append-only'); END;

CREATE TRIGGER channel_admin_delete_history AFTER DELETE ON channel_admin WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'channel_admin', 'delete', OLD.channel_id || ',' || OLD.staff_id, json_object('channel_id', OLD.channel_id, 'staff_id', OLD.staff_id)); END;

CREATE TRIGGER channel_admin_insert_history AFTER INSERT ON channel_admin WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'channel_admin', 'insert', NEW.channel_id || ',' || NEW.staff_id, '{}'); END;

CREATE TRIGGER channel_delete_history AFTER DELETE ON channel WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'channel', 'delete', OLD.id, json_object('id', OLD.id, 'kind', OLD.kind, 'controller', CASE WHEN OLD.controller IS NOT NULL THEN '*' END, 'since', OLD.since, 'terms_changed_on', OLD.terms_changed_on, 'reviewed_on', OLD.reviewed_on, 'active', OLD.active, 'proposed_own', OLD.proposed_own, 'proposed_since', OLD.proposed_since, 'proposed_by', OLD.proposed_by)); END;

CREATE TRIGGER channel_insert_history AFTER INSERT ON channel WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'channel', 'insert', NEW.id, '{}'); END;

CREATE TRIGGER channel_insert_invalidates AFTER INSERT ON channel BEGIN DELETE FROM verdict_cache; INSERT INTO touched (scope, number) SELECT 'channel', id FROM channel WHERE kind = 'closed_group' AND NEW.kind = 'public_page' ON CONFLICT DO NOTHING; END;

CREATE TRIGGER channel_update_history AFTER UPDATE OF kind, controller, since, terms_changed_on, reviewed_on, active, proposed_own, proposed_since, proposed_by ON channel WHEN OLD.kind IS NOT NEW.kind OR OLD.controller IS NOT NEW.controller OR OLD.since IS NOT NEW.since OR OLD.terms_changed_on IS NOT NEW.terms_changed_on OR OLD.reviewed_on IS NOT NEW.reviewed_on OR OLD.active IS NOT NEW.active OR OLD.proposed_own IS NOT NEW.proposed_own OR OLD.proposed_since IS NOT NEW.proposed_since OR OLD.proposed_by IS NOT NEW.proposed_by BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'channel', 'update', OLD.id, json_object('id', OLD.id, 'kind', OLD.kind, 'controller', CASE WHEN OLD.controller IS NOT NULL THEN '*' END, 'since', OLD.since, 'terms_changed_on', OLD.terms_changed_on, 'reviewed_on', OLD.reviewed_on, 'active', OLD.active, 'proposed_own', OLD.proposed_own, 'proposed_since', OLD.proposed_since, 'proposed_by', OLD.proposed_by)); END;

CREATE TRIGGER channel_update_invalidates AFTER UPDATE ON channel BEGIN DELETE FROM verdict_cache; INSERT INTO touched (scope, number) SELECT 'channel', id FROM channel WHERE kind = 'closed_group' AND NEW.kind = 'public_page' ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'channel', NEW.id WHERE coalesce(OLD.reviewed_on, '0001-01-01') = coalesce(NEW.reviewed_on, '0001-01-01') ON CONFLICT DO NOTHING; END;

CREATE TRIGGER consent_channel_insert_invalidates AFTER INSERT ON consent_channel BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'person', subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL AND subject_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO stale_person (person_id) SELECT subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER consent_channel_no_delete BEFORE DELETE ON consent_channel BEGIN SELECT RAISE(ABORT, 'consent_channel is append-only'); END;

CREATE TRIGGER consent_channel_no_insert BEFORE INSERT ON consent_channel WHEN EXISTS (SELECT 1 FROM consent_channel WHERE (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'consent_channel is append-only'); END;

CREATE TRIGGER consent_channel_no_update BEFORE UPDATE ON consent_channel BEGIN SELECT RAISE(ABORT, 'consent_channel is append-only'); END;

CREATE TRIGGER consent_delete_history AFTER DELETE ON consent WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'consent', 'delete', OLD.id, json_object('id', OLD.id, 'subject_id', OLD.subject_id, 'actor_id', OLD.actor_id)); END;

CREATE TRIGGER consent_event_insert_invalidates AFTER INSERT ON consent_event BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = NEW.consent_id UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = NEW.consent_id); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (SELECT photo_id FROM consent WHERE id = NEW.consent_id UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = NEW.consent_id) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'person', subject_id FROM consent WHERE id = NEW.consent_id AND photo_id IS NULL AND event_id IS NULL AND subject_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO stale_person (person_id) SELECT subject_id FROM consent WHERE id = NEW.consent_id AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo_id FROM consent WHERE id = NEW.consent_id AND photo_id IS NOT NULL AND NEW.kind IN ('refused', 'withdrawn') ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id JOIN depiction ON depiction.person_id = consent.subject_id JOIN photo ON photo.id = depiction.photo_id AND photo.event_id = consent.event_id WHERE consent.event_id IS NOT NULL AND consent_event.kind IN ('refused', 'withdrawn') AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND consent_event.id = NEW.id ON CONFLICT DO NOTHING; END;

CREATE TRIGGER consent_event_no_delete BEFORE DELETE ON consent_event BEGIN SELECT RAISE(ABORT, 'consent_event is append-only'); END;

CREATE TRIGGER consent_event_no_insert BEFORE INSERT ON consent_event WHEN EXISTS (SELECT 1 FROM consent_event WHERE (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'consent_event is append-only'); END;

CREATE TRIGGER consent_event_no_update BEFORE UPDATE ON consent_event BEGIN SELECT RAISE(ABORT, 'consent_event is append-only'); END;

CREATE TRIGGER consent_form_answer_no_delete BEFORE DELETE ON consent_form_answer BEGIN SELECT RAISE(ABORT, 'consent_form_answer is append-only'); END;

CREATE TRIGGER consent_form_answer_no_insert BEFORE INSERT ON consent_form_answer WHEN EXISTS (SELECT 1 FROM consent_form_answer WHERE (form_id = NEW.form_id AND statement_id = NEW.statement_id)) BEGIN SELECT RAISE(ABORT, 'consent_form_answer is append-only'); END;

CREATE TRIGGER consent_form_answer_no_update BEFORE UPDATE ON consent_form_answer BEGIN SELECT RAISE(ABORT, 'consent_form_answer is append-only'); END;

CREATE TRIGGER consent_form_channel_no_delete BEFORE DELETE ON consent_form_channel BEGIN SELECT RAISE(ABORT, 'consent_form_channel is append-only'); END;

CREATE TRIGGER consent_form_channel_no_insert BEFORE INSERT ON consent_form_channel WHEN EXISTS (SELECT 1 FROM consent_form_channel WHERE (form_id = NEW.form_id AND channel_id = NEW.channel_id)) BEGIN SELECT RAISE(ABORT, 'consent_form_channel is append-only'); END;

CREATE TRIGGER consent_form_channel_no_update BEFORE UPDATE ON consent_form_channel BEGIN SELECT RAISE(ABORT, 'consent_form_channel is append-only'); END;

CREATE TRIGGER consent_form_delete_history AFTER DELETE ON consent_form WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'consent_form', 'delete', OLD.id, json_object('id', OLD.id, 'subject_id', OLD.subject_id, 'actor_id', OLD.actor_id)); END;

CREATE TRIGGER consent_form_purpose_no_delete BEFORE DELETE ON consent_form_purpose BEGIN SELECT RAISE(ABORT, 'consent_form_purpose is append-only'); END;

CREATE TRIGGER consent_form_purpose_no_insert BEFORE INSERT ON consent_form_purpose WHEN EXISTS (SELECT 1 FROM consent_form_purpose WHERE (form_id = NEW.form_id AND purpose = NEW.purpose)) BEGIN SELECT RAISE(ABORT, 'consent_form_purpose is append-only'); END;

CREATE TRIGGER consent_form_purpose_no_update BEFORE UPDATE ON consent_form_purpose BEGIN SELECT RAISE(ABORT, 'consent_form_purpose is append-only'); END;

CREATE TRIGGER consent_form_scan_no_delete BEFORE DELETE ON consent_form_scan BEGIN SELECT RAISE(ABORT, 'consent_form_scan is append-only'); END;

CREATE TRIGGER consent_form_scan_no_insert BEFORE INSERT ON consent_form_scan WHEN EXISTS (SELECT 1 FROM consent_form_scan WHERE (form_id = NEW.form_id)) BEGIN SELECT RAISE(ABORT, 'consent_form_scan is append-only'); END;

CREATE TRIGGER consent_form_scan_no_update BEFORE UPDATE ON consent_form_scan BEGIN SELECT RAISE(ABORT, 'consent_form_scan is append-only'); END;

CREATE TRIGGER consent_form_update_history AFTER UPDATE OF subject_id, actor_id ON consent_form WHEN OLD.subject_id IS NOT NEW.subject_id OR OLD.actor_id IS NOT NEW.actor_id BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'consent_form', 'update', OLD.id, json_object('id', OLD.id, 'subject_id', OLD.subject_id, 'actor_id', OLD.actor_id)); END;

CREATE TRIGGER consent_purpose_insert_invalidates AFTER INSERT ON consent_purpose BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'person', subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL AND subject_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO stale_person (person_id) SELECT subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER consent_purpose_no_delete BEFORE DELETE ON consent_purpose BEGIN SELECT RAISE(ABORT, 'consent_purpose is append-only'); END;

CREATE TRIGGER consent_purpose_no_insert BEFORE INSERT ON consent_purpose WHEN EXISTS (SELECT 1 FROM consent_purpose WHERE (statement_id = NEW.statement_id AND purpose = NEW.purpose)) BEGIN SELECT RAISE(ABORT, 'consent_purpose is append-only'); END;

CREATE TRIGGER consent_purpose_no_update BEFORE UPDATE ON consent_purpose BEGIN SELECT RAISE(ABORT, 'consent_purpose is append-only'); END;

CREATE TRIGGER consent_update_history AFTER UPDATE OF subject_id, actor_id ON consent WHEN OLD.subject_id IS NOT NEW.subject_id OR OLD.actor_id IS NOT NEW.actor_id BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'consent', 'update', OLD.id, json_object('id', OLD.id, 'subject_id', OLD.subject_id, 'actor_id', OLD.actor_id)); END;

CREATE TRIGGER consent_update_invalidates AFTER UPDATE ON consent BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = OLD.subject_id); INSERT INTO touched (scope, number) SELECT 'person', OLD.subject_id WHERE OLD.subject_id IS NOT NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = NEW.subject_id); INSERT INTO touched (scope, number) SELECT 'person', NEW.subject_id WHERE NEW.subject_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id JOIN depiction ON depiction.person_id = consent.subject_id JOIN photo ON photo.id = depiction.photo_id AND photo.event_id = consent.event_id WHERE consent.event_id IS NOT NULL AND consent_event.kind IN ('refused', 'withdrawn') AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND consent.id = NEW.id ON CONFLICT DO NOTHING; END;

CREATE TRIGGER correction_delete_history AFTER DELETE ON correction WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'correction', 'delete', OLD.id, json_object('id', OLD.id, 'outcome', OLD.outcome, 'ended_at', OLD.ended_at, 'ended_by', OLD.ended_by)); END;

CREATE TRIGGER correction_insert_invalidates AFTER INSERT ON correction BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'person', subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL AND subject_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO stale_person (person_id) SELECT subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL); INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'event', event_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', photographer_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND photo_id IS NULL AND event_id IS NULL AND photographer_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM consent_event JOIN consent ON consent.id = consent_event.consent_id JOIN photo ON photo.id = consent.photo_id OR photo.event_id = consent.event_id AND EXISTS (SELECT 1 FROM depiction WHERE photo_id = photo.id AND person_id = consent.subject_id) WHERE consent_event.id = NEW.statement_id AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission_event JOIN permission ON permission.id = permission_event.permission_id JOIN photo ON photo.id = permission.photo_id OR permission.photo_id IS NULL AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (EXISTS (SELECT 1 FROM photo_photographer taker WHERE taker.photo_id = photo.id AND taker.person_id = permission.photographer_id) OR EXISTS (SELECT 1 FROM event_photographer taker WHERE taker.event_id = photo.event_id AND taker.person_id = permission.photographer_id)) WHERE permission_event.id = NEW.permission_statement_id AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) ON CONFLICT DO NOTHING; END;

CREATE TRIGGER correction_no_delete BEFORE DELETE ON correction BEGIN SELECT RAISE(ABORT, 'correction is never deleted'); END;

CREATE TRIGGER correction_no_insert BEFORE INSERT ON correction WHEN EXISTS (SELECT 1 FROM correction WHERE (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'correction is append-only'); END;

CREATE TRIGGER correction_update_history AFTER UPDATE OF outcome, ended_at, ended_by ON correction WHEN OLD.outcome IS NOT NEW.outcome OR OLD.ended_at IS NOT NEW.ended_at OR OLD.ended_by IS NOT NEW.ended_by BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'correction', 'update', OLD.id, json_object('id', OLD.id, 'outcome', OLD.outcome, 'ended_at', OLD.ended_at, 'ended_by', OLD.ended_by)); END;

CREATE TRIGGER correction_update_invalidates AFTER UPDATE ON correction BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (SELECT photo_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM consent JOIN photo ON photo.event_id = consent.event_id JOIN depiction ON depiction.photo_id = photo.id AND depiction.person_id = subject_id WHERE consent.id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id)) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'person', subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL AND subject_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO stale_person (person_id) SELECT subject_id FROM consent WHERE id = (SELECT consent_id FROM consent_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL); INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'event', event_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', photographer_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.permission_statement_id) AND photo_id IS NULL AND event_id IS NULL AND photographer_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM consent_event JOIN consent ON consent.id = consent_event.consent_id JOIN photo ON photo.id = consent.photo_id OR photo.event_id = consent.event_id AND EXISTS (SELECT 1 FROM depiction WHERE photo_id = photo.id AND person_id = consent.subject_id) WHERE consent_event.id = NEW.statement_id AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission_event JOIN permission ON permission.id = permission_event.permission_id JOIN photo ON photo.id = permission.photo_id OR permission.photo_id IS NULL AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (EXISTS (SELECT 1 FROM photo_photographer taker WHERE taker.photo_id = photo.id AND taker.person_id = permission.photographer_id) OR EXISTS (SELECT 1 FROM event_photographer taker WHERE taker.event_id = photo.event_id AND taker.person_id = permission.photographer_id)) WHERE permission_event.id = NEW.permission_statement_id AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) ON CONFLICT DO NOTHING; END;

CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'decision is append-only'); END;

CREATE TRIGGER decision_no_insert BEFORE INSERT ON decision WHEN EXISTS (SELECT 1 FROM decision WHERE (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'decision is append-only'); END;

CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'decision is append-only'); END;

CREATE TRIGGER depiction_delete_history AFTER DELETE ON depiction WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'depiction', 'delete', OLD.id, json_object('id', OLD.id, 'photo_id', OLD.photo_id, 'person_id', OLD.person_id, 'prominence', OLD.prominence, 'role', OLD.role)); END;

CREATE TRIGGER depiction_delete_invalidates AFTER DELETE ON depiction BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT OLD.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', OLD.photo_id WHERE OLD.photo_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER depiction_insert_history AFTER INSERT ON depiction WHEN (SELECT registered_at FROM photo WHERE id = NEW.photo_id) IS NOT (SELECT at FROM moment) BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'depiction', 'insert', NEW.id, '{}'); END;

CREATE TRIGGER depiction_insert_invalidates AFTER INSERT ON depiction BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id JOIN depiction ON depiction.person_id = consent.subject_id JOIN photo ON photo.id = depiction.photo_id AND photo.event_id = consent.event_id WHERE consent.event_id IS NOT NULL AND consent_event.kind IN ('refused', 'withdrawn') AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND depiction.id = NEW.id ON CONFLICT DO NOTHING; END;

CREATE TRIGGER depiction_update_history AFTER UPDATE OF photo_id, person_id, prominence, role ON depiction WHEN OLD.photo_id IS NOT NEW.photo_id OR OLD.person_id IS NOT NEW.person_id OR OLD.prominence IS NOT NEW.prominence OR OLD.role IS NOT NEW.role BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'depiction', 'update', OLD.id, json_object('id', OLD.id, 'photo_id', OLD.photo_id, 'person_id', OLD.person_id, 'prominence', OLD.prominence, 'role', OLD.role)); END;

CREATE TRIGGER depiction_update_invalidates AFTER UPDATE ON depiction BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT OLD.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', OLD.photo_id WHERE OLD.photo_id IS NOT NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id JOIN depiction ON depiction.person_id = consent.subject_id JOIN photo ON photo.id = depiction.photo_id AND photo.event_id = consent.event_id WHERE consent.event_id IS NOT NULL AND consent_event.kind IN ('refused', 'withdrawn') AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND depiction.id = NEW.id AND coalesce(OLD.person_id, 0) <> coalesce(NEW.person_id, 0) ON CONFLICT DO NOTHING; END;

CREATE TRIGGER disclosure_no_delete BEFORE DELETE ON disclosure BEGIN SELECT RAISE(ABORT, 'disclosure is never deleted'); END;

CREATE TRIGGER disclosure_no_insert BEFORE INSERT ON disclosure WHEN EXISTS (SELECT 1 FROM disclosure WHERE (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'disclosure is append-only'); END;

CREATE TRIGGER event_delete_history AFTER DELETE ON event WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'event', 'delete', OLD.id, json_object('id', OLD.id, 'photographer', OLD.photographer, 'basis', OLD.basis, 'commissioner', OLD.commissioner, 'place', OLD.place, 'place_permission', OLD.place_permission, 'shot', OLD.shot, 'confidentiality', OLD.confidentiality, 'sensitive', OLD.sensitive, 'starts_on', OLD.starts_on, 'ends_on', OLD.ends_on)); END;

CREATE TRIGGER event_photographer_delete_history AFTER DELETE ON event_photographer WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'event_photographer', 'delete', OLD.event_id || ',' || OLD.person_id, json_object('event_id', OLD.event_id, 'person_id', OLD.person_id)); END;

CREATE TRIGGER event_photographer_delete_invalidates AFTER DELETE ON event_photographer BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT id FROM photo WHERE event_id = OLD.event_id); INSERT INTO touched (scope, number) SELECT 'event', OLD.event_id WHERE OLD.event_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER event_photographer_insert_history AFTER INSERT ON event_photographer WHEN (SELECT created_at FROM event WHERE id = NEW.event_id) IS NOT (SELECT at FROM moment) BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'event_photographer', 'insert', NEW.event_id || ',' || NEW.person_id, '{}'); END;

CREATE TRIGGER event_photographer_insert_invalidates AFTER INSERT ON event_photographer BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT id FROM photo WHERE event_id = NEW.event_id); INSERT INTO touched (scope, number) SELECT 'event', NEW.event_id WHERE NEW.event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND taker.person_id = NEW.person_id AND taker.event_id = NEW.event_id ON CONFLICT DO NOTHING; END;

CREATE TRIGGER event_photographer_update_invalidates AFTER UPDATE ON event_photographer BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT id FROM photo WHERE event_id = OLD.event_id); INSERT INTO touched (scope, number) SELECT 'event', OLD.event_id WHERE OLD.event_id IS NOT NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT id FROM photo WHERE event_id = NEW.event_id); INSERT INTO touched (scope, number) SELECT 'event', NEW.event_id WHERE NEW.event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND taker.person_id = NEW.person_id AND taker.event_id = NEW.event_id ON CONFLICT DO NOTHING; END;

CREATE TRIGGER event_roster_delete_history AFTER DELETE ON event_roster WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'event_roster', 'delete', OLD.event_id || ',' || OLD.person_id, json_object('event_id', OLD.event_id, 'person_id', OLD.person_id)); END;

CREATE TRIGGER event_roster_insert_history AFTER INSERT ON event_roster WHEN (SELECT created_at FROM event WHERE id = NEW.event_id) IS NOT (SELECT at FROM moment) BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'event_roster', 'insert', NEW.event_id || ',' || NEW.person_id, '{}'); END;

CREATE TRIGGER event_update_history AFTER UPDATE OF photographer, basis, commissioner, place, place_permission, shot, confidentiality, sensitive, starts_on, ends_on ON event WHEN OLD.photographer IS NOT NEW.photographer OR OLD.basis IS NOT NEW.basis OR OLD.commissioner IS NOT NEW.commissioner OR OLD.place IS NOT NEW.place OR OLD.place_permission IS NOT NEW.place_permission OR OLD.shot IS NOT NEW.shot OR OLD.confidentiality IS NOT NEW.confidentiality OR OLD.sensitive IS NOT NEW.sensitive OR OLD.starts_on IS NOT NEW.starts_on OR OLD.ends_on IS NOT NEW.ends_on BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'event', 'update', OLD.id, json_object('id', OLD.id, 'photographer', OLD.photographer, 'basis', OLD.basis, 'commissioner', OLD.commissioner, 'place', OLD.place, 'place_permission', OLD.place_permission, 'shot', OLD.shot, 'confidentiality', OLD.confidentiality, 'sensitive', OLD.sensitive, 'starts_on', OLD.starts_on, 'ends_on', OLD.ends_on)); END;

CREATE TRIGGER event_update_invalidates AFTER UPDATE ON event BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT id FROM photo WHERE event_id = NEW.id); INSERT INTO touched (scope, number) SELECT 'event', NEW.id WHERE NEW.id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM event JOIN photo ON photo.event_id = event.id WHERE photo.confidentiality IS NULL AND event.confidentiality = 'publication_block' AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND event.id = NEW.id AND coalesce(OLD.confidentiality, '') <> coalesce(NEW.confidentiality, '') ON CONFLICT DO NOTHING; END;

CREATE TRIGGER evidence_delete_history AFTER DELETE ON evidence WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'evidence', 'delete', OLD.sha256, json_object('sha256', OLD.sha256, 'damaged_at', OLD.damaged_at, 'erased_at', OLD.erased_at)); END;

CREATE TRIGGER evidence_update_history AFTER UPDATE OF damaged_at, erased_at ON evidence WHEN OLD.damaged_at IS NOT NEW.damaged_at OR OLD.erased_at IS NOT NEW.erased_at BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'evidence', 'update', OLD.sha256, json_object('sha256', OLD.sha256, 'damaged_at', OLD.damaged_at, 'erased_at', OLD.erased_at)); END;

CREATE TRIGGER evidence_update_invalidates AFTER UPDATE ON evidence BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id IN (SELECT subject_id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id WHERE consent_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL)) UNION SELECT photo_id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id WHERE consent_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL) AND photo_id IS NOT NULL UNION SELECT photo_id FROM photo_photographer WHERE person_id IN (SELECT photographer_id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id WHERE permission_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL)) UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id IN (SELECT photographer_id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id WHERE permission_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL)) UNION SELECT photo_id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id WHERE permission_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL) AND photo_id IS NOT NULL); INSERT INTO touched (scope, number) SELECT 'person', subject_id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id WHERE consent_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL) AND subject_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id WHERE consent_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL) AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', photographer_id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id WHERE permission_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL) AND photographer_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id WHERE permission_event.evidence = NEW.sha256 AND (OLD.damaged_at IS NULL) <> (NEW.damaged_at IS NULL) AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER guardianship_delete_history AFTER DELETE ON guardianship WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'guardianship', 'delete', OLD.id, json_object('id', OLD.id, 'child_id', OLD.child_id, 'guardian_id', OLD.guardian_id, 'basis', OLD.basis, 'verified_how', CASE WHEN OLD.verified_how IS NOT NULL THEN '*' END, 'excused_ground', CASE WHEN OLD.excused_ground IS NOT NULL THEN '*' END, 'excused_by', OLD.excused_by, 'decides_alone', OLD.decides_alone, 'decides_alone_reason', CASE WHEN OLD.decides_alone_reason IS NOT NULL THEN '*' END, 'first_day', OLD.first_day, 'last_day', OLD.last_day)); END;

CREATE TRIGGER guardianship_delete_invalidates AFTER DELETE ON guardianship BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = OLD.child_id); INSERT INTO touched (scope, number) SELECT 'person', OLD.child_id WHERE OLD.child_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER guardianship_insert_invalidates AFTER INSERT ON guardianship BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = NEW.child_id); INSERT INTO touched (scope, number) SELECT 'person', NEW.child_id WHERE NEW.child_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER guardianship_update_history AFTER UPDATE OF child_id, guardian_id, basis, verified_how, excused_ground, excused_by, decides_alone, decides_alone_reason, first_day, last_day ON guardianship WHEN OLD.child_id IS NOT NEW.child_id OR OLD.guardian_id IS NOT NEW.guardian_id OR OLD.basis IS NOT NEW.basis OR OLD.verified_how IS NOT NEW.verified_how OR OLD.excused_ground IS NOT NEW.excused_ground OR OLD.excused_by IS NOT NEW.excused_by OR OLD.decides_alone IS NOT NEW.decides_alone OR OLD.decides_alone_reason IS NOT NEW.decides_alone_reason OR OLD.first_day IS NOT NEW.first_day OR OLD.last_day IS NOT NEW.last_day BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'guardianship', 'update', OLD.id, json_object('id', OLD.id, 'child_id', OLD.child_id, 'guardian_id', OLD.guardian_id, 'basis', OLD.basis, 'verified_how', CASE WHEN OLD.verified_how IS NOT NULL THEN '*' END, 'excused_ground', CASE WHEN OLD.excused_ground IS NOT NULL THEN '*' END, 'excused_by', OLD.excused_by, 'decides_alone', OLD.decides_alone, 'decides_alone_reason', CASE WHEN OLD.decides_alone_reason IS NOT NULL THEN '*' END, 'first_day', OLD.first_day, 'last_day', OLD.last_day)); END;

CREATE TRIGGER guardianship_update_invalidates AFTER UPDATE ON guardianship BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = OLD.child_id); INSERT INTO touched (scope, number) SELECT 'person', OLD.child_id WHERE OLD.child_id IS NOT NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = NEW.child_id); INSERT INTO touched (scope, number) SELECT 'person', NEW.child_id WHERE NEW.child_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER history_insert_invalidates AFTER INSERT ON history BEGIN INSERT INTO touched (scope, number) SELECT 'history', NEW.id WHERE NOT EXISTS (SELECT 1 FROM touched WHERE scope = 'history') ON CONFLICT DO NOTHING; END;

CREATE TRIGGER history_no_delete BEFORE DELETE ON history BEGIN SELECT RAISE(ABORT, 'history is never deleted'); END;

CREATE TRIGGER history_no_insert BEFORE INSERT ON history WHEN EXISTS (SELECT 1 FROM history WHERE (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END;

CREATE TRIGGER ledger_no_insert BEFORE INSERT ON ledger WHEN EXISTS (SELECT 1 FROM ledger WHERE (seq = NEW.seq) OR previous = NEW.previous OR hash = NEW.hash) BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END;

CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END;

CREATE TRIGGER list_layout_no_delete BEFORE DELETE ON list_layout BEGIN SELECT RAISE(ABORT, 'list_layout is append-only'); END;

CREATE TRIGGER list_layout_no_insert BEFORE INSERT ON list_layout WHEN EXISTS (SELECT 1 FROM list_layout WHERE (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'list_layout is append-only'); END;

CREATE TRIGGER list_layout_no_update BEFORE UPDATE ON list_layout BEGIN SELECT RAISE(ABORT, 'list_layout is append-only'); END;

CREATE TRIGGER log_key_no_delete BEFORE DELETE ON log_key BEGIN SELECT RAISE(ABORT, 'log_key is append-only'); END;

CREATE TRIGGER log_key_no_insert BEFORE INSERT ON log_key WHEN EXISTS (SELECT 1 FROM log_key WHERE (id = NEW.id) OR public_key = NEW.public_key) BEGIN SELECT RAISE(ABORT, 'log_key is append-only'); END;

CREATE TRIGGER log_key_no_update BEFORE UPDATE ON log_key BEGIN SELECT RAISE(ABORT, 'log_key is append-only'); END;

CREATE TRIGGER permission_channel_insert_invalidates AFTER INSERT ON permission_channel BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL); INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'event', event_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', photographer_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL AND photographer_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER permission_channel_no_delete BEFORE DELETE ON permission_channel BEGIN SELECT RAISE(ABORT, 'permission_channel is append-only'); END;

CREATE TRIGGER permission_channel_no_insert BEFORE INSERT ON permission_channel WHEN EXISTS (SELECT 1 FROM permission_channel WHERE (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'permission_channel is append-only'); END;

CREATE TRIGGER permission_channel_no_update BEFORE UPDATE ON permission_channel BEGIN SELECT RAISE(ABORT, 'permission_channel is append-only'); END;

CREATE TRIGGER permission_delete_history AFTER DELETE ON permission WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'permission', 'delete', OLD.id, json_object('id', OLD.id, 'photographer_id', OLD.photographer_id)); END;

CREATE TRIGGER permission_event_insert_invalidates AFTER INSERT ON permission_event BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM permission WHERE id = NEW.permission_id UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id = NEW.permission_id UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id = NEW.permission_id AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = NEW.permission_id AND permission.photo_id IS NULL AND permission.event_id IS NULL); INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM permission WHERE id = NEW.permission_id AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'event', event_id FROM permission WHERE id = NEW.permission_id AND event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', photographer_id FROM permission WHERE id = NEW.permission_id AND photo_id IS NULL AND event_id IS NULL AND photographer_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo_id FROM permission WHERE id = NEW.permission_id AND photo_id IS NOT NULL AND NEW.kind IN ('refused', 'withdrawn') ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN photo_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.id = taker.photo_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND permission_event.id = NEW.id ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND permission_event.id = NEW.id ON CONFLICT DO NOTHING; END;

CREATE TRIGGER permission_event_no_delete BEFORE DELETE ON permission_event BEGIN SELECT RAISE(ABORT, 'permission_event is append-only'); END;

CREATE TRIGGER permission_event_no_insert BEFORE INSERT ON permission_event WHEN EXISTS (SELECT 1 FROM permission_event WHERE (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'permission_event is append-only'); END;

CREATE TRIGGER permission_event_no_update BEFORE UPDATE ON permission_event BEGIN SELECT RAISE(ABORT, 'permission_event is append-only'); END;

CREATE TRIGGER permission_purpose_insert_invalidates AFTER INSERT ON permission_purpose BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND permission.photo_id IS NULL AND permission.event_id IS NULL); INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'event', event_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', photographer_id FROM permission WHERE id = (SELECT permission_id FROM permission_event WHERE id = NEW.statement_id) AND photo_id IS NULL AND event_id IS NULL AND photographer_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER permission_purpose_no_delete BEFORE DELETE ON permission_purpose BEGIN SELECT RAISE(ABORT, 'permission_purpose is append-only'); END;

CREATE TRIGGER permission_purpose_no_insert BEFORE INSERT ON permission_purpose WHEN EXISTS (SELECT 1 FROM permission_purpose WHERE (statement_id = NEW.statement_id AND purpose = NEW.purpose)) BEGIN SELECT RAISE(ABORT, 'permission_purpose is append-only'); END;

CREATE TRIGGER permission_purpose_no_update BEFORE UPDATE ON permission_purpose BEGIN SELECT RAISE(ABORT, 'permission_purpose is append-only'); END;

CREATE TRIGGER permission_update_history AFTER UPDATE OF photographer_id ON permission WHEN OLD.photographer_id IS NOT NEW.photographer_id BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'permission', 'update', OLD.id, json_object('id', OLD.id, 'photographer_id', OLD.photographer_id)); END;

CREATE TRIGGER permission_update_invalidates AFTER UPDATE ON permission BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM photo_photographer WHERE person_id = OLD.photographer_id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = OLD.photographer_id UNION SELECT OLD.photo_id); INSERT INTO touched (scope, number) SELECT 'taker', OLD.photographer_id WHERE OLD.photographer_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'photo', OLD.photo_id WHERE OLD.photo_id IS NOT NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM photo_photographer WHERE person_id = NEW.photographer_id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = NEW.photographer_id UNION SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'taker', NEW.photographer_id WHERE NEW.photographer_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN photo_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.id = taker.photo_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND permission.id = NEW.id ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND permission.id = NEW.id ON CONFLICT DO NOTHING; END;

CREATE TRIGGER person_delete_history AFTER DELETE ON person WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'person', 'delete', OLD.id, json_object('id', OLD.id, 'name', OLD.name, 'born', OLD.born, 'age_group', OLD.age_group, 'deceased', OLD.deceased, 'died_on', OLD.died_on, 'capacity', OLD.capacity, 'guardians_total', OLD.guardians_total, 'blocked', OLD.blocked, 'blocked_at', OLD.blocked_at, 'blocked_by', OLD.blocked_by, 'merged_into', OLD.merged_into, 'erased_at', OLD.erased_at)); END;

CREATE TRIGGER person_name_delete_history AFTER DELETE ON person_name WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'person_name', 'delete', OLD.id, json_object('id', OLD.id, 'person_id', OLD.person_id, 'created_at', OLD.created_at, 'created_by', OLD.created_by)); END;

CREATE TRIGGER person_name_delete_invalidates AFTER DELETE ON person_name BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM photo_photographer WHERE person_id = OLD.person_id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = OLD.person_id); INSERT INTO touched (scope, number) SELECT 'taker', OLD.person_id WHERE OLD.person_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER person_name_insert_history AFTER INSERT ON person_name WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'person_name', 'insert', NEW.id, '{}'); END;

CREATE TRIGGER person_name_insert_invalidates AFTER INSERT ON person_name BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM photo_photographer WHERE person_id = NEW.person_id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = NEW.person_id); INSERT INTO touched (scope, number) SELECT 'taker', NEW.person_id WHERE NEW.person_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER person_name_update_history AFTER UPDATE OF person_id, created_at, created_by ON person_name WHEN OLD.person_id IS NOT NEW.person_id OR OLD.created_at IS NOT NEW.created_at OR OLD.created_by IS NOT NEW.created_by BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'person_name', 'update', OLD.id, json_object('id', OLD.id, 'person_id', OLD.person_id, 'created_at', OLD.created_at, 'created_by', OLD.created_by)); END;

CREATE TRIGGER person_name_update_invalidates AFTER UPDATE ON person_name BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM photo_photographer WHERE person_id = OLD.person_id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = OLD.person_id); INSERT INTO touched (scope, number) SELECT 'taker', OLD.person_id WHERE OLD.person_id IS NOT NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM photo_photographer WHERE person_id = NEW.person_id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = NEW.person_id); INSERT INTO touched (scope, number) SELECT 'taker', NEW.person_id WHERE NEW.person_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER person_update_history AFTER UPDATE OF name, born, age_group, deceased, died_on, capacity, guardians_total, blocked, blocked_at, blocked_by, merged_into, erased_at ON person WHEN OLD.name IS NOT NEW.name OR OLD.born IS NOT NEW.born OR OLD.age_group IS NOT NEW.age_group OR OLD.deceased IS NOT NEW.deceased OR OLD.died_on IS NOT NEW.died_on OR OLD.capacity IS NOT NEW.capacity OR OLD.guardians_total IS NOT NEW.guardians_total OR OLD.blocked IS NOT NEW.blocked OR OLD.blocked_at IS NOT NEW.blocked_at OR OLD.blocked_by IS NOT NEW.blocked_by OR OLD.merged_into IS NOT NEW.merged_into OR OLD.erased_at IS NOT NEW.erased_at BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'person', 'update', OLD.id, json_object('id', OLD.id, 'name', OLD.name, 'born', OLD.born, 'age_group', OLD.age_group, 'deceased', OLD.deceased, 'died_on', OLD.died_on, 'capacity', OLD.capacity, 'guardians_total', OLD.guardians_total, 'blocked', OLD.blocked, 'blocked_at', OLD.blocked_at, 'blocked_by', OLD.blocked_by, 'merged_into', OLD.merged_into, 'erased_at', OLD.erased_at)); END;

CREATE TRIGGER person_update_invalidates AFTER UPDATE ON person BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM depiction WHERE person_id = NEW.id UNION SELECT photo_id FROM photo_photographer WHERE person_id = NEW.id UNION SELECT photo.id FROM photo JOIN event_photographer taker ON taker.event_id = photo.event_id WHERE taker.person_id = NEW.id UNION SELECT photo_id FROM permission WHERE id IN (SELECT permission_id FROM permission_event WHERE NEW.merged_into IS NOT NULL AND coalesce(OLD.merged_into, 0) <> NEW.merged_into AND (by_person_id = NEW.id OR author_id = NEW.id)) UNION SELECT photo.id FROM permission JOIN photo ON photo.event_id = permission.event_id WHERE permission.id IN (SELECT permission_id FROM permission_event WHERE NEW.merged_into IS NOT NULL AND coalesce(OLD.merged_into, 0) <> NEW.merged_into AND (by_person_id = NEW.id OR author_id = NEW.id)) UNION SELECT own.photo_id FROM permission JOIN photo_photographer own ON own.person_id = permission.photographer_id WHERE permission.id IN (SELECT permission_id FROM permission_event WHERE NEW.merged_into IS NOT NULL AND coalesce(OLD.merged_into, 0) <> NEW.merged_into AND (by_person_id = NEW.id OR author_id = NEW.id)) AND permission.photo_id IS NULL AND permission.event_id IS NULL UNION SELECT photo.id FROM permission JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.id IN (SELECT permission_id FROM permission_event WHERE NEW.merged_into IS NOT NULL AND coalesce(OLD.merged_into, 0) <> NEW.merged_into AND (by_person_id = NEW.id OR author_id = NEW.id)) AND permission.photo_id IS NULL AND permission.event_id IS NULL); INSERT INTO touched (scope, number) SELECT 'person', NEW.id WHERE NEW.id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', NEW.id WHERE NEW.id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'photo', photo_id FROM permission WHERE id IN (SELECT permission_id FROM permission_event WHERE NEW.merged_into IS NOT NULL AND coalesce(OLD.merged_into, 0) <> NEW.merged_into AND (by_person_id = NEW.id OR author_id = NEW.id)) AND photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'event', event_id FROM permission WHERE id IN (SELECT permission_id FROM permission_event WHERE NEW.merged_into IS NOT NULL AND coalesce(OLD.merged_into, 0) <> NEW.merged_into AND (by_person_id = NEW.id OR author_id = NEW.id)) AND event_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'taker', photographer_id FROM permission WHERE id IN (SELECT permission_id FROM permission_event WHERE NEW.merged_into IS NOT NULL AND coalesce(OLD.merged_into, 0) <> NEW.merged_into AND (by_person_id = NEW.id OR author_id = NEW.id)) AND photo_id IS NULL AND event_id IS NULL AND photographer_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo_id FROM depiction WHERE person_id = NEW.id AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER photo_delete_history AFTER DELETE ON photo WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'photo', 'delete', OLD.id, json_object('id', OLD.id, 'photographer', OLD.photographer, 'basis', OLD.basis, 'commissioner', OLD.commissioner, 'place', OLD.place, 'place_permission', OLD.place_permission, 'shot', OLD.shot, 'confidentiality', OLD.confidentiality, 'sensitive', OLD.sensitive, 'event_id', OLD.event_id, 'credit', OLD.credit, 'credit_waived', OLD.credit_waived, 'taken_year', OLD.taken_year, 'photographer_died_year', OLD.photographer_died_year, 'rights_removed', OLD.rights_removed, 'people', OLD.people, 'recognisable_count', OLD.recognisable_count, 'context_identifies', OLD.context_identifies, 'depicted_work', OLD.depicted_work, 'digital_source', OLD.digital_source, 'file_taken_on', OLD.file_taken_on, 'file_changed', OLD.file_changed, 'picture_sha256', OLD.picture_sha256, 'version_of', OLD.version_of)); END;

CREATE TRIGGER photo_flag_delete_history AFTER DELETE ON photo_flag WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'photo_flag', 'delete', OLD.id, json_object('id', OLD.id, 'person_id', OLD.person_id, 'about_person_id', OLD.about_person_id, 'resolved_at', OLD.resolved_at, 'resolved_by', OLD.resolved_by, 'outcome', OLD.outcome)); END;

CREATE TRIGGER photo_flag_insert_invalidates AFTER INSERT ON photo_flag BEGIN DELETE FROM verdict_cache WHERE photo_id IN (WITH RECURSIVE stopped(id) AS (SELECT NEW.photo_id UNION SELECT photo.id FROM photo JOIN stopped ON photo.version_of = stopped.id) SELECT id FROM stopped UNION SELECT alike.id FROM photo JOIN photo alike ON alike.picture_sha256 = photo.picture_sha256 WHERE photo.id = NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (WITH RECURSIVE stopped(id) AS (SELECT NEW.photo_id UNION SELECT photo.id FROM photo JOIN stopped ON photo.version_of = stopped.id) SELECT id FROM stopped UNION SELECT alike.id FROM photo JOIN photo alike ON alike.picture_sha256 = photo.picture_sha256 WHERE photo.id = NEW.photo_id) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', NEW.photo_id WHERE TRUE ON CONFLICT DO NOTHING; END;

CREATE TRIGGER photo_flag_no_delete BEFORE DELETE ON photo_flag BEGIN SELECT RAISE(ABORT, 'photo_flag is never deleted'); END;

CREATE TRIGGER photo_flag_no_insert BEFORE INSERT ON photo_flag WHEN EXISTS (SELECT 1 FROM photo_flag WHERE (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'photo_flag is append-only'); END;

CREATE TRIGGER photo_flag_update_history AFTER UPDATE OF person_id, about_person_id, resolved_at, resolved_by, outcome ON photo_flag WHEN OLD.person_id IS NOT NEW.person_id OR OLD.about_person_id IS NOT NEW.about_person_id OR OLD.resolved_at IS NOT NEW.resolved_at OR OLD.resolved_by IS NOT NEW.resolved_by OR OLD.outcome IS NOT NEW.outcome BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'photo_flag', 'update', OLD.id, json_object('id', OLD.id, 'person_id', OLD.person_id, 'about_person_id', OLD.about_person_id, 'resolved_at', OLD.resolved_at, 'resolved_by', OLD.resolved_by, 'outcome', OLD.outcome)); END;

CREATE TRIGGER photo_flag_update_invalidates AFTER UPDATE ON photo_flag BEGIN DELETE FROM verdict_cache WHERE photo_id IN (WITH RECURSIVE stopped(id) AS (SELECT NEW.photo_id UNION SELECT photo.id FROM photo JOIN stopped ON photo.version_of = stopped.id) SELECT id FROM stopped UNION SELECT alike.id FROM photo JOIN photo alike ON alike.picture_sha256 = photo.picture_sha256 WHERE photo.id = NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (WITH RECURSIVE stopped(id) AS (SELECT NEW.photo_id UNION SELECT photo.id FROM photo JOIN stopped ON photo.version_of = stopped.id) SELECT id FROM stopped UNION SELECT alike.id FROM photo JOIN photo alike ON alike.picture_sha256 = photo.picture_sha256 WHERE photo.id = NEW.photo_id) ON CONFLICT DO NOTHING; END;

CREATE TRIGGER photo_likeness_insert_invalidates AFTER INSERT ON photo_likeness BEGIN INSERT INTO touched (scope, number) SELECT 'seen', NEW.photo_id WHERE TRUE ON CONFLICT DO NOTHING; END;

CREATE TRIGGER photo_likeness_update_invalidates AFTER UPDATE ON photo_likeness BEGIN INSERT INTO touched (scope, number) SELECT 'seen', NEW.photo_id WHERE TRUE ON CONFLICT DO NOTHING; END;

CREATE TRIGGER photo_photographer_delete_history AFTER DELETE ON photo_photographer WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'photo_photographer', 'delete', OLD.photo_id || ',' || OLD.person_id, json_object('photo_id', OLD.photo_id, 'person_id', OLD.person_id)); END;

CREATE TRIGGER photo_photographer_delete_invalidates AFTER DELETE ON photo_photographer BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT OLD.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', OLD.photo_id WHERE OLD.photo_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER photo_photographer_insert_history AFTER INSERT ON photo_photographer WHEN (SELECT registered_at FROM photo WHERE id = NEW.photo_id) IS NOT (SELECT at FROM moment) BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'photo_photographer', 'insert', NEW.photo_id || ',' || NEW.person_id, '{}'); END;

CREATE TRIGGER photo_photographer_insert_invalidates AFTER INSERT ON photo_photographer BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN photo_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.id = taker.photo_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND taker.person_id = NEW.person_id AND taker.photo_id = NEW.photo_id ON CONFLICT DO NOTHING; END;

CREATE TRIGGER photo_photographer_update_invalidates AFTER UPDATE ON photo_photographer BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT OLD.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', OLD.photo_id WHERE OLD.photo_id IS NOT NULL ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN photo_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.id = taker.photo_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND taker.person_id = NEW.person_id AND taker.photo_id = NEW.photo_id ON CONFLICT DO NOTHING; END;

CREATE TRIGGER photo_series_delete_history AFTER DELETE ON photo_series WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'photo_series', 'delete', OLD.photo_id, json_object('photo_id', OLD.photo_id, 'series_id', OLD.series_id, 'lacks', OLD.lacks, 'settled_at', OLD.settled_at, 'settled_by', OLD.settled_by)); END;

CREATE TRIGGER photo_series_insert_history AFTER INSERT ON photo_series WHEN (SELECT registered_at FROM photo WHERE id = NEW.photo_id) IS NOT (SELECT at FROM moment) BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'photo_series', 'insert', NEW.photo_id, '{}'); END;

CREATE TRIGGER photo_series_insert_invalidates AFTER INSERT ON photo_series BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER photo_series_update_history AFTER UPDATE OF series_id, lacks, settled_at, settled_by ON photo_series WHEN OLD.series_id IS NOT NEW.series_id OR OLD.lacks IS NOT NEW.lacks OR OLD.settled_at IS NOT NEW.settled_at OR OLD.settled_by IS NOT NEW.settled_by BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'photo_series', 'update', OLD.photo_id, json_object('photo_id', OLD.photo_id, 'series_id', OLD.series_id, 'lacks', OLD.lacks, 'settled_at', OLD.settled_at, 'settled_by', OLD.settled_by)); END;

CREATE TRIGGER photo_series_update_invalidates AFTER UPDATE ON photo_series BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER photo_update_history AFTER UPDATE OF photographer, basis, commissioner, place, place_permission, shot, confidentiality, sensitive, event_id, credit, credit_waived, taken_year, photographer_died_year, rights_removed, people, recognisable_count, context_identifies, depicted_work, digital_source, file_taken_on, file_changed, picture_sha256, version_of ON photo WHEN OLD.photographer IS NOT NEW.photographer OR OLD.basis IS NOT NEW.basis OR OLD.commissioner IS NOT NEW.commissioner OR OLD.place IS NOT NEW.place OR OLD.place_permission IS NOT NEW.place_permission OR OLD.shot IS NOT NEW.shot OR OLD.confidentiality IS NOT NEW.confidentiality OR OLD.sensitive IS NOT NEW.sensitive OR OLD.event_id IS NOT NEW.event_id OR OLD.credit IS NOT NEW.credit OR OLD.credit_waived IS NOT NEW.credit_waived OR OLD.taken_year IS NOT NEW.taken_year OR OLD.photographer_died_year IS NOT NEW.photographer_died_year OR OLD.rights_removed IS NOT NEW.rights_removed OR OLD.people IS NOT NEW.people OR OLD.recognisable_count IS NOT NEW.recognisable_count OR OLD.context_identifies IS NOT NEW.context_identifies OR OLD.depicted_work IS NOT NEW.depicted_work OR OLD.digital_source IS NOT NEW.digital_source OR OLD.file_taken_on IS NOT NEW.file_taken_on OR OLD.file_changed IS NOT NEW.file_changed OR OLD.picture_sha256 IS NOT NEW.picture_sha256 OR OLD.version_of IS NOT NEW.version_of BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'photo', 'update', OLD.id, json_object('id', OLD.id, 'photographer', OLD.photographer, 'basis', OLD.basis, 'commissioner', OLD.commissioner, 'place', OLD.place, 'place_permission', OLD.place_permission, 'shot', OLD.shot, 'confidentiality', OLD.confidentiality, 'sensitive', OLD.sensitive, 'event_id', OLD.event_id, 'credit', OLD.credit, 'credit_waived', OLD.credit_waived, 'taken_year', OLD.taken_year, 'photographer_died_year', OLD.photographer_died_year, 'rights_removed', OLD.rights_removed, 'people', OLD.people, 'recognisable_count', OLD.recognisable_count, 'context_identifies', OLD.context_identifies, 'depicted_work', OLD.depicted_work, 'digital_source', OLD.digital_source, 'file_taken_on', OLD.file_taken_on, 'file_changed', OLD.file_changed, 'picture_sha256', OLD.picture_sha256, 'version_of', OLD.version_of)); END;

CREATE TRIGGER photo_update_invalidates AFTER UPDATE ON photo BEGIN DELETE FROM verdict_cache WHERE photo_id IN (WITH RECURSIVE made_of(id) AS (SELECT NEW.id UNION SELECT photo.id FROM photo JOIN made_of ON photo.version_of = made_of.id WHERE coalesce(OLD.version_of, 0) <> coalesce(NEW.version_of, 0)) SELECT id FROM made_of UNION SELECT id FROM photo WHERE picture_sha256 = OLD.picture_sha256 AND coalesce(OLD.picture_sha256, '') <> coalesce(NEW.picture_sha256, '')); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (WITH RECURSIVE made_of(id) AS (SELECT NEW.id UNION SELECT photo.id FROM photo JOIN made_of ON photo.version_of = made_of.id WHERE coalesce(OLD.version_of, 0) <> coalesce(NEW.version_of, 0)) SELECT id FROM made_of UNION SELECT id FROM photo WHERE picture_sha256 = OLD.picture_sha256 AND coalesce(OLD.picture_sha256, '') <> coalesce(NEW.picture_sha256, '')) ON CONFLICT DO NOTHING; DELETE FROM verdict_cache WHERE photo_id IN (WITH RECURSIVE made_of(id) AS (SELECT NEW.id UNION SELECT photo.id FROM photo JOIN made_of ON photo.version_of = made_of.id WHERE coalesce(OLD.version_of, 0) <> coalesce(NEW.version_of, 0)) SELECT id FROM made_of UNION SELECT id FROM photo WHERE picture_sha256 = NEW.picture_sha256 AND coalesce(OLD.picture_sha256, '') <> coalesce(NEW.picture_sha256, '')); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (WITH RECURSIVE made_of(id) AS (SELECT NEW.id UNION SELECT photo.id FROM photo JOIN made_of ON photo.version_of = made_of.id WHERE coalesce(OLD.version_of, 0) <> coalesce(NEW.version_of, 0)) SELECT id FROM made_of UNION SELECT id FROM photo WHERE picture_sha256 = NEW.picture_sha256 AND coalesce(OLD.picture_sha256, '') <> coalesce(NEW.picture_sha256, '')) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', NEW.id WHERE NEW.confidentiality = 'publication_block' AND coalesce(OLD.confidentiality, '') <> coalesce(NEW.confidentiality, '') ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM consent JOIN consent_event ON consent_event.consent_id = consent.id JOIN depiction ON depiction.person_id = consent.subject_id JOIN photo ON photo.id = depiction.photo_id AND photo.event_id = consent.event_id WHERE consent.event_id IS NOT NULL AND consent_event.kind IN ('refused', 'withdrawn') AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND photo.id = NEW.id AND (coalesce(OLD.event_id, 0) <> coalesce(NEW.event_id, 0) OR coalesce(OLD.photographer, '') <> coalesce(NEW.photographer, '') OR coalesce(OLD.confidentiality, '') <> coalesce(NEW.confidentiality, '')) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN photo_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.id = taker.photo_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND photo.id = NEW.id AND (coalesce(OLD.event_id, 0) <> coalesce(NEW.event_id, 0) OR coalesce(OLD.photographer, '') <> coalesce(NEW.photographer, '') OR coalesce(OLD.confidentiality, '') <> coalesce(NEW.confidentiality, '')) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM permission JOIN permission_event ON permission_event.permission_id = permission.id JOIN event_photographer taker ON taker.person_id = permission.photographer_id JOIN photo ON photo.event_id = taker.event_id WHERE permission.photo_id IS NULL AND permission_event.kind IN ('refused', 'withdrawn') AND (permission.event_id IS NULL OR permission.event_id = photo.event_id) AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND photo.id = NEW.id AND (coalesce(OLD.event_id, 0) <> coalesce(NEW.event_id, 0) OR coalesce(OLD.photographer, '') <> coalesce(NEW.photographer, '') OR coalesce(OLD.confidentiality, '') <> coalesce(NEW.confidentiality, '')) ON CONFLICT DO NOTHING; INSERT INTO touched (scope, number) SELECT 'stopped', photo.id FROM event JOIN photo ON photo.event_id = event.id WHERE photo.confidentiality IS NULL AND event.confidentiality = 'publication_block' AND (photo.version_of IS NOT NULL OR EXISTS (SELECT 1 FROM photo_series WHERE photo_series.photo_id = photo.id) OR EXISTS (SELECT 1 FROM photo made WHERE made.version_of = photo.id)) AND photo.id = NEW.id AND (coalesce(OLD.event_id, 0) <> coalesce(NEW.event_id, 0) OR coalesce(OLD.photographer, '') <> coalesce(NEW.photographer, '') OR coalesce(OLD.confidentiality, '') <> coalesce(NEW.confidentiality, '')) ON CONFLICT DO NOTHING; END;

CREATE TRIGGER policy_version_insert_invalidates AFTER INSERT ON policy_version BEGIN INSERT INTO touched (scope, number) SELECT 'all', 0 WHERE TRUE ON CONFLICT DO NOTHING; END;

CREATE TRIGGER policy_version_no_delete BEFORE DELETE ON policy_version BEGIN SELECT RAISE(ABORT, 'policy_version is append-only'); END;

CREATE TRIGGER policy_version_no_insert BEFORE INSERT ON policy_version WHEN EXISTS (SELECT 1 FROM policy_version WHERE (version = NEW.version)) BEGIN SELECT RAISE(ABORT, 'policy_version is append-only'); END;

CREATE TRIGGER policy_version_no_update BEFORE UPDATE ON policy_version BEGIN SELECT RAISE(ABORT, 'policy_version is append-only'); END;

CREATE TRIGGER publication_delete_history AFTER DELETE ON publication WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'publication', 'delete', OLD.id, json_object('id', OLD.id)); END;

CREATE TRIGGER publication_no_delete BEFORE DELETE ON publication BEGIN SELECT RAISE(ABORT, 'publication is never deleted'); END;

CREATE TRIGGER publication_no_insert BEFORE INSERT ON publication WHEN EXISTS (SELECT 1 FROM publication WHERE (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'publication is append-only'); END;

CREATE TRIGGER published_photo_delete_history AFTER DELETE ON published_photo WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'published_photo', 'delete', OLD.publication_id || ',' || OLD.photo_id, json_object('publication_id', OLD.publication_id, 'photo_id', OLD.photo_id, 'removed_on', OLD.removed_on)); END;

CREATE TRIGGER published_photo_no_delete BEFORE DELETE ON published_photo BEGIN SELECT RAISE(ABORT, 'published_photo is never deleted'); END;

CREATE TRIGGER published_photo_no_insert BEFORE INSERT ON published_photo WHEN EXISTS (SELECT 1 FROM published_photo WHERE (publication_id = NEW.publication_id AND photo_id = NEW.photo_id)) BEGIN SELECT RAISE(ABORT, 'published_photo is append-only'); END;

CREATE TRIGGER published_photo_update_history AFTER UPDATE OF removed_on ON published_photo WHEN OLD.removed_on IS NOT NEW.removed_on BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'published_photo', 'update', OLD.publication_id || ',' || OLD.photo_id, json_object('publication_id', OLD.publication_id, 'photo_id', OLD.photo_id, 'removed_on', OLD.removed_on)); END;

CREATE TRIGGER record_hash_no_delete BEFORE DELETE ON record_hash BEGIN SELECT RAISE(ABORT, 'record_hash is never deleted'); END;

CREATE TRIGGER record_hash_no_insert BEFORE INSERT ON record_hash WHEN EXISTS (SELECT 1 FROM record_hash WHERE (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'record_hash is append-only'); END;

CREATE TRIGGER registry_info_update_invalidates AFTER UPDATE ON registry_info BEGIN DELETE FROM verdict_cache; INSERT INTO touched (scope, number) SELECT 'all', 0 WHERE TRUE ON CONFLICT DO NOTHING; END;

CREATE TRIGGER ruling_insert_invalidates AFTER INSERT ON ruling BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT photo_id FROM unclear_case WHERE id = NEW.case_id); INSERT INTO touched (scope, number) SELECT 'photo', id FROM photo WHERE id IN (SELECT photo_id FROM unclear_case WHERE id = NEW.case_id) ON CONFLICT DO NOTHING; END;

CREATE TRIGGER ruling_no_delete BEFORE DELETE ON ruling BEGIN SELECT RAISE(ABORT, 'ruling is append-only'); END;

CREATE TRIGGER ruling_no_insert BEFORE INSERT ON ruling WHEN EXISTS (SELECT 1 FROM ruling WHERE (id = NEW.id) OR case_id = NEW.case_id) BEGIN SELECT RAISE(ABORT, 'ruling is append-only'); END;

CREATE TRIGGER ruling_no_update BEFORE UPDATE ON ruling BEGIN SELECT RAISE(ABORT, 'ruling is append-only'); END;

CREATE TRIGGER second_look_delete_history AFTER DELETE ON second_look WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'second_look', 'delete', OLD.id, json_object('id', OLD.id, 'outcome', OLD.outcome, 'confirmed_at', OLD.confirmed_at, 'confirmed_by', OLD.confirmed_by)); END;

CREATE TRIGGER second_look_insert_invalidates AFTER INSERT ON second_look BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER second_look_no_delete BEFORE DELETE ON second_look BEGIN SELECT RAISE(ABORT, 'second_look is never deleted'); END;

CREATE TRIGGER second_look_no_insert BEFORE INSERT ON second_look WHEN EXISTS (SELECT 1 FROM second_look WHERE (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'second_look is append-only'); END;

CREATE TRIGGER second_look_update_history AFTER UPDATE OF outcome, confirmed_at, confirmed_by ON second_look WHEN OLD.outcome IS NOT NEW.outcome OR OLD.confirmed_at IS NOT NEW.confirmed_at OR OLD.confirmed_by IS NOT NEW.confirmed_by BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'second_look', 'update', OLD.id, json_object('id', OLD.id, 'outcome', OLD.outcome, 'confirmed_at', OLD.confirmed_at, 'confirmed_by', OLD.confirmed_by)); END;

CREATE TRIGGER second_look_update_invalidates AFTER UPDATE ON second_look BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; END;

CREATE TRIGGER take_down_delete_history AFTER DELETE ON take_down WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'take_down', 'delete', OLD.id, json_object('id', OLD.id, 'owner_id', OLD.owner_id, 'done_at', OLD.done_at, 'done_by', OLD.done_by)); END;

CREATE TRIGGER take_down_no_delete BEFORE DELETE ON take_down BEGIN SELECT RAISE(ABORT, 'take_down is never deleted'); END;

CREATE TRIGGER take_down_no_insert BEFORE INSERT ON take_down WHEN EXISTS (SELECT 1 FROM take_down WHERE (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'take_down is append-only'); END;

CREATE TRIGGER take_down_update_history AFTER UPDATE OF owner_id, done_at, done_by ON take_down WHEN OLD.owner_id IS NOT NEW.owner_id OR OLD.done_at IS NOT NEW.done_at OR OLD.done_by IS NOT NEW.done_by BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'take_down', 'update', OLD.id, json_object('id', OLD.id, 'owner_id', OLD.owner_id, 'done_at', OLD.done_at, 'done_by', OLD.done_by)); END;

CREATE TRIGGER unclear_case_delete_history AFTER DELETE ON unclear_case WHEN TRUE BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'unclear_case', 'delete', OLD.id, json_object('id', OLD.id, 'voided_at', OLD.voided_at)); END;

CREATE TRIGGER unclear_case_no_delete BEFORE DELETE ON unclear_case BEGIN SELECT RAISE(ABORT, 'unclear_case is never deleted'); END;

CREATE TRIGGER unclear_case_no_insert BEFORE INSERT ON unclear_case WHEN EXISTS (SELECT 1 FROM unclear_case WHERE (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'unclear_case is append-only'); END;

CREATE TRIGGER unclear_case_update_history AFTER UPDATE OF voided_at ON unclear_case WHEN OLD.voided_at IS NOT NEW.voided_at BEGIN INSERT INTO history (at, table_name, kind, row_key, old) VALUES (coalesce((SELECT at FROM moment), strftime('%Y-%m-%d %H:%M:%f000', 'now')), 'unclear_case', 'update', OLD.id, json_object('id', OLD.id, 'voided_at', OLD.voided_at)); END;

CREATE TRIGGER unclear_case_update_invalidates AFTER UPDATE ON unclear_case BEGIN DELETE FROM verdict_cache WHERE photo_id IN (SELECT NEW.photo_id); INSERT INTO touched (scope, number) SELECT 'photo', NEW.photo_id WHERE NEW.photo_id IS NOT NULL ON CONFLICT DO NOTHING; END;
