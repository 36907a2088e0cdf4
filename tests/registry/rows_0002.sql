-- A row in every table of a registry at version 0002 but those of likenesses; for both engines.
INSERT INTO alembic_version VALUES ('0002');
INSERT INTO channel (id, name, title, kind, terms_url, reviewed_on, active)
VALUES (1, 'kunta-public-page', 'Page', 'public_page', '', '2026-11-02', TRUE);
INSERT INTO channel_admin (channel_id, staff_id)
VALUES (1, 2);
INSERT INTO consent (id, subject_id, actor_id)
VALUES (1, 3, 4);
INSERT INTO consent (id, subject_id, actor_id)
VALUES (2, 2, 2);
INSERT INTO consent_channel (id, said_id, kind)
VALUES (1, 1, 'print');
INSERT INTO consent_channel (id, said_id, channel_id)
VALUES (2, 1, 1);
INSERT INTO consent_event (kind, day, valid_until, open_ended, method, evidence, paper, recorded_at, recorded_by, id, consent_id, form_language, form_version, releases_confidentiality)
VALUES ('given', '2026-11-02', '2099-01-01', FALSE, 'written', '4a3cdfae6f291c8f544daea5b72905cf9e74c1ed427d831ad0d7ca00c73c794d', '', '2026-11-02 09:00:00.000000', 2, 1, 1, '', '', FALSE);
INSERT INTO consent_event (kind, day, open_ended, method, paper, recorded_at, recorded_by, id, consent_id, form_language, form_version, releases_confidentiality)
VALUES ('refused', '2026-11-02', FALSE, 'written', '', '2026-11-02 09:00:00.000000', 2, 2, 2, '', '', FALSE);
INSERT INTO consent_form (id, code, language, form_version, printed_at, printed_by)
VALUES (1, 'H7K2', 'fi', '1', '2026-11-02 09:00:00.000000', 1);
INSERT INTO consent_form_answer (form_id, said_id)
VALUES (1, 1);
INSERT INTO consent_purpose (said_id, purpose)
VALUES (1, 'information');
INSERT INTO consent_purpose (said_id, purpose)
VALUES (2, 'information');
INSERT INTO decision (photo_id, channel_id, mode, purpose, day, facts, facts_digest, codes, rules_version, policy_version, id, made_for, outcome, ruling_id, decided_at, decided_by)
VALUES (1, 1, 'upload', 'information', '2026-11-02', '{"photographer": "known", "basis": "staff_agreement", "permissions": [{"holder": "H-1", "answer": {"state": "granted", "grants": [{"channels": ["kunta-public-page", "print"], "purposes": ["information"], "valid_until": "2099-01-01", "given_on": "2026-11-02", "documented": true, "excluded": [], "releases_confidential": false}], "taken_back": [], "regained": []}}], "credit": "recorded", "commissioner": "na", "taken_year": 2026, "photographer_died_year": null, "file_rights": "matches", "place": "public_outdoor", "place_permission": null, "shot": "general_view", "people": "recognisable", "recognisable_count": 1, "context_identifies": false, "persons": [{"person": "H-2", "age_group": null, "born": "1980-05-17", "deceased": false, "role": "private", "capacity": "ok", "own": {"state": "none", "grants": [], "taken_back": [], "regained": []}, "guardians_total": null, "guardians": [], "blocked": false}], "sensitive": false, "confidentiality": "none", "confidential_release": null, "terms_changed": false}', '6e6acc0a69ee62eadc7000c4422fcecef3df3476db5e63785deace4ad608d63c', 'PE_RECOGNISABLE_IN_GENERAL_VIEW', '2', 1, 1, 'approval', 'unclear', 1, '2026-11-02 09:00:00.000000', 2);
INSERT INTO decision (photo_id, channel_id, mode, purpose, day, facts, facts_digest, codes, rules_version, policy_version, id, made_for, outcome, ruling_id, decided_at, decided_by)
VALUES (1, 1, 'upload', 'information', '2026-11-02', '{"photographer": "known", "basis": "staff_agreement", "permissions": [{"holder": "H-1", "answer": {"state": "granted", "grants": [{"channels": ["kunta-public-page", "print"], "purposes": ["information"], "valid_until": "2099-01-01", "given_on": "2026-11-02", "documented": true, "excluded": [], "releases_confidential": false}], "taken_back": [], "regained": []}}], "credit": "recorded", "commissioner": "na", "taken_year": 2026, "photographer_died_year": null, "file_rights": "matches", "place": "public_outdoor", "place_permission": null, "shot": "general_view", "people": "recognisable", "recognisable_count": 1, "context_identifies": false, "persons": [{"person": "H-2", "age_group": null, "born": "1980-05-17", "deceased": false, "role": "private", "capacity": "ok", "own": {"state": "none", "grants": [], "taken_back": [], "regained": []}, "guardians_total": null, "guardians": [], "blocked": false}], "sensitive": false, "confidentiality": "none", "confidential_release": null, "terms_changed": false}', '6e6acc0a69ee62eadc7000c4422fcecef3df3476db5e63785deace4ad608d63c', 'PE_RECOGNISABLE_IN_GENERAL_VIEW', '2', 1, 2, 'publication', 'unclear', 1, '2026-11-02 09:00:00.000000', 2);
INSERT INTO depiction (id, photo_id, person_id, position, prominence, role)
VALUES (1, 1, 2, '', 'subject', 'private');
INSERT INTO disclosure (id, at, actor_id, list, purpose)
VALUES (1, '2026-11-02 09:00:00.000000', 1, 'lacking', 'yearly audit');
INSERT INTO event (photographer, id, name, starts_on, ends_on, created_at, created_by)
VALUES ('known', 1, 'Market', '2026-10-03', '2026-10-03', '2026-11-02 09:00:00.000000', 2);
INSERT INTO event_photographer (event_id, person_id)
VALUES (1, 1);
INSERT INTO event_roster (event_id, person_id)
VALUES (1, 2);
INSERT INTO evidence (sha256, size, suffix, added_at, added_by)
VALUES ('4a3cdfae6f291c8f544daea5b72905cf9e74c1ed427d831ad0d7ca00c73c794d', 6, '.pdf', '2026-11-02 09:00:00.000000', 2);
INSERT INTO guardianship (id, child_id, guardian_id, basis, verified_how, created_at, created_by)
VALUES (1, 3, 4, 'parent', 'population register', '2026-11-02 09:00:00.000000', 2);
INSERT INTO history (id, at, table_name, kind, row_key, old)
VALUES (1, '2026-11-02 09:00:00.000000', 'channel', 'insert', '1', '{}');
INSERT INTO history (id, at, table_name, kind, row_key, old)
VALUES (2, '2026-11-02 09:00:00.000000', 'channel_admin', 'insert', '1,2', '{}');
INSERT INTO history (id, at, table_name, kind, row_key, old)
VALUES (3, '2026-11-02 09:00:00.000000', 'unclear_case', 'update', '1', '{"id":1,"voided_at":null}');
INSERT INTO kept_lack (photo_id, channel_id, outcome, codes, persons)
VALUES (1, 1, 'refused', 'CN_NO_CONSENT', '1');
INSERT INTO kept_verdict (photo_id, day, until, rules_version, policy_version)
VALUES (1, '2026-11-02', '2027-01-01', '1', 1);
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (1, '2026-11-02T09:00:00.000000+00:00', 1, 'registry.created', 'staff:1', '{}', '0000000000000000000000000000000000000000000000000000000000000000', '393f48becbcaab89cb204b4f69150ee94955ed78355dce9ca61763c65f07f4e1');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (2, '2026-11-02T09:00:00.000000+00:00', 1, 'staff.added', 'staff:2', '{"role": "employee"}', '393f48becbcaab89cb204b4f69150ee94955ed78355dce9ca61763c65f07f4e1', '41026bb9353e3cc7cdeed5c7757d28fb3053eca37d8a0f88957807787ae0c5ef');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (3, '2026-11-02T09:00:00.000000+00:00', 1, 'channel.added', 'channel:1', '{"admins": [2], "kind": "public_page"}', '41026bb9353e3cc7cdeed5c7757d28fb3053eca37d8a0f88957807787ae0c5ef', '814060c5789932a5bab801f2c1da3a07807d72b9698e895a470e4fd41ca42f98');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (4, '2026-11-02T09:00:00.000000+00:00', 2, 'person.added', 'H-1', '{}', '814060c5789932a5bab801f2c1da3a07807d72b9698e895a470e4fd41ca42f98', '17ff3aa6ecde8f26a31e2fe9d89d92899553b6bfb35045ab69522548a9d00d6a');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (5, '2026-11-02T09:00:00.000000+00:00', 2, 'permission.given', 'L-1', '{"basis": "photographer_permission", "by": "H-1", "channels": ["print", "public_page", "website"], "day": "2026-01-01", "evidence": null, "purposes": ["information"]}', '17ff3aa6ecde8f26a31e2fe9d89d92899553b6bfb35045ab69522548a9d00d6a', 'cf68052b647c20cdb14957b3fde8d5145f3f4b5e6bce55e4035f6a51cba27c58');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (6, '2026-11-02T09:00:00.000000+00:00', 2, 'person.added', 'H-2', '{}', 'cf68052b647c20cdb14957b3fde8d5145f3f4b5e6bce55e4035f6a51cba27c58', 'c639725d318a855d0eb05042d6c2649397b0808d209fd0d4ca31caed7021293d');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (7, '2026-11-02T09:00:00.000000+00:00', 2, 'event.added', 'E-1', '{"photographers": ["H-1"], "roster": ["H-2"]}', 'c639725d318a855d0eb05042d6c2649397b0808d209fd0d4ca31caed7021293d', 'e35b54724a32ae28a23397de0b7fa02cf43929724e7c2b066e702f280ab7cc08');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (8, '2026-11-02T09:00:00.000000+00:00', 2, 'photo.registered', 'P-1', '{"answers": ["photographers", "place", "shot", "confidentiality", "sensitive", "people", "recognisable_count", "context_identifies"], "event": null, "from_file": false, "photographers": ["H-1"], "sha256": "61d2118ad06ca8a4f4b30395505588359d7b2cdc3d3c8323fc0127d40cc98777"}', 'e35b54724a32ae28a23397de0b7fa02cf43929724e7c2b066e702f280ab7cc08', 'e7a4f5ddf1ec4f088282701b586f75ededaa07941850deb5075d8330a4d158f8');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (9, '2026-11-02T09:00:00.000000+00:00', 2, 'photo.tagged', 'P-1', '{"people": null, "persons": ["H-2"], "unnamed": 0}', 'e7a4f5ddf1ec4f088282701b586f75ededaa07941850deb5075d8330a4d158f8', 'eab7c54529c00f480c6aaeac8f44f84c4074a1a1f3c67a7fbd5ceb8f4f586093');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (10, '2026-11-02T09:00:00.000000+00:00', 2, 'person.added', 'H-3', '{}', 'eab7c54529c00f480c6aaeac8f44f84c4074a1a1f3c67a7fbd5ceb8f4f586093', 'ec15ed17ebbb0a2516c3cf3fd4cc438df7e659ba0fe532970bc319cc9483b731');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (11, '2026-11-02T09:00:00.000000+00:00', 2, 'person.added', 'H-4', '{}', 'ec15ed17ebbb0a2516c3cf3fd4cc438df7e659ba0fe532970bc319cc9483b731', '87f6c945bc7265a557d67e6b5add7f7d8bafb2b1994e6b6b50cfe7caf914419c');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (12, '2026-11-02T09:00:00.000000+00:00', 2, 'guardian.added', 'H-3', '{"basis": "parent", "guardian": "H-4", "verified": true}', '87f6c945bc7265a557d67e6b5add7f7d8bafb2b1994e6b6b50cfe7caf914419c', '5e89c153a0bd673c169e9a79ad7ca2000bdf7d19234eaae3a3de86b17d2c4e10');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (13, '2026-11-02T09:00:00.000000+00:00', 2, 'consent.given', 'C-1', '{"by": "H-4", "channels": ["print", "channel:1"], "day": "2026-11-02", "evidence": "4a3cdfae6f291c8f544daea5b72905cf9e74c1ed427d831ad0d7ca00c73c794d", "form": null, "person": "H-3", "purposes": ["information"]}', '5e89c153a0bd673c169e9a79ad7ca2000bdf7d19234eaae3a3de86b17d2c4e10', 'acda718da963c92feb291772111182210b6451dd687bcdb01205fc2cdc8a5f93');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (14, '2026-11-02T09:00:00.000000+00:00', 2, 'permission.given', 'L-1', '{"basis": "staff_agreement", "by": "H-1", "channels": ["print", "channel:1"], "day": "2026-11-02", "evidence": "4a3cdfae6f291c8f544daea5b72905cf9e74c1ed427d831ad0d7ca00c73c794d", "purposes": ["information"]}', 'acda718da963c92feb291772111182210b6451dd687bcdb01205fc2cdc8a5f93', 'e02e6ba26ff9540fc7d1114d4d6ebc9325ceb5627e80887e625d8978e01cb460');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (15, '2026-11-02T09:00:00.000000+00:00', 2, 'case.opened', 'K-1', '{"codes": ["PE_RECOGNISABLE_IN_GENERAL_VIEW"], "facts": "6e6acc0a69ee62eadc7000c4422fcecef3df3476db5e63785deace4ad608d63c", "photo": 1}', 'e02e6ba26ff9540fc7d1114d4d6ebc9325ceb5627e80887e625d8978e01cb460', '288f3e0c7dfda95e88fd8bab4d069c5eaaf7da306a42cf311d2038c5a6dd95f2');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (16, '2026-11-02T09:00:00.000000+00:00', 2, 'photo.not_approved', 'P-1', '{"channel": 1, "codes": ["PE_RECOGNISABLE_IN_GENERAL_VIEW"]}', '288f3e0c7dfda95e88fd8bab4d069c5eaaf7da306a42cf311d2038c5a6dd95f2', 'a524786e04434e0d5a1ea12023c1a8d54fd706f97880ee7b638b4ca82bf5aeea');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (17, '2026-11-02T09:00:00.000000+00:00', 1, 'case.ruled', 'K-1', '{"channel": 1, "evidence": null, "facts": "6e6acc0a69ee62eadc7000c4422fcecef3df3476db5e63785deace4ad608d63c", "photo": 1, "ruling": "publishable", "until": null}', 'a524786e04434e0d5a1ea12023c1a8d54fd706f97880ee7b638b4ca82bf5aeea', 'f51bf5a8ecdc34edc4136244fa48a1691dd98669b17c740719ec8637bc850783');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (18, '2026-11-02T09:00:00.000000+00:00', 2, 'photo.approved', 'P-1', '{"channel": 1, "decision": 1, "facts": "6e6acc0a69ee62eadc7000c4422fcecef3df3476db5e63785deace4ad608d63c"}', 'f51bf5a8ecdc34edc4136244fa48a1691dd98669b17c740719ec8637bc850783', '06a88e61badf45bfc0ca0035057a03bc2cec1abd7ddd73540a56e54c3e4fbffa');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (19, '2026-11-02T09:00:00.000000+00:00', 2, 'publication.added', 'J-1', '{"channel": 1, "decision": 2, "photo": 1}', '06a88e61badf45bfc0ca0035057a03bc2cec1abd7ddd73540a56e54c3e4fbffa', '3e510a101ba297ba564a76a26edd4b22bfc1cc202a63075b36c57ac53cf253e5');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (20, '2026-11-02T09:00:00.000000+00:00', 2, 'consent.refused', 'C-2', '{"by": "H-2", "channels": [], "day": "2026-11-02", "evidence": null, "form": null, "person": "H-2", "purposes": ["information"]}', '3e510a101ba297ba564a76a26edd4b22bfc1cc202a63075b36c57ac53cf253e5', 'e155c3aab832a82619cc680bec96cc9ce37f1943a8c767b930f2e2f58000534e');
INSERT INTO ledger (seq, at, actor_id, action, subject, details, previous, hash)
VALUES (21, '2026-11-02T09:00:00.000000+00:00', 2, 'take_down.opened', 'T-1', '{"codes": ["CN_REFUSED"], "photo": 1, "publication": 1}', 'e155c3aab832a82619cc680bec96cc9ce37f1943a8c767b930f2e2f58000534e', 'db8ca269ca62c28fd6016297acad28d3c20b64bd6f2b35163ce15a98722ffe42');
INSERT INTO moment (id, at, since)
VALUES (1, '2026-11-02 09:00:00.000000', '2026-11-02 09:00:00.000000');
INSERT INTO permission (id, photographer_id, licensor)
VALUES (1, 1, '');
INSERT INTO permission_channel (id, said_id, kind)
VALUES (1, 1, 'print');
INSERT INTO permission_channel (id, said_id, kind)
VALUES (2, 1, 'public_page');
INSERT INTO permission_channel (id, said_id, kind)
VALUES (3, 1, 'website');
INSERT INTO permission_channel (id, said_id, kind)
VALUES (4, 2, 'print');
INSERT INTO permission_channel (id, said_id, channel_id)
VALUES (5, 2, 1);
INSERT INTO permission_event (kind, day, valid_until, open_ended, method, paper, recorded_at, recorded_by, id, permission_id, basis, credit, credit_waived)
VALUES ('given', '2026-01-01', '2099-01-01', FALSE, 'written', 'folder 1', '2026-11-02 09:00:00.000000', 2, 1, 1, 'photographer_permission', 'Kuva: Áile Näkkäläjärvi', FALSE);
INSERT INTO permission_event (kind, day, valid_until, open_ended, method, evidence, paper, recorded_at, recorded_by, id, permission_id, basis, credit, credit_waived)
VALUES ('given', '2026-11-02', '2099-01-01', FALSE, 'written', '4a3cdfae6f291c8f544daea5b72905cf9e74c1ed427d831ad0d7ca00c73c794d', '', '2026-11-02 09:00:00.000000', 2, 2, 1, 'staff_agreement', 'Á', FALSE);
INSERT INTO permission_purpose (said_id, purpose)
VALUES (1, 'information');
INSERT INTO permission_purpose (said_id, purpose)
VALUES (2, 'information');
INSERT INTO person (id, name, name_key, age_group, deceased, capacity, contact, blocked, created_at, created_by)
VALUES (1, 'Áile Näkkäläjärvi', 'áile näkkäläjärvi', 'unknown', FALSE, 'ok', '', FALSE, '2026-11-02 09:00:00.000000', 2);
INSERT INTO person (id, name, name_key, born, age_group, deceased, capacity, contact, blocked, created_at, created_by)
VALUES (2, 'Elle Valkeapää', 'elle valkeapää', '1980-05-17', 'unknown', FALSE, 'ok', '', FALSE, '2026-11-02 09:00:00.000000', 2);
INSERT INTO person (id, name, name_key, born, age_group, deceased, capacity, guardians_total, contact, blocked, created_at, created_by)
VALUES (3, 'Máret Valkeapää', 'máret valkeapää', '2018-01-01', 'unknown', FALSE, 'ok', 1, '', FALSE, '2026-11-02 09:00:00.000000', 2);
INSERT INTO person (id, name, name_key, born, age_group, deceased, capacity, contact, blocked, created_at, created_by)
VALUES (4, 'Ante Valkeapää', 'ante valkeapää', '1980-05-17', 'unknown', FALSE, 'ok', '', FALSE, '2026-11-02 09:00:00.000000', 2);
INSERT INTO photo (photographer, place, shot, confidentiality, sensitive, id, sha256, path, file_name, size, mtime_ns, format, width, height, orientation, taken_at, file_artist, file_copyright, file_description, camera, gps_present, picture_sha256, file_said, credit_waived, taken_year, rights_removed, people, recognisable_count, context_identifies, registered_at, registered_by)
VALUES ('known', 'public_outdoor', 'general_view', 'none', FALSE, 1, '61d2118ad06ca8a4f4b30395505588359d7b2cdc3d3c8323fc0127d40cc98777', '/kuvat/street.jpg', 'street.jpg', 8826, 1795365110165755703, 'JPEG', 96, 64, 1, '2026-10-21 12:08:19', 'Áile Näkkäläjärvi', '', 'Poroerotus, Hetta', 'NIKON Z 6_2', TRUE, 'de4643874a3773a4fb716ab7e45f57b80db8dd00a6a134f1dcb3536f632ff879', '{"photographer": {"Exif": "\u00c1ile N\u00e4kk\u00e4l\u00e4j\u00e4rvi"}}', FALSE, 2026, FALSE, 'recognisable', 1, FALSE, '2026-11-02 09:00:00.000000', 2);
INSERT INTO photo_flag (id, photo_id, objector, whose, words, raised_at, raised_by, due_at, resolution)
VALUES (1, 1, 'Maija', 'outsider', 'Take me off', '2026-11-02 09:00:00.000000', 1, '2026-11-02 09:00:00.000000', '');
INSERT INTO photo_photographer (photo_id, person_id)
VALUES (1, 1);
INSERT INTO policy_version (version, settings, adopted_at, adopted_by)
VALUES (1, '{"guardians": "all", "child_age": 18, "child_view_age": 15, "closed_group": "as_public", "public_places": [], "four_eyes": true, "response_target_hours": 24, "review_interval_months": 12, "min_channel_admins": 2, "max_consent_age_months": null, "retention_months": null, "data_mining": "prohibited", "controller_contact": "", "data_protection_officer": ""}', '2026-11-02 09:00:00.000000', 1);
INSERT INTO publication (id, photo_id, channel_id, address, published_on, decision_id, recorded_at, recorded_by)
VALUES (1, 1, 1, 'https://kunta.example/1', '2026-11-02', 2, '2026-11-02 09:00:00.000000', 2);
INSERT INTO registry_info (id, organisation, created_at)
VALUES (1, 'Enontekiön kunta', '2026-11-02 09:00:00.000000');
INSERT INTO ruling (id, case_id, kind, reason, ruled_at, ruled_by)
VALUES (1, 1, 'publishable', 'Looked at it.', '2026-11-02 09:00:00.000000', 1);
INSERT INTO staff (id, login, name, role, active)
VALUES (1, 'kaisa', 'Kaisa Ruonala', 'coordinator', TRUE);
INSERT INTO staff (id, login, name, role, active)
VALUES (2, 'anna', 'Anna Lahti', 'employee', TRUE);
INSERT INTO take_down (id, publication_id, codes, owner_id, opened_at, due_at, proof)
VALUES (1, 1, 'CN_REFUSED', 2, '2026-11-02 09:00:00.000000', '2026-11-03 09:00:00.000000', '');
INSERT INTO unclear_case (photo_id, channel_id, mode, purpose, day, facts, facts_digest, codes, rules_version, policy_version, id, opened_at, opened_by, due_at, voided_at)
VALUES (1, 1, 'upload', 'information', '2026-11-02', '{"photographer": "known", "basis": "staff_agreement", "permissions": [{"holder": "H-1", "answer": {"state": "granted", "grants": [{"channels": ["kunta-public-page", "print"], "purposes": ["information"], "valid_until": "2099-01-01", "given_on": "2026-11-02", "documented": true, "excluded": [], "releases_confidential": false}], "taken_back": [], "regained": []}}], "credit": "recorded", "commissioner": "na", "taken_year": 2026, "photographer_died_year": null, "file_rights": "matches", "place": "public_outdoor", "place_permission": null, "shot": "general_view", "people": "recognisable", "recognisable_count": 1, "context_identifies": false, "persons": [{"person": "H-2", "age_group": null, "born": "1980-05-17", "deceased": false, "role": "private", "capacity": "ok", "own": {"state": "none", "grants": [], "taken_back": [], "regained": []}, "guardians_total": null, "guardians": [], "blocked": false}], "sensitive": false, "confidentiality": "none", "confidential_release": null, "terms_changed": false}', '6e6acc0a69ee62eadc7000c4422fcecef3df3476db5e63785deace4ad608d63c', 'PE_RECOGNISABLE_IN_GENERAL_VIEW', '2', 1, 1, '2026-11-02 09:00:00.000000', 2, '2026-11-03 09:00:00.000000', '2026-11-02 09:00:00.000000');
